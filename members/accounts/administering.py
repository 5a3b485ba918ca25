"""The doors of the three administrators: each opens to one of them, after the second step."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.accounts.second_step import ask_second_step
from members.roles.models import Role
from members.roles.policies import has_role

View = Callable[..., HttpResponse]


def only_for(role: Role) -> Callable[[View], View]:
    """The view is asked only by whoever holds the role now and took the second step in this session."""

    def guard(view: View) -> View:
        @wraps(view)
        def answer(request: HttpRequest, *args, **kwargs) -> HttpResponse:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            now = timezone.now()
            if not has_role(request.user, role, now):
                raise PermissionDenied
            why = _("Administrators sign in with two steps. Please set up the second one first.")
            return ask_second_step(request, why, now=now) or view(request, *args, **kwargs)

        return answer

    return guard
