from django.urls import path

from content.search import views

urlpatterns = [path("search/", views.search, name="search")]
