"""For organisers: what a step does to whom is shown first, and only then written."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.accounts.people import by_name
from members.audit.actions import record_event
from members.organisation.history import superiors_at
from members.organisation.models import Organisation
from members.reorganisation import actions
from members.reorganisation.effects import Effects, of_change, of_closing, of_merger, of_move, of_opening, of_split
from members.reorganisation.forms import NameForm, OpenForm, SplitForm, ToForm
from members.reorganisation.queries import AT_MOST, history_of, like, mergeable, movable_to, people_at, people_to_divide
from members.roles.doors import for_organisers
from members.roles.policies import organised_paths, strictly_under

BOTH = ["GET", "HEAD", "POST"]


@require_http_methods(BOTH)
@for_organisers
def open_unit(request: HttpRequest, code: str) -> HttpResponse:
    """A new unit under this one."""
    parent = get_object_or_404(Organisation.objects.organised_by(request.user).open(), code=code)
    form = OpenForm(request.POST or None, parent=parent)

    def write(given: dict) -> Organisation:
        return actions.open_unit(parent=parent, actor=request.user, now=timezone.now(), **given)

    return _step(request, parent, form, "members/open_unit.html", of_opening, write)


@require_http_methods(BOTH)
@for_organisers
def change_unit(request: HttpRequest, code: str) -> HttpResponse:
    """Another name, sector or help contact."""
    unit = get_object_or_404(Organisation.objects.organised_by(request.user).open(), code=code)
    form = NameForm(request.POST or None, initial={name: getattr(unit, name) for name in NameForm.base_fields})

    def write(given: dict) -> Organisation:
        actions.change_unit(unit=unit, actor=request.user, now=timezone.now(), **given)
        return unit

    return _step(request, unit, form, "members/change_unit.html", of_change, write)


@require_http_methods(BOTH)
@for_organisers
def move_unit(request: HttpRequest, code: str) -> HttpResponse:
    """The unit under another one, with everything under it."""
    unit = _below_mine(request, code)
    units = movable_to(unit, user=request.user)

    def write(given: dict) -> Organisation:
        actions.move_unit(unit=unit, parent=given["to"], actor=request.user, now=timezone.now())
        return unit

    return _chosen(request, unit, units, "members/move_unit.html", of_move, write)


@require_http_methods(BOTH)
@for_organisers
def merge_unit(request: HttpRequest, code: str) -> HttpResponse:
    """The unit becomes part of another one."""
    unit = _below_mine(request, code)
    units = mergeable(unit, user=request.user)

    def write(given: dict) -> Organisation:
        actions.merge_units(unit=unit, into=given["to"], actor=request.user, now=timezone.now())
        return given["to"]

    return _chosen(request, unit, units, "members/merge_unit.html", of_merger, write)


@require_http_methods(BOTH)
@for_organisers
def split_unit(request: HttpRequest, code: str) -> HttpResponse:
    """A new unit beside this one, with some of its people and units."""
    unit = _below_mine(request, code)
    people = by_name(people_to_divide(unit, user=request.user))
    below = list(unit.get_children().open().in_order())
    record_event("unit.people_seen", now=timezone.now(), actor=request.user, organisation=unit.code)
    form = SplitForm(request.POST or None, people=people, units=below)

    def write(given: dict) -> Organisation:
        chosen = {"member_ids": [int(pk) for pk in given["people"]], "unit_codes": given["units"]}
        called = {"code": given["code"], "name": given["name"]}
        return actions.split_unit(unit=unit, actor=request.user, now=timezone.now(), **called, **chosen)

    more = {
        "people": people,
        "below": below,
        "ticked": form["people"].value() or [],
        "ticked_units": form["units"].value() or [],
    }
    return _step(request, unit, form, "members/split_unit.html", of_split, write, more)


@require_http_methods(BOTH)
@for_organisers
def close_unit(request: HttpRequest, code: str) -> HttpResponse:
    """What is still open in it; where nothing is, it can be closed."""
    unit = _below_mine(request, code)
    now = timezone.now()
    if request.method == "POST":
        try:
            actions.close_unit(unit=unit, actor=request.user, now=now)
        except actions.NotReorganised as refusal:
            messages.warning(request, str(refusal))
            return redirect("reorganisation:close_unit", code=code)
        messages.success(request, _("Closed. Its records stay."))
        return redirect("reorganisation:unit_history", code=code)
    return render(request, "members/close_unit.html", {"unit": unit, "effects": of_closing(unit, now=now)})


@require_safe
@login_required
def unit_history(request: HttpRequest, code: str) -> HttpResponse:
    """What was changed about a unit, and where it stood on any day."""
    led = Organisation.objects.led_by(request.user)
    unit = get_object_or_404(led.select_related("successor"), code=code)
    asked = request.GET.get("on", "")
    day, moment = _day(asked)
    context = {"unit": unit, "changes": history_of(unit, user=request.user), "asked": asked, "day": day}
    mine = Organisation.objects.organised_by(request.user).open().filter(pk=unit.pk)
    context["is_mine"] = mine.exists()
    context["is_below_mine"] = mine.filter(strictly_under("path", organised_paths(request.user))).exists()
    if moment is not None:
        stood = Organisation.objects.as_of(moment).filter(pk=unit.pk).exists()
        context |= {"stood": stood, "above": superiors_at(unit, moment), "people": people_at(unit, moment)}
    return render(request, "members/unit_history.html", context)


def _below_mine(request: HttpRequest, code: str) -> Organisation:
    """A unit under one of which this person is organiser: nobody moves the top of their own part of the tree."""
    below = strictly_under("path", organised_paths(request.user))
    return get_object_or_404(Organisation.objects.filter(below).open(), code=code)


def _chosen(request, unit: Organisation, units, template: str, effects: Callable, write: Callable) -> HttpResponse:
    words = (request.POST or request.GET).get("q", "").strip()[:50]
    shown = like(units, words)
    more = {"asked": words, "units": shown[:AT_MOST], "is_more": len(shown) > AT_MOST}
    return _step(request, unit, ToForm(request.POST or None, units=units), template, effects, write, more)


def _step(
    request: HttpRequest,
    unit: Organisation,
    form: forms.Form,
    template: str,
    effects: Callable[..., Effects],
    write: Callable[[dict], Organisation],
    more: dict | None = None,
) -> HttpResponse:
    """Asked for, then shown with its effects, then written by the same button once more; «back» leads to the form."""
    if request.method == "POST" and form.is_valid() and "back" not in request.POST:
        told = effects(unit, form.cleaned_data, now=timezone.now())
        if told.refusal:
            form.add_error(None, told.refusal)
        elif "sure" not in request.POST:
            return render(request, "members/unit_preview.html", {"unit": unit, "form": form, "effects": told})
        else:
            try:
                after = write(form.cleaned_data)
            except actions.NotReorganised as refusal:
                form.add_error(None, str(refusal))
            else:
                messages.success(request, told.done)
                return redirect("reorganisation:unit_history", code=after.code)
    return render(request, template, {"unit": unit, "form": form, **(more or {})})


def _day(text: str) -> tuple:
    """The day, and the moment after it; nothing for what is no day."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 1900 < day.year < 2200:
        return None, None
    return day, timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)
