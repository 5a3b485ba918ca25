from django.urls import path

from media import delivery

app_name = "media"

urlpatterns = [
    path("media/<str:token>/<str:filename>", delivery.file, name="file"),
    path("uploads/images/<path:path>", delivery.image, name="image"),
]
