"""What an item asks for is written down whenever it changes; nothing of what was before is changed."""

from datetime import datetime

from learning.courses.models import CompletionRule, ItemRule, StudyItem

ASKED = ("completion_rule", "needed_percent", "length_seconds", "pass_percent")


def note_rule(item: StudyItem, *, now: datetime) -> None:
    """A new version where the item asks for something else than before; the same again changes nothing.

    Until an item has a length nobody can study it: that it gets one is no change.
    """
    rule = item.rule_in_force
    said = {
        "completion_rule": rule,
        "needed_percent": item.needed_percent,
        "length_seconds": item.length_seconds,
        "pass_percent": None if rule == CompletionRule.COVERED else item.pass_percent,
    }
    last = item.rules.order_by("-version").first()
    if last is None:
        ItemRule.objects.create(item=item, version=item.rule_version, since=now, settled_at=now, **said)
    elif said == {name: getattr(last, name) for name in ASKED}:
        return
    elif last.length_seconds is None and item.length_seconds is not None:
        item.rules.filter(pk=last.pk).update(**said, since=now)
    else:
        item.rule_version = last.version + 1
        ItemRule.objects.create(item=item, version=item.rule_version, since=now, **said)
        StudyItem.objects.filter(pk=item.pk).update(rule_version=item.rule_version)
