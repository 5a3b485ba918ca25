from django.urls import path

from content.bench import views

urlpatterns = [
    path("branch/", views.branch, name="branch"),
    path("branch/units/", views.organisations, name="organisations"),
    path("branch/units/<str:code>/", views.organisation, name="organisation"),
]
