from django.urls import include, path

app_name = "content"

urlpatterns = [
    path("", include("content.portal.urls")),
    path("", include("content.search.urls")),
    path("", include("content.bench.urls")),
]
