from django.urls import path

from members.imports import views

app_name = "imports"
urlpatterns = [
    path("organise/imports/", views.import_list, name="import_list"),
    path("organise/imports/new/", views.import_new, name="import_new"),
    path("organise/imports/export/", views.register_export, name="register_export"),
    path("organise/imports/<int:pk>/", views.import_batch, name="import_batch"),
    path("organise/imports/<slug:key>/", views.import_preview, name="import_preview"),
    path("organise/imports/<slug:key>/columns/", views.import_columns, name="import_columns"),
    path("organise/imports/<slug:key>/errors.xlsx", views.import_errors, name="import_errors"),
]
