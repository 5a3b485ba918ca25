from django.urls import path

from members.handovers import views

app_name = "handovers"
urlpatterns = [
    path("branch/handovers/", views.handovers, name="handovers"),
    path("branch/handovers/new/<str:code>/<int:holder_id>/", views.handover_new, name="handover_new"),
    path("branch/handovers/<int:pk>/", views.handover, name="handover"),
    path("branch/handovers/<int:pk>/print/", views.handover_print, name="handover_print"),
]
