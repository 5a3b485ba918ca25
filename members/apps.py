from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MembersConfig(AppConfig):
    name = "members"
    verbose_name = _("Members and organisations")

    def ready(self) -> None:
        import_module("members.handovers.own_kinds")
        import_module("members.handovers.open_transfers")
