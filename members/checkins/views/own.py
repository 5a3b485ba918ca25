"""The member's own time away: registering, reporting in, keeping contact, coming back."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts.models import COUNTED_STATUSES, Member
from members.checkins import actions
from members.checkins.forms import AwayForm, HostForm, OwnContactForm, ReturnForm
from members.checkins.hosts import AT_MOST, find_hosts, hosts_for
from members.checkins.models import MobileSpell
from members.checkins.queries import contacts_of, story_of
from members.checkins.spell_steps import OPEN, State, Step
from members.checkins.views.telling import sent, sent_key, told, word_of
from members.checkins.wording import say_contact_due
from members.roles.policies import led_paths

REGISTERED_ALREADY = _("A time away is registered already. You can correct it here.")


@require_safe
@login_required
def checkins(request: HttpRequest) -> HttpResponse:
    """Where my time away stands, and the one next step."""
    today = timezone.localdate()
    member = Member.objects.visible_to(request.user).present().first()
    own = MobileSpell.objects.visible_to(request.user).select_related("host", "contact_person", "registered_by")
    spell = own.open().first() or own.order_by("-pk").first()
    shown = {} if spell is None else _shown(spell, today=today)
    context = {
        "spell": spell,
        "may_register": _may_register(member),
        "leads": bool(led_paths(request.user)),
        "keeps": MobileSpell.objects.kept_by(request.user).exists(),
        "once": word_of(request),
    }
    return render(request, "members/checkins.html", context | shown)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register_away(request: HttpRequest) -> HttpResponse:
    """Registers one's own time away."""
    member = get_object_or_404(Member.objects.visible_to(request.user).present().counted())
    if MobileSpell.objects.visible_to(request.user).open().exists() and request.method != "POST":
        messages.info(request, REGISTERED_ALREADY)
        return redirect("members:checkins")
    now = timezone.now()
    form = AwayForm(sent(request), member=member, today=timezone.localdate(now))
    if form.is_valid():
        with told(request, _("Registered. When you have arrived, report in."), REGISTERED_ALREADY):
            said = {"details": form.details, "sent_key": sent_key(request)}
            actions.register_spell(member=member, actor=request.user, now=now, **said)
        return redirect("members:checkins")
    context = {"form": form, "is_own": True, "key": "away:new", "once": word_of(request)}
    return render(request, "members/register_away.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_spell(request: HttpRequest, spell_id: int) -> HttpResponse:
    """Corrects what was registered about one's own time away."""
    spell = get_object_or_404(MobileSpell.objects.visible_to(request.user).open(), pk=spell_id)
    now = timezone.now()
    form = AwayForm(sent(request), member=spell.member, today=timezone.localdate(now), spell=spell)
    if form.is_valid():
        with told(request, _("The time away is corrected.")):
            actions.change_spell(spell=spell, details=form.details, actor=request.user, now=now)
        return redirect("members:checkins")
    context = {"form": form, "is_own": True, "spell": spell, "key": f"away:{spell_id}"}
    return render(request, "members/register_away.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def report_in(request: HttpRequest, spell_id: int) -> HttpResponse:
    """Finds the organisation that receives the member, and asks it."""
    spell = get_object_or_404(MobileSpell.objects.visible_to(request.user).open(), pk=spell_id)
    if spell.state == State.HOSTED:
        return redirect("members:checkins")
    home = spell.member.organisation_now()
    form = HostForm(sent(request), hosts=hosts_for(home))
    if form.is_valid():
        host = form.cleaned_data["host"]
        with told(request, _("Reported in. Now %(host)s is asked to confirm.") % {"host": host.name}):
            key = sent_key(request)
            actions.report_in(spell=spell, host=host, actor=request.user, now=timezone.now(), sent_key=key)
        return redirect("members:checkins")
    asked = request.POST.get("q", request.GET.get("q", spell.destination))[:50]
    found = find_hosts(asked, home)
    context = {"form": form, "spell": spell, "asked": asked, "hosts": found[:AT_MOST], "is_more": len(found) > AT_MOST}
    return render(request, "members/report_in.html", context | {"once": word_of(request)})


@require_POST
@login_required
def own_contact(request: HttpRequest, spell_id: int) -> HttpResponse:
    """The member was in touch with the branch today."""
    spell = get_object_or_404(MobileSpell.objects.visible_to(request.user), pk=spell_id)
    now = timezone.now()
    form = OwnContactForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Not recorded yet. Please choose in which way you were in touch."))
        return redirect("members:checkins")
    today, way = timezone.localdate(now), form.cleaned_data["way"]
    with told(request, _("Recorded: you were in touch with the branch.")):
        said = {"way": way, "happened_on": today, "sent_key": sent_key(request)}
        actions.record_contact(spell=spell, actor=request.user, now=now, **said)
    return redirect("members:checkins")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def own_return(request: HttpRequest, spell_id: int) -> HttpResponse:
    """The member is back."""
    spell = get_object_or_404(MobileSpell.objects.visible_to(request.user), pk=spell_id)
    if spell.state not in OPEN:
        return redirect("members:checkins")
    now = timezone.now()
    form = ReturnForm(sent(request), spell=spell, today=timezone.localdate(now))
    if form.is_valid():
        day = form.cleaned_data["ended_on"]
        with told(request, _("Welcome back. Your branch sees it too.")):
            said = {"step": Step.RETURNED, "ended_on": day, "sent_key": sent_key(request)}
            actions.end_spell(spell=spell, actor=request.user, now=now, **said)
        return redirect("members:checkins")
    return render(request, "members/own_return.html", {"form": form, "spell": spell, "once": word_of(request)})


def _may_register(member: Member | None) -> bool:
    return member is not None and member.status in COUNTED_STATUSES


def _shown(spell: MobileSpell, *, today) -> dict:
    declined = spell.check_ins.exclude(kind=Step.CONTACT).select_related("host").last()
    return {
        "state": spell.stands(today),
        "is_open": spell.is_open,
        "declined": declined if declined is not None and declined.kind == Step.DECLINED else None,
        "story": story_of(spell, today=today),
        "contacts": contacts_of(spell),
        "contact_due": say_contact_due(spell, today=today),
        "contact_form": OwnContactForm(),
    }
