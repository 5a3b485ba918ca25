"""How a change of a plan is said, one sentence for each thing that changes."""

from collections.abc import Iterator
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.courses.models import StudyItem
from learning.planning.audience import say_audience
from learning.plans.shape import ItemShape, Shape
from members.organisation.models import Organisation


def say_changes(before: Shape, after: Shape) -> Iterator[str]:
    """What is decided otherwise; nothing where both are alike."""
    if before.title != after.title:
        yield _("The title is now “%(title)s”") % {"title": after.title}
    if before.organisation_id != after.organisation_id:
        yield _("It is now for %(unit)s") % {"unit": Organisation.objects.get(pk=after.organisation_id).name}
    if (before.starts_on, before.ends_on) != (after.starts_on, after.ends_on):
        days = {"from": _say_day(after.starts_on), "to": _say_day(after.ends_on)}
        yield _("The period is now %(from)s to %(to)s") % days
    if before.audience != after.audience:
        said = {"before": say_audience(before), "after": say_audience(after)}
        yield _("Who is meant: “%(before)s” becomes “%(after)s”") % said
    if before.counts_earlier != after.counts_earlier:
        yield (
            _("What was studied before the first day counts now")
            if after.counts_earlier
            else _("What was studied before the first day is now to be studied once more")
        )
    if before.is_in_order != after.is_in_order:
        yield _("It is now studied in order") if after.is_in_order else _("It is now studied in any order")
    if before.is_yearly != after.is_yearly:
        yield _("It is now repeated every year") if after.is_yearly else _("It is not repeated every year any more")
    yield from _say_items(before, after)


def _say_items(before: Shape, after: Shape) -> Iterator[str]:
    had, has = ({each.item_id: each for each in shape.items} for shape in (before, after))
    titles = dict(StudyItem.objects.filter(pk__in=[*had, *has]).values_list("pk", "title"))
    for item, each in has.items():
        title = {"title": titles[item]}
        if item not in had:
            yield _("“%(title)s” is put in") % title
            continue
        was = had[item]
        if was.is_required != each.is_required:
            yield (_("“%(title)s” is required now") if each.is_required else _("“%(title)s” is offered now")) % title
        if (was.opens_on, was.due_on) != (each.opens_on, each.due_on):
            yield _("“%(title)s”: %(window)s") % {**title, "window": _say_window(each)}
    stay = [item for item in had if item in has]
    if stay != [item for item in has if item in had]:
        yield _("The items stand in another order")


def _say_window(each: ItemShape) -> str:
    said = []
    if each.opens_on:
        said.append(_("from %(day)s") % {"day": date_format(each.opens_on, "MONTH_DAY_FORMAT")})
    if each.due_on:
        said.append(_("by %(day)s") % {"day": date_format(each.due_on, "MONTH_DAY_FORMAT")})
    return _(", ").join(said) or _("no days of its own")


def _say_day(day: date) -> str:
    return date_format(day, "DATE_FORMAT")
