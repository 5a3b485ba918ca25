"""The kinds of units, posts and memberships (DOMAIN §5)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationKind(models.TextChoices):
    WORKING_COMMITTEE = "working_committee", _("Party working committee")
    COMMITTEE = "committee", _("Party committee")
    JOINT_COMMITTEE = "joint_committee", _("Area joint committee")
    GENERAL_BRANCH = "general_branch", _("General Party branch")
    BRANCH = "branch", _("Party branch")
    JOINT_BRANCH = "joint_branch", _("Joint Party branch")
    TEMPORARY_BRANCH = "temporary_branch", _("Temporary Party branch")
    MOBILE_BRANCH = "mobile_branch", _("Mobile-member Party branch")
    FUNCTIONAL_BRANCH = "functional_branch", _("Functional area branch")
    GROUP = "group", _("Party group")
    BUILDING_GROUP = "building_group", _("Building group")
    HOUSEHOLD_HUB = "household_hub", _("Member-household hub")


# These exist for life together, not for affiliation: nobody belongs to them, they have no duties (DOMAIN §3).
FUNCTIONAL_KINDS = frozenset(
    {
        OrganisationKind.FUNCTIONAL_BRANCH,
        OrganisationKind.BUILDING_GROUP,
        OrganisationKind.HOUSEHOLD_HUB,
        OrganisationKind.JOINT_COMMITTEE,
    }
)
# Whose page names people; above them the board shows units.
BRANCH_KINDS = frozenset(
    {
        OrganisationKind.BRANCH,
        OrganisationKind.JOINT_BRANCH,
        OrganisationKind.TEMPORARY_BRANCH,
        OrganisationKind.MOBILE_BRANCH,
        OrganisationKind.FUNCTIONAL_BRANCH,
        OrganisationKind.GROUP,
        OrganisationKind.BUILDING_GROUP,
        OrganisationKind.HOUSEHOLD_HUB,
    }
)


class PostKind(models.TextChoices):
    SECRETARY = "secretary", _("Secretary")
    DEPUTY_SECRETARY = "deputy_secretary", _("Deputy secretary")
    ORGANISATION_MEMBER = "organisation_member", _("Organisation committee member")
    PUBLICITY_MEMBER = "publicity_member", _("Publicity committee member")
    DISCIPLINE_MEMBER = "discipline_member", _("Discipline committee member")
    COMMITTEE_MEMBER = "committee_member", _("Committee member")
    GROUP_LEADER = "group_leader", _("Group leader")


# Chosen within the branch; its secretary and deputies are confirmed from above (see site/docs/decisions/0064).
BRANCH_POSTS = tuple(kind for kind in PostKind if kind not in (PostKind.SECRETARY, PostKind.DEPUTY_SECRETARY))


class EndKind(models.TextChoices):
    TRANSFERRED = "transferred", _("Transferred out")
    DECEASED = "deceased", _("Deceased")
    OTHER = "other", _("Other")
