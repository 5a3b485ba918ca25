"""Which unit may stand where, take in which other, and be called what; each answer is a sentence, or nothing."""

from django.utils.translation import gettext as _

from members.organisation.kinds import FUNCTIONAL_KINDS, OrganisationKind
from members.organisation.models import Organisation
from members.organisation.problems import Problem
from members.organisation.reserved_codes import is_reserved
from members.organisation.sentences import reason_of
from members.organisation.unit_rows import CLOSED, CODE_FORM, LEVELS, RESERVED, TOO_DEEP, WRONG_CODE, WRONG_PARENT
from members.organisation.unit_words import SUPERIORS, WORD_OF_KIND

NAMED = 3
_COMMITTEES = frozenset({OrganisationKind.WORKING_COMMITTEE, OrganisationKind.COMMITTEE})
_BRANCHES = frozenset(
    {
        OrganisationKind.GENERAL_BRANCH,
        OrganisationKind.BRANCH,
        OrganisationKind.JOINT_BRANCH,
        OrganisationKind.TEMPORARY_BRANCH,
        OrganisationKind.MOBILE_BRANCH,
    }
)


def kinds_that_take_in(kind: str) -> frozenset[str]:
    """Into which kinds of units one of this kind can be merged: like into like, a group also into a branch."""
    if kind in FUNCTIONAL_KINDS:
        return frozenset(FUNCTIONAL_KINDS)
    if kind == OrganisationKind.GROUP:
        return _BRANCHES | {OrganisationKind.GROUP}
    return _BRANCHES if kind in _BRANCHES else _COMMITTEES | {OrganisationKind.GENERAL_BRANCH}


def why_not_under(kind: str, parent: Organisation, *, levels_below: int = 0) -> str:
    """Why a unit of this kind, with so many levels under it, cannot stand there."""
    if parent.closed_on is not None:
        return reason_of(Problem(CLOSED, values={"code": parent.code}))
    if parent.kind not in SUPERIORS[kind]:
        values = {"kind": WORD_OF_KIND[kind], "superior": WORD_OF_KIND[parent.kind]}
        return reason_of(Problem(WRONG_PARENT, values=values))
    if parent.depth + levels_below > LEVELS:
        return reason_of(Problem(TOO_DEEP, values={"limit": LEVELS}))
    return ""


def why_not_moved(unit: Organisation, parent: Organisation) -> str:
    """Why a unit cannot be moved there with everything under it."""
    if parent.path.startswith(unit.path):
        return _("A unit cannot stand under itself or under one of its own units.")
    deepest = Organisation.objects.under(unit).order_by("-depth").values_list("depth", flat=True).first()
    return why_not_under(unit.kind, parent, levels_below=(deepest or unit.depth) - unit.depth)


def why_not_merged(unit: Organisation, into: Organisation) -> str:
    """Why a unit cannot become part of that one."""
    if unit.pk == into.pk or into.path.startswith(unit.path):
        return _("A unit cannot be merged into itself or into one of its own units.")
    if into.closed_on is not None:
        return reason_of(Problem(CLOSED, values={"code": into.code}))
    if into.kind not in kinds_that_take_in(unit.kind):
        kinds = {"kind": WORD_OF_KIND[unit.kind], "other": WORD_OF_KIND[into.kind]}
        return _("A %(kind)s cannot be merged into a %(other)s.") % kinds
    unfit = [each for each in unit.get_children().open().in_order() if into.kind not in SUPERIORS[each.kind]]
    if unfit:
        said = _("These cannot stand under a %(kind)s; please move them first: %(units)s.")
        return said % {"kind": WORD_OF_KIND[into.kind], "units": named(unfit)}
    return ""


def why_not_called(code: str) -> str:
    """Why no new unit can have this code."""
    if not CODE_FORM.fullmatch(code):
        return reason_of(Problem(WRONG_CODE))
    if is_reserved(code):
        return reason_of(Problem(RESERVED))
    if Organisation.objects.filter(code=code).exists():
        return _("There is a unit with this code already.")
    return ""


def named(units: list[Organisation]) -> str:
    """The first few by code and name."""
    said = "、".join(f"{unit.code} {unit.name}" for unit in units[:NAMED])
    return _("%(units)s and others") % {"units": said} if len(units) > NAMED else said
