"""How lengths, places and what is missing are said."""

import math
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from learning.courses.models import ItemKind, StudyItem


def say_duration(seconds: float) -> str:
    """«3 分 12 秒»; whole seconds, rounded up, so that «还差 0 秒» is never said."""
    whole = math.ceil(round(seconds, 3))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}
    if minutes and left:
        return _("%(minutes)d min %(seconds)d s") % {"minutes": minutes, "seconds": left}
    return _("%(minutes)d min") % {"minutes": minutes} if minutes else _("%(seconds)d s") % {"seconds": left}


def say_clock(seconds: float) -> str:
    """«02:10», for a place in a lesson."""
    minutes, left = divmod(int(seconds), 60)
    return f"{minutes:02d}:{left:02d}"


def say_missing(seconds: float) -> str:
    return _("%(time)s to go") % {"time": say_duration(seconds)}


def say_about(seconds: float) -> str:
    """How long a text takes, in whole minutes and at least one."""
    return _("%(minutes)d min") % {"minutes": max(1, round(seconds / 60))}


def say_due(due_on: date, *, today: date) -> str:
    """«12 月 1 日前»; after that day that it can still be made up for."""
    if today > due_on:
        return _("Its day is past, it can still be studied")
    return _("by %(day)s") % {"day": date_format(due_on, "MONTH_DAY_FORMAT")}


def item_about(item: StudyItem) -> str:
    """«视频，基层治理十二讲，第 3 课，18 分 20 秒»: what an item is, where it belongs, how long it takes."""
    words = [str(ItemKind(item.kind).label)]
    if item.course_title:
        words += [item.course_title, _("lesson %(number)d") % {"number": item.course_order or 0}]
    if item.length_seconds and item.asset_id:
        words.append(say_duration(item.length_seconds))
    elif item.length_seconds:
        words.append(_("about %(time)s") % {"time": say_about(item.length_seconds)})
    return _(", ").join(words)
