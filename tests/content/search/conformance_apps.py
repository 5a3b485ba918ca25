from django.apps import AppConfig


class SearchCornerConfig(AppConfig):
    name = "content.search"
    label = "content"
