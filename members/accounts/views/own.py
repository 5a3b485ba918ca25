"""One's own page."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from members.accounts.models import Member
from members.accounts.second_step import has_second_step
from members.roles.models import Role
from members.roles.policies import has_role, holds_a_role


@login_required
@require_safe
def me(request: HttpRequest) -> HttpResponse:
    member = Member.objects.visible_to(request.user).first()
    return render(
        request,
        "members/me.html",
        {
            "member": member,
            "unit": member.organisation_now() if member else None,
            "has_duty": holds_a_role(request.user),
            "is_editor": has_role(request.user, Role.EDITOR),
            "has_second_step": has_second_step(request.user),
        },
    )
