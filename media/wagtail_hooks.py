from django.urls import path
from wagtail import hooks

from media import views


@hooks.register("register_admin_urls", order=-1)
def register_media_urls() -> list:
    """Before the library's own addresses, so that its page for deleting is ours."""
    return [
        path("media/play/<int:pk>/", views.media_play, name="media_play"),
        path("media/delete/<int:media_id>/", views.delete),
    ]
