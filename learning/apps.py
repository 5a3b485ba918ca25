from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LearningConfig(AppConfig):
    name = "learning"
    verbose_name = _("Learning")

    def ready(self) -> None:
        import_module("learning.receivers")
        import_module("learning.claims.handing_over")
        import_module("learning.planning.handing_over")
        import_module("learning.training.door")
        import_module("learning.years.checking")
