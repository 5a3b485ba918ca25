"""One's own page: what is held about oneself, how pages look, how one signs in."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from members.accounts import credentials
from members.accounts.letters import email_of
from members.accounts.models import Member
from members.accounts.phones import masked, open_phone
from members.accounts.second_step import has_second_step
from members.accounts.sessions import OwnSession, end_session, sessions_of
from members.organisation.models import Participation, Post
from members.roles.models import ADMINISTRATORS, Role
from members.roles.policies import has_role, holds_a_role, led_paths, taught_paths

WITH_PAGES = (Role.EDITOR, *ADMINISTRATORS)


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    user = request.user
    member = Member.objects.visible_to(user).first()
    context = {
        "member": member,
        "has_duty": holds_a_role(user),
        "leads": bool(led_paths(user)),
        "has_second_step": has_second_step(user),
        "email": email_of(user) if settings.MAIL_IS_SET_UP else None,
        "teaches": bool(taught_paths(user)),
        "sessions": sessions_of(user, now=timezone.now()),
        "session_key": request.session.session_key,
        "duties": [role for role in WITH_PAGES if has_role(user, role)],
    }
    return render(request, "members/me.html", context | (_belongs(member, user) if member else {}))


@require_POST
@login_required
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Everywhere else; whoever presses the button stays signed in here."""
    credentials.end_other_sessions(user=request.user, now=timezone.now())
    update_session_auth_hash(request, request.user)
    messages.success(request, _("Signed out on all other devices. Here you stay signed in."))
    return redirect("members:me")


@require_POST
@login_required
def end_one_session(request: HttpRequest, pk: int) -> HttpResponse:
    own = get_object_or_404(OwnSession.objects.visible_to(request.user), pk=pk)
    if own.session_key == request.session.session_key:
        messages.warning(request, _("This is the device in your hand: sign out below."))
    else:
        end_session(own=own, actor=request.user, now=timezone.now())
        messages.success(request, _("Signed out there. Here you stay signed in."))
    return redirect("members:me")


def _belongs(member: Member, user) -> dict:
    """Where the member belongs, and what they do there."""
    return {
        "unit": member.organisation_now(),
        "phone": masked(open_phone(member.phone_cipher)),
        "posts": Post.objects.visible_to(user)
        .filter(until=None)
        .select_related("organisation")
        .order_by("since", "pk"),
        "participations": Participation.objects.visible_to(user)
        .filter(until=None)
        .select_related("organisation")
        .order_by("organisation__code"),
    }
