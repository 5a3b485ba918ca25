"""What each role may do, today, in one table: people read it at /accounts/roles/table/, the tests prove every line.

A line names an area of the site and one address in it that opens to these roles and to no other. Whoever adds a page
for a role adds a line here, or the page lies in an area that has one. The Chinese of the words stands in
site/locale/parts/accounts_more.po.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.roles.models import ADMINISTRATORS, IN_TWO_STEPS, Role


@dataclass(frozen=True)
class Duty:
    """What may be done, by whom, and where: `area` is how the addresses begin, `door` the pattern of one of them."""

    says: Promise
    roles: tuple[Role, ...]
    area: str
    door: str


EVERYBODY = tuple(Role)
LEADERS = (Role.SECRETARY, Role.ORGANISER)

DUTIES = (
    Duty(_("Study, take quizzes, take part in activities"), EVERYBODY, "study/", "study/"),
    Duty(_("Register one's own time away and report in"), EVERYBODY, "checkins/", "checkins/"),
    Duty(_("See, download and correct what is held about oneself"), EVERYBODY, "me/", "me/"),
    Duty(_("Write feedback about any page and read the answer"), EVERYBODY, "feedback/", "feedback/"),
    Duty(_("See what is to be done in one's units today"), LEADERS, "branch/", "branch/"),
    Duty(_("See the people of one's units and give them sign-in cards"), LEADERS, "branch/people/", "branch/people/"),
    Duty(
        _("Enter activities, mark who came, write and submit the record"),
        LEADERS,
        "branch/activities/",
        "branch/activities/new/",
    ),
    Duty(_("Register times away and keep contact"), LEADERS, "branch/away/", "branch/away/"),
    Duty(_("Receive mobile members who report in"), LEADERS, "branch/hosted/", "branch/hosted/"),
    Duty(_("Answer feedback put to one's units"), LEADERS, "branch/feedback/", "branch/feedback/"),
    Duty(
        _("Answer what is asked about lessons and articles of one's units"),
        (Role.LECTURER,),
        "branch/feedback/",
        "branch/feedback/",
    ),
    Duty(_("See how far the study of one's units has come, and remind"), LEADERS, "organise/", "organise/"),
    Duty(_("Make study plans and send them out"), (Role.ORGANISER,), "organise/plans/", "organise/plans/"),
    Duty(
        _("Import lists of units, members and questions"), (Role.ORGANISER,), "organise/imports/", "organise/imports/"
    ),
    Duty(_("Write and publish pages, lessons and quizzes"), (Role.EDITOR,), "cms/", "cms/"),
    Duty(
        _("Make, open and close accounts; give cards to whoever has a duty"),
        (Role.SYSTEM_ADMIN,),
        "accounts/people/",
        "accounts/people/",
    ),
    Duty(_("Write the text of the consent"), (Role.SYSTEM_ADMIN,), "accounts/consent/", "accounts/consent/"),
    Duty(_("Give and end roles, never one's own"), (Role.SECURITY_ADMIN,), "accounts/roles/", "accounts/roles/"),
    Duty(
        _("Reset a lost second step, never one's own"),
        (Role.SECURITY_ADMIN,),
        "accounts/second-step/",
        "accounts/second-step/",
    ),
    Duty(_("Read, check and export the audit log"), (Role.AUDIT_ADMIN,), "accounts/audit/", "accounts/audit/"),
)


@dataclass(frozen=True)
class RoleLines:
    """One role as the table shows it."""

    role: Role
    duties: tuple[Duty, ...]
    serves_the_house: bool
    takes_two_steps: bool


def shared_duties() -> tuple[Duty, ...]:
    """What everybody may who is signed in."""
    return tuple(duty for duty in DUTIES if duty.roles == EVERYBODY)


def duties_by_role() -> Iterator[RoleLines]:
    """The table, role by role, without what everybody may."""
    for role in Role:
        own = tuple(duty for duty in DUTIES if role in duty.roles and duty.roles != EVERYBODY)
        yield RoleLines(role, own, role in ADMINISTRATORS, role in IN_TWO_STEPS)
