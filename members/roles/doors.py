"""Doors for people with a duty; for everybody else there is no such page."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse

from members.roles.policies import organised_paths

View = Callable[..., HttpResponse]


def for_organisers(view: View) -> View:
    """Who is organiser for a part of the tree enters; which part, the view's querysets say."""

    @wraps(view)
    @login_required
    def asked(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not organised_paths(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return asked
