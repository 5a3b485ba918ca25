"""The leader's people: who has an account, cards to print, and what is decided about one of them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.accounts.cards import AT_ONCE, issue_member_cards, new_turn, take_turn
from members.accounts.locks import locked_until
from members.accounts.member_forms import EndForm, StudyForm
from members.accounts.membership import NotArranged, NotEnded, arrange_study
from members.accounts.membership import end_membership as end_it
from members.accounts.membership import reverse_end as reverse_it
from members.accounts.models import Member
from members.accounts.people import (
    by_name,
    distinguished,
    ended_under,
    how_many,
    lines_of,
    not_signed_in,
    people_of,
    say_account,
    units_under,
)
from members.accounts.phones import masked, open_phone
from members.audit.actions import record_event
from members.organisation.models import Organisation
from members.roles.policies import led_paths

A_PAGE = 50


@require_safe
@login_required
def people(request: HttpRequest) -> HttpResponse:
    """Of a branch the people with the state of their accounts; above it the units."""
    led = Organisation.objects.led_by(request.user)
    code = request.GET.get("unit", "")
    unit = get_object_or_404(led, code=code) if code else led.order_by("depth", "code").first()
    if unit is None:
        raise Http404
    now, typed = timezone.now(), request.GET.get("q", "").strip()[:50]
    record_event("people.seen", now=now, actor=request.user, organisation=unit.code)
    everybody = people_of(unit, user=request.user, typed=typed)
    number, not_yet = how_many(everybody)
    paginator = Paginator(everybody, A_PAGE)
    paginator.count = number
    page = paginator.get_page(request.GET.get("page"))
    context = {
        "unit": unit,
        "units": [] if typed else units_under(unit),
        "superiors": list(led.filter(pk__in=unit.get_ancestors().values("pk"))),
        "page": page,
        "people": lines_of(page, among=everybody, now=now),
        "typed": typed,
        "not_yet": 0 if typed else not_yet,
        "turn": new_turn(),
        "at_once": AT_ONCE,
    }
    return render(request, "members/people.html", context)


@require_safe
@login_required
def ended_people(request: HttpRequest) -> HttpResponse:
    """Whose membership ended while they belonged to the unit or under it: an end can be taken back."""
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=request.GET.get("unit", ""))
    record_event("people.seen", now=timezone.now(), actor=request.user, organisation=unit.code)
    everybody = ended_under(unit, user=request.user)
    page = Paginator(everybody, A_PAGE).get_page(request.GET.get("page"))
    names = distinguished(page, among=everybody)
    lines = [(each, names[each.pk]) for each in page]
    return render(request, "members/ended_people.html", {"unit": unit, "page": page, "lines": lines})


@require_POST
@login_required
def cards(request: HttpRequest) -> HttpResponse:
    """Issues codes and shows them this once; loading the page again issues no others."""
    if not led_paths(request.user):
        raise Http404
    back = request.POST.get("unit", "")
    chosen = Member.objects.led_by(request.user).present().filter(number__in=_chosen(request, back))
    members = by_name(chosen.select_related("user"))
    if not members or len(members) > AT_ONCE:
        said = _("Please tick at least one person.") if not members else _too_many()
        messages.warning(request, said)
        return redirect(f"{reverse('members:people')}?unit={back}" if back else "members:people")
    if not take_turn(request.POST.get("turn", "")):
        return _shown_before(request)
    door = request.build_absolute_uri(reverse("members:card"))
    issued = issue_member_cards(members=members, actor=request.user, door=door, now=timezone.now())
    return show_cards(request, {"issued": issued, "back": back})


@require_safe
@login_required
def person(request: HttpRequest, number: str) -> HttpResponse:
    """One of the people: the account, how they study, and the way to a new card."""
    member = _in_care(request, number)
    now, unit = timezone.now(), member.organisation_now()
    record_event("person.seen", now=now, actor=request.user, about=member, organisation=unit.code if unit else "")
    context = {
        "member": member,
        "unit": unit,
        "phone": masked(open_phone(member.phone_cipher)),
        "state": say_account(member.user, now=now),
        "locked_until": locked_until(member.user, now=now) if member.user else None,
        "form": StudyForm(initial={"study_way": member.study_way, "flexible_study": member.flexible_study}),
        "turn": new_turn(),
    }
    return render(request, "members/person.html", context)


@require_POST
@login_required
def person_phone(request: HttpRequest, number: str) -> HttpResponse:
    """The whole telephone number, in this answer only, and a line in the audit log."""
    member = _in_care(request, number)
    record_event("phone.seen", now=timezone.now(), actor=request.user, about=member)
    context = {"person": member, "phone": open_phone(member.phone_cipher)}
    return render(request, "members/person_phone.html", context)


@require_POST
@login_required
def study_way(request: HttpRequest, number: str) -> HttpResponse:
    member = get_object_or_404(Member.objects.led_by(request.user).present(), number=number)
    form = StudyForm(request.POST)
    if form.is_valid():
        try:
            is_changed = arrange_study(member=member, actor=request.user, now=timezone.now(), **form.cleaned_data)
        except NotArranged as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(
                request, _("Saved. Plans and figures follow.") if is_changed else _("Nothing has changed.")
            )
    return redirect("members:person", number=number)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def end_membership(request: HttpRequest, number: str) -> HttpResponse:
    """Asks for the kind and the day, says what follows, and does it."""
    member = get_object_or_404(Member.objects.led_by(request.user).present(), number=number)
    now = timezone.now()
    form = EndForm(request.POST or None, initial={"ended_on": timezone.localdate(now)})
    if request.method == "POST" and form.is_valid():
        try:
            end_it(member=member, actor=request.user, now=now, **form.cleaned_data)
        except NotEnded as refusal:
            form.add_error("ended_on", str(refusal))
        else:
            messages.success(request, _("Done. Nobody is told. If it was a mistake, it can be taken back here."))
            return redirect("members:person", number=number)
    return render(request, "members/end_membership.html", {"member": member, "form": form})


@require_POST
@login_required
def reverse_end(request: HttpRequest, number: str) -> HttpResponse:
    member = _in_care(request, number)
    try:
        reverse_it(member=member, actor=request.user, now=timezone.now())
    except NotEnded as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("Taken back: the member belongs to the unit again and may sign in."))
    return redirect("members:person", number=number)


def show_cards(request: HttpRequest, context: dict) -> HttpResponse:
    """The sheets, in this answer only."""
    response = render(request, "members/cards.html", context)
    response.headers["Cache-Control"] = "no-store"
    return response


def _chosen(request: HttpRequest, code: str) -> list[str]:
    """The numbers that were ticked; or of the unit everybody who has not signed in, a sheaf at a time."""
    if "not_yet" not in request.POST:
        return request.POST.getlist("number")[: AT_ONCE + 1]
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=code)
    waiting = not_signed_in(people_of(unit, user=request.user))
    return list(waiting.values_list("number", flat=True)[:AT_ONCE])


def _shown_before(request: HttpRequest) -> HttpResponse:
    return render(request, "members/cards_shown.html", {"back": request.POST.get("unit", "")}, status=409)


def _in_care(request: HttpRequest, number: str) -> Member:
    led = Member.objects.led_by(request.user, with_ended=True)
    return get_object_or_404(led.select_related("user"), number=number)


def _too_many() -> str:
    said = ngettext("At most %(number)d card at a time.", "At most %(number)d cards at a time.", AT_ONCE)
    return said % {"number": AT_ONCE}
