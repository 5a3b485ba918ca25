from importlib import import_module

from django.apps import AppConfig


class HouseConfig(AppConfig):
    name = "config"

    def ready(self) -> None:
        import_module("config.celery")  # the one Celery app, before any room asks it for something
