from django.urls import path

from members.feedback import views

own = [
    path("feedback/", views.feedback, name="feedback"),
    path("feedback/<int:pk>/", views.feedback_thread, name="feedback_thread"),
    path("branch/feedback/", views.feedback_queue, name="feedback_queue"),
    path("branch/feedback/<int:pk>/", views.feedback_answer, name="feedback_answer"),
]
