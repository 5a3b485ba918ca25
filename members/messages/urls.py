from django.urls import path

from members.messages import views

app_name = "messages"
urlpatterns = [
    path("me/messages/", views.inbox, name="inbox"),
    path("me/messages/<int:pk>/", views.message, name="message"),
    path("me/messages/<int:pk>/mute/", views.mute, name="mute"),
]
