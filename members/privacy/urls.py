from django.urls import path

from members.privacy.views import own, requests, texts

app_name = "privacy"
urlpatterns = [
    path("me/data.json", own.data, {"form": "json"}, name="data_json"),
    path("me/data.xlsx", own.data, {"form": "xlsx"}, name="data_xlsx"),
    path("me/seen/", own.seen, name="seen"),
    path("me/requests/", own.requests, name="requests"),
    path("me/consent/", own.consent, name="consent"),
    path("accounts/consent/", texts.consent_text, name="consent_text"),
    path("branch/requests/", requests.request_queue, name="request_queue"),
    path("branch/requests/<int:pk>/", requests.request_answer, name="request_answer"),
]
