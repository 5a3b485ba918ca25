from django.urls import path

from content.bench import views

urlpatterns = [path("branch/", views.branch, name="branch")]
