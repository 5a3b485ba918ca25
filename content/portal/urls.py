from django.urls import path

from content.portal import views

urlpatterns = [path("notices/", views.notices, name="notices")]
