"""The host unit: who asks to be received, who is received."""

from datetime import timedelta

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts.phones import open_phone
from members.audit.actions import record_event
from members.checkins import actions
from members.checkins.forms import DeclineForm
from members.checkins.models import MobileSpell
from members.checkins.queries import gone_rows, hosted_rows, story_of
from members.checkins.spell_steps import State
from members.checkins.views.telling import sent_key, told, word_of
from members.organisation.models import Organisation

ENDED_DAYS = 90
A_PAGE = 100


@require_safe
@login_required
def hosted(request: HttpRequest) -> HttpResponse:
    """Who has reported in to the led units: those who wait for an answer, and those received."""
    unit = Organisation.objects.led_by(request.user).order_by("depth", "code").first()
    if unit is None:
        raise Http404
    led, now = MobileSpell.objects.hosted_by(request.user), timezone.now()
    asking = list(led.filter(state=State.REPORTED).as_spoken()[:A_PAGE])
    page = Paginator(led.filter(state=State.HOSTED).as_spoken(), A_PAGE).get_page(request.GET.get("page"))
    number = len(asking) + page.paginator.count
    record_event("hosted.seen", now=now, actor=request.user, organisation=unit.code, detail={"people": number})
    rows = hosted_rows(led.among([*asking, *page]))
    waiting = [row for row in rows if row.is_waiting]
    received = [row for row in rows if not row.is_waiting]
    today = timezone.localdate(now)
    asked = MobileSpell.objects.asked_of(request.user).received_until(
        today - timedelta(days=ENDED_DAYS), user=request.user
    )
    context = {"waiting": waiting, "received": received, "page": page, "gone": gone_rows(asked, today=today)}
    return render(request, "members/hosted.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def hosted_spell(request: HttpRequest, spell_id: int) -> HttpResponse:
    """One who has reported in: receive them, or say why not."""
    if request.method == "POST":
        return _answered(request, get_object_or_404(MobileSpell.objects.asked_of(request.user), pk=spell_id))
    return _asked(request, spell_id, DeclineForm())


def _asked(request: HttpRequest, spell_id: int, form: DeclineForm) -> HttpResponse:
    spell = get_object_or_404(MobileSpell.objects.hosted_by(request.user).select_related("host"), pk=spell_id)
    row = hosted_rows(MobileSpell.objects.hosted_by(request.user).filter(pk=spell_id))[0]
    now = timezone.now()
    record_event("hosted.person_seen", now=now, actor=request.user, about=spell)
    story = story_of(spell, today=timezone.localdate(now), host=spell.host)
    context = {"row": row, "host": spell.host, "form": form, "story": story, "once": word_of(request)}
    return render(request, "members/hosted_spell.html", context)


def _answered(request: HttpRequest, spell: MobileSpell) -> HttpResponse:
    host = get_object_or_404(Organisation.objects.led_by(request.user), code=request.POST.get("host", ""))
    answer = {"spell": spell, "host": host, "actor": request.user, "now": timezone.now(), "sent_key": sent_key(request)}
    if request.POST.get("answer") == "confirm":
        with told(request, _("Received. From now on they take part in study and activities here.")):
            actions.confirm_host(**answer)
        return redirect("members:hosted")
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _asked(request, spell.pk, form)
    with told(request, _("Answered. The member reads your sentence.")):
        actions.decline_host(**answer, **form.cleaned_data)
    return redirect("members:hosted")


@require_POST
@login_required
def hosted_phone(request: HttpRequest, spell_id: int) -> HttpResponse:
    """The whole telephone number of the home branch's contact person, and a line in the audit log."""
    spell = get_object_or_404(MobileSpell.objects.hosted_by(request.user).select_related("contact_person"), pk=spell_id)
    person = spell.contact_person
    if person is None:
        raise Http404
    record_event("phone.seen", now=timezone.now(), actor=request.user, about=person)
    context = {"person": person, "phone": open_phone(person.phone_cipher), "spell": spell}
    return render(request, "members/hosted_phone.html", context)
