from django.urls import path

from members.privacy import views

app_name = "privacy"
urlpatterns = [
    path("me/data.json", views.data, {"form": "json"}, name="data_json"),
    path("me/data.xlsx", views.data, {"form": "xlsx"}, name="data_xlsx"),
]
