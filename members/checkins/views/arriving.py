"""The poster that a host puts up, and where its code leads: reporting in there, with the host known."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.cards import qr_code
from members.accounts.models import Member
from members.checkins import actions
from members.checkins.forms import ArrivalForm
from members.checkins.hosts import AT_MOST, hosting_units, hosts_for, posters_of
from members.checkins.models import MobileSpell
from members.checkins.spell_steps import State
from members.checkins.views.telling import sent, sent_key, told, word_of
from members.organisation.models import Organisation


@require_safe
@login_required
def poster(request: HttpRequest) -> HttpResponse:
    """One A4 page of a led unit: who has come from elsewhere scans it and reports in."""
    if not Organisation.objects.led_by(request.user).exists():
        raise Http404
    asked = request.GET.get("unit", "").strip()[:50]
    found = posters_of(request.user, asked)
    unit = found[0] if len(found) == 1 or (found and not asked) else None
    context = {"asked": asked, "unit": unit, "units": found[:AT_MOST], "is_more": len(found) > AT_MOST}
    if unit is not None:
        address = request.build_absolute_uri(reverse("members:arrive", args=[unit.code]))
        context |= {"address": address, "qr": qr_code(address)}
    return render(request, "members/poster.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def arrive(request: HttpRequest, host: str) -> HttpResponse:
    """Reports in to the unit of the poster; who has not registered a time away does both in one go."""
    unit = get_object_or_404(hosting_units(), code=host)
    member = get_object_or_404(Member.objects.visible_to(request.user).present().counted())
    spell = MobileSpell.objects.visible_to(request.user).open().first()
    is_there = spell is not None and spell.host_id == unit.pk and spell.state in (State.REPORTED, State.HOSTED)
    if is_there or (spell is not None and spell.state == State.HOSTED):
        messages.info(request, _already(spell.state, spell.host, unit))
        return redirect("members:checkins")
    if not hosts_for(member.organisation_now()).filter(pk=unit.pk).exists():
        return render(request, "members/arrive_home.html", {"host": unit})
    return _reported(request, member, spell, unit)


def _reported(request: HttpRequest, member: Member, spell: MobileSpell | None, host: Organisation) -> HttpResponse:
    now = timezone.now()
    form = ArrivalForm(sent(request), member=member, today=timezone.localdate(now), is_registered=spell is not None)
    if form.is_valid():
        said = {"actor": request.user, "now": now, "sent_key": sent_key(request)}
        with told(request, _("Reported in. Now %(host)s is asked to confirm.") % {"host": host.name}):
            actions.arrive(member=member, details=form.details, host=host, **said)
        return redirect("members:checkins")
    context = {"form": form, "host": host, "spell": spell, "once": word_of(request)}
    return render(request, "members/arrive.html", context, status=422 if form.is_bound else 200)


def _already(state: str, there: Organisation, host: Organisation) -> str:
    if there.pk != host.pk:
        return _("%(there)s receives you now. First say here that you are back, then report in anew.") % {
            "there": there.name
        }
    if state == State.HOSTED:
        return _("You have reported in here already, and are received.")
    return _("You have reported in here already; the organisation is asked to confirm.")
