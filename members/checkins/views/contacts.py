"""Keeping in touch: whose turn it is, and a contact recorded in two taps."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.phones import open_phone
from members.audit.actions import record_event
from members.checkins import actions
from members.checkins.forms import OwnContactForm
from members.checkins.models import ContactWay, MobileSpell
from members.checkins.queries import away_rows, masked_phone
from members.checkins.views.telling import sent, sent_key, told, word_of
from members.organisation.models import Organisation

A_PAGE = 100
DUE = "due"  # whoever comes from the list of the unit goes back there


@require_safe
@login_required
def contacts_due(request: HttpRequest) -> HttpResponse:
    """Of the led units: with whom it is time to get in touch, by name, and who does so."""
    unit = Organisation.objects.led_by(request.user).order_by("depth", "code").first()
    if unit is None:
        raise Http404
    now = timezone.now()
    today = timezone.localdate(now)
    led = MobileSpell.objects.led_by(request.user)
    rows = away_rows(led.contact_due(today).select_related("contact_person"), today=today)
    record_event("contacts.seen", now=now, actor=request.user, organisation=unit.code, detail={"people": len(rows)})
    context = {"rows": Paginator(rows, A_PAGE).get_page(request.GET.get("page")), "back": DUE}
    return render(request, "members/contacts_due.html", context)


@require_safe
@login_required
def own_contacts(request: HttpRequest) -> HttpResponse:
    """With whom I keep in touch for the branch, by name."""
    now = timezone.now()
    today = timezone.localdate(now)
    rows = away_rows(MobileSpell.objects.kept_by(request.user).select_related("contact_person"), today=today)
    if rows:
        record_event("contacts.seen", now=now, actor=request.user, detail={"people": len(rows)})
    context = {"rows": rows, "due": sum(row.is_due for row in rows)}
    return render(request, "members/own_contacts.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def keep_contact(request: HttpRequest, spell_id: int) -> HttpResponse:
    """We have spoken with each other today: one button for each way."""
    found = MobileSpell.objects.in_touch_with(request.user).select_related("member", "contact_person")
    spell = get_object_or_404(found, pk=spell_id)
    now = timezone.now()
    today = timezone.localdate(now)
    back = DUE if request.GET.get("back") == DUE else ""
    form = OwnContactForm(sent(request))
    if form.is_valid():
        said = {"way": form.cleaned_data["way"], "happened_on": today, "sent_key": sent_key(request)}
        with told(request, _("Recorded: you have been in touch with %(name)s.") % {"name": spell.member.name}):
            actions.record_contact(spell=spell, actor=request.user, now=now, **said)
        return redirect("members:contacts_due" if back else "members:own_contacts")
    record_event("away.person_seen", now=now, actor=request.user, about=spell)
    context = {
        "row": away_rows(found.filter(pk=spell_id), today=today)[0],
        "back": back,
        "ways": ContactWay.choices,
        "phone": masked_phone(spell.member),
        "leads": MobileSpell.objects.led_by(request.user).filter(pk=spell_id).exists(),
        "once": word_of(request),
    }
    return render(request, "members/keep_contact.html", context)


@require_safe
@login_required
def contact_phone(request: HttpRequest, spell_id: int) -> HttpResponse:
    """The whole telephone number of the one to be called, and a line in the audit log."""
    found = MobileSpell.objects.in_touch_with(request.user).select_related("member")
    spell = get_object_or_404(found, pk=spell_id)
    record_event("phone.seen", now=timezone.now(), actor=request.user, about=spell.member)
    phone = open_phone(spell.member.phone_cipher)
    return render(request, "members/contact_phone.html", {"person": spell.member, "phone": phone, "spell": spell})
