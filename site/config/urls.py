"""The house's doors. Ours first: Wagtail's own side doors are routed to the one sign-in before its urls are read."""

from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls

from config import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("", include("members.urls")),
    path("", include("media.urls")),
    path("", include("learning.urls")),
    path("", include("content.urls")),
    path("cms/", include(wagtailadmin_urls)),
    path("", include(wagtail_urls)),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler429 = "members.accounts.views.signing_in.too_many"
handler500 = "config.errors.server_error"
