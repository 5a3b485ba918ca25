"""The home unit: who is away, keeping contact, the end of a time away."""

from datetime import datetime, timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts.models import Member
from members.accounts.phones import open_phone
from members.audit.actions import record_event
from members.checkins import actions
from members.checkins.forms import AwayForm, ContactForm, EndForm, WhoForm
from members.checkins.models import MobileSpell, MobileSpellQuerySet
from members.checkins.queries import away_rows, contacts_of, masked_phone, story_of
from members.checkins.views.telling import sent, sent_key, told, word_of
from members.organisation.models import Organisation

A_PAGE = 100
ENDED_DAYS = 90


@require_safe
@login_required
def away(request: HttpRequest) -> HttpResponse:
    """Everybody of the led units who is away, by name, with where it stands and when to get in touch."""
    unit = Organisation.objects.led_by(request.user).order_by("depth", "code").first()
    if unit is None:
        raise Http404
    now = timezone.now()
    today = timezone.localdate(now)
    led = _led(request)
    page = Paginator(led.open().as_spoken(), A_PAGE).get_page(request.GET.get("page"))
    ended = led.ended_since(today - timedelta(days=ENDED_DAYS)).as_spoken()[:A_PAGE]
    number = page.paginator.count
    record_event("away.seen", now=now, actor=request.user, organisation=unit.code, detail={"people": number})
    rows = away_rows(led.among([*page, *ended]), today=today)
    context = {
        "page": page,
        "rows": [row for row in rows if row.spell.is_open],
        "due": led.contact_due(today - timedelta(days=1)).count(),
        "ended": [row for row in rows if not row.spell.is_open],
    }
    return render(request, "members/away.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register_away_for(request: HttpRequest) -> HttpResponse:
    """Registers a time away of somebody of the led units: first who, then what."""
    if not Organisation.objects.led_by(request.user).exists():
        raise Http404
    people = Member.objects.led_by(request.user).present().counted()
    asked = request.POST or request.GET
    who = WhoForm(asked if "who" in asked else None, people=people)
    if not who.is_valid():
        return render(request, "members/register_away_for.html", {"form": who})
    open_one = _led(request).open().filter(member=who.member).first()
    if open_one is not None and request.method != "POST":
        return redirect("members:away_spell", spell_id=open_one.pk)
    now = timezone.now()
    form = AwayForm(sent(request), member=who.member, today=timezone.localdate(now))
    if form.is_valid():
        return _registered(request, who.member, form, now=now)
    key = f"away-of:{who.member.number}"
    context = {"form": form, "member": who.member, "key": key, "once": word_of(request)}
    return render(request, "members/register_away.html", context)


def _registered(request: HttpRequest, member: Member, form: AwayForm, *, now: datetime) -> HttpResponse:
    with told(request, _("The time away is registered.")):
        said = {"details": form.details, "sent_key": sent_key(request)}
        spell = actions.register_spell(member=member, actor=request.user, now=now, **said)
        return redirect("members:away_spell", spell_id=spell.pk)
    return redirect("members:away")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def away_spell(request: HttpRequest, spell_id: int) -> HttpResponse:
    """One time away: the way so far, contacts, what was registered; a contact is recorded here."""
    spell = get_object_or_404(_led(request).with_home().select_related("host", "contact_person"), pk=spell_id)
    now = timezone.now()
    today = timezone.localdate(now)
    form = ContactForm(sent(request), spell=spell, today=today)
    if form.is_valid():
        return _contact_recorded(request, spell, form, now=now)
    record_event("away.person_seen", now=now, actor=request.user, about=spell)
    row = away_rows(MobileSpell.objects.led_by(request.user).filter(pk=spell.pk), today=today)[0]
    context = {
        "spell": spell,
        "row": row,
        "form": form,
        "phone": masked_phone(spell.member),
        "story": story_of(spell, today=today),
        "contacts": contacts_of(spell),
        "once": word_of(request),
    }
    return render(request, "members/away_spell.html", context)


def _contact_recorded(request: HttpRequest, spell: MobileSpell, form: ContactForm, *, now: datetime) -> HttpResponse:
    with told(request, _("The contact is recorded.")):
        said = form.cleaned_data | {"sent_key": sent_key(request)}
        actions.record_contact(spell=spell, actor=request.user, now=now, **said)
    return redirect("members:away_spell", spell_id=spell.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def change_away(request: HttpRequest, spell_id: int) -> HttpResponse:
    """Corrects what was registered about somebody of the led units."""
    spell = get_object_or_404(_led(request).open(), pk=spell_id)
    now = timezone.now()
    form = AwayForm(sent(request), member=spell.member, today=timezone.localdate(now), spell=spell)
    if form.is_valid():
        with told(request, _("The time away is corrected.")):
            actions.change_spell(spell=spell, details=form.details, actor=request.user, now=now)
        return redirect("members:away_spell", spell_id=spell_id)
    context = {"form": form, "member": spell.member, "spell": spell, "key": f"away:{spell_id}"}
    return render(request, "members/register_away.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end_away(request: HttpRequest, spell_id: int) -> HttpResponse:
    """Notes that somebody is back, or that the affiliation was transferred (which this moves nowhere)."""
    spell = get_object_or_404(_led(request), pk=spell_id)
    if not spell.is_open:
        return redirect("members:away_spell", spell_id=spell_id)
    now = timezone.now()
    form = EndForm(sent(request), spell=spell, today=timezone.localdate(now))
    if form.is_valid():
        with told(request, _("Recorded. If this was a mistake, it can be taken back on this page.")):
            said = form.cleaned_data | {"sent_key": sent_key(request)}
            actions.end_spell(spell=spell, actor=request.user, now=now, **said)
        return redirect("members:away_spell", spell_id=spell_id)
    return render(request, "members/end_away.html", {"form": form, "spell": spell, "once": word_of(request)})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def reopen_away(request: HttpRequest, spell_id: int) -> HttpResponse:
    """Takes back an end that was a mistake."""
    spell = get_object_or_404(_led(request), pk=spell_id)
    if spell.is_open:
        return redirect("members:away_spell", spell_id=spell_id)
    if request.method != "POST":
        return render(request, "members/reopen_away.html", {"spell": spell})
    refused = _("Another time away was registered since, so this one stays ended.")
    with told(request, _("Taken back; everything stands as before."), refused):
        actions.reopen_spell(spell=spell, actor=request.user, now=timezone.now())
    return redirect("members:away_spell", spell_id=spell_id)


@require_POST
@login_required
def away_phone(request: HttpRequest, spell_id: int) -> HttpResponse:
    """The whole telephone number of somebody who is away, and a line in the audit log."""
    spell = get_object_or_404(_led(request), pk=spell_id)
    record_event("phone.seen", now=timezone.now(), actor=request.user, about=spell.member)
    context = {"person": spell.member, "phone": open_phone(spell.member.phone_cipher), "spell": spell}
    return render(request, "members/away_phone.html", context)


def _led(request: HttpRequest) -> MobileSpellQuerySet:
    return MobileSpell.objects.led_by(request.user).present().select_related("member")
