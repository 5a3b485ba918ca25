from django.urls import path

from members.reorganisation import views

app_name = "reorganisation"
urlpatterns = [
    path("branch/units/<str:code>/open/", views.open_unit, name="open_unit"),
    path("branch/units/<str:code>/change/", views.change_unit, name="change_unit"),
    path("branch/units/<str:code>/move/", views.move_unit, name="move_unit"),
    path("branch/units/<str:code>/merge/", views.merge_unit, name="merge_unit"),
    path("branch/units/<str:code>/split/", views.split_unit, name="split_unit"),
    path("branch/units/<str:code>/close/", views.close_unit, name="close_unit"),
    path("branch/units/<str:code>/history/", views.unit_history, name="unit_history"),
]
