from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):
    """Accounts come from the register, never from a form."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
