"""Says a pure problem in the reader's language."""

from django.utils.translation import gettext

from members.organisation.problems import Problem


def reason_of(problem: Problem) -> str:
    """The reason as one sentence."""
    return gettext(problem.reason).format(**problem.values)


def say(problem: Problem) -> str:
    """Row, column and reason in one line; only the reason where the whole file is meant."""
    reason = reason_of(problem)
    if problem.row and problem.column:
        place = gettext("Row {row}, column “{column}”: {reason}")
        return place.format(row=problem.row, column=problem.column, reason=reason)
    if problem.row:
        return gettext("Row {row}: {reason}").format(row=problem.row, reason=reason)
    return reason
