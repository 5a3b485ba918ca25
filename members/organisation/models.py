from datetime import date, datetime

from django.conf import settings
from django.core.exceptions import EmptyResultSet
from django.db import models
from django.db.models import Exists, F, Max, OuterRef, Q, Subquery
from django.db.models.expressions import RawSQL
from django.utils.translation import gettext_lazy as _
from treebeard.mp_tree import MP_Node, MP_NodeManager, MP_NodeQuerySet

from members.organisation.kinds import BRANCH_POSTS, OrganisationKind, PostKind
from members.organisation.sounds import Spoken, SpokenQuerySet, spoken_like
from members.roles.models import Role
from members.roles.policies import STEP, led_paths, organised_paths, under

DEEPEST = 12  # levels of the tree

# Of a path, those of all units above it and its own.
PATHS_ABOVE = ", ".join(f"substr({{0}}, 1, {STEP * depth})" for depth in range(1, DEEPEST + 1))
KIN = """
    SELECT kin.id FROM ({named}) AS named JOIN members_organisation kin ON kin.path IN ({above})
    OR (kin.path > named.path AND kin.path < named.path || '~' AND kin.depth = named.depth + 1)
"""


class OrganisationQuerySet(SpokenQuerySet, MP_NodeQuerySet):
    def led_by(self, user) -> "OrganisationQuerySet":
        """The units that this person leads, with everything under them."""
        return self.filter(under("path", led_paths(user)))

    def organised_by(self, user) -> "OrganisationQuerySet":
        """The units for which this person is organiser, with everything under them."""
        return self.filter(under("path", organised_paths(user)))

    def under(self, organisation: "Organisation") -> "OrganisationQuerySet":
        """The unit itself and everything under it."""
        return self.filter(under("path", [organisation.path]))

    def kin_of(self, named: "OrganisationQuerySet") -> "OrganisationQuerySet":
        """Those of one named unit: all above it, itself, and all right under it."""
        try:
            sql, params = named.values("path", "depth").query.sql_with_params()
        except EmptyResultSet:
            return self.none()
        kin = KIN.format(named=sql, above=PATHS_ABOVE.format("named.path"))
        return self.filter(pk__in=RawSQL(kin, params))  # noqa: S611

    def open(self) -> "OrganisationQuerySet":
        return self.filter(closed_on=None)

    def as_of(self, moment: datetime) -> "OrganisationQuerySet":
        """The units that stood at a moment, each with the unit above it then: `parent_then`."""
        then = Placement.objects.at(moment).filter(organisation=OuterRef("pk"))
        return self.filter(Exists(then)).annotate(parent_then=Subquery(then.values("parent_id")[:1]))

    def called(self, typed: str) -> "OrganisationQuerySet":
        """By name, by how it is spoken, or by the beginning of the code; everything where nothing is typed."""
        return self.filter(spoken_like(typed) | Q(code__istartswith=typed.strip())) if typed.strip() else self

    def in_order(self) -> "OrganisationQuerySet":
        """By code: units are never ordered by a figure (DOMAIN §3)."""
        return self.order_by("code")


class OrganisationManager(MP_NodeManager.from_queryset(OrganisationQuerySet)):  # type: ignore[misc]
    def get_queryset(self) -> OrganisationQuerySet:
        return OrganisationQuerySet(self.model, using=self._db).order_by("path")


class Organisation(Spoken, MP_Node):
    """A Party organisation in the one tree of the installation."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=100)
    kind = models.CharField(max_length=20, choices=OrganisationKind.choices)
    sector = models.CharField(max_length=50, blank=True)
    is_functional = models.BooleanField(default=False)
    opened_on = models.DateField(null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    # Into which unit this one was merged; where that one was merged in its turn, the one that stands now.
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="predecessors")
    help_name = models.CharField(max_length=50, blank=True)
    help_phone = models.CharField(max_length=30, blank=True)

    objects = OrganisationManager()

    class Meta:
        verbose_name = _("Party organisation")
        constraints = [
            models.CheckConstraint(
                condition=Q(successor=None) | Q(closed_on__isnull=False), name="who_has_a_successor_is_closed"
            )
        ]

    def __str__(self) -> str:
        return self.name


class SpanQuerySet(models.QuerySet):
    def end_of(self, now: datetime) -> datetime:
        """When these end if that is decided at `now`: not before any of them began.

        Who waited for another change of the same rows comes after it, whatever their own clock said before they waited.
        """
        begun = self.aggregate(last=Max("since"))["last"]
        return max(now, begun) if begun else now


class PlacementQuerySet(SpanQuerySet):
    def at(self, moment: datetime) -> "PlacementQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)


class Placement(models.Model):
    """Under which unit another one stood, and when: the tree «as of» a day."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="placements")
    parent = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="placements_below")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        verbose_name = _("placement")
        constraints = [
            models.UniqueConstraint(fields=["organisation"], condition=Q(until=None), name="one_open_placement"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="placement_ends_after_it_begins"
            ),
        ]


class AffiliationQuerySet(SpanQuerySet):
    def open(self) -> "AffiliationQuerySet":
        return self.filter(until=None)

    def at(self, moment: datetime) -> "AffiliationQuerySet":
        return self.filter(Q(until=None) | Q(until__gt=moment), since__lte=moment)

    def led_by(self, user) -> "AffiliationQuerySet":
        return self.filter(under("organisation__path", led_paths(user)))


class Affiliation(models.Model):
    """Where a member belongs (组织关系): exactly one open at a time; closed ones stay as history."""

    privacy = "export"
    on_erasure = "keep: where counted figures belong, as long as the unit"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="affiliations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="affiliations")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = AffiliationQuerySet.as_manager()

    class Meta:
        verbose_name = _("affiliation")
        constraints = [
            models.UniqueConstraint(fields=["member"], condition=Q(until=None), name="one_open_affiliation"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=F("since")), name="affiliation_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["organisation", "until"], name="affiliation_in_unit")]


class OfMemberQuerySet(models.QuerySet):
    def visible_to(self, user) -> "OfMemberQuerySet":
        """One's own."""
        return self.filter(member__user_id=user.pk) if user.is_authenticated else self.none()

    def led_by(self, user) -> "OfMemberQuerySet":
        """In the units that this person leads."""
        return self.filter(under("organisation__path", led_paths(user)))


class Participation(models.Model):
    """Where a member also takes part (参加多重组织生活): any number, never changes where they belong."""

    privacy = "export"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="participations")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="participations")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    objects = OfMemberQuerySet.as_manager()

    class Meta:
        verbose_name = _("participation")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "organisation"], condition=Q(until=None), name="one_open_participation_a_unit"
            )
        ]


class PostQuerySet(OfMemberQuerySet):
    def open_on(self, day: date) -> "PostQuerySet":
        """Whose term is not over on that day."""
        return self.filter(Q(until=None) | Q(until__gt=day))

    def appointed_by(self, user) -> "PostQuerySet":
        """Which this person sets and ends: an organiser all of them, a secretary the committee and group leaders."""
        lesser = Q(kind__in=BRANCH_POSTS) & under("organisation__path", led_paths(user))
        return self.filter(under("organisation__path", organised_paths(user)) | lesser)


class Post(models.Model):
    """A post that a member holds in a unit, with its term."""

    privacy = "export"

    member = models.ForeignKey("members.Member", models.CASCADE, related_name="posts")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    kind = models.CharField(max_length=20, choices=PostKind.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        verbose_name = _("post")
        constraints = [
            models.UniqueConstraint(
                fields=["member", "organisation", "kind"], condition=Q(until=None), name="one_open_post_of_a_kind"
            )
        ]


class ImportBatchQuerySet(models.QuerySet):
    def led_by(self, user) -> "ImportBatchQuerySet":
        """One's own, and those of the organisers of units under one's own; for the whole tree also the house's."""
        paths = organised_paths(user)
        grants = {"imported_by__grants__role": Role.ORGANISER}
        seen = Q(imported_by_id=user.pk) | Q(**grants) & under("imported_by__grants__organisation__path", paths)
        roots = Organisation.objects.filter(depth=1).values_list("path", flat=True)
        if paths and set(roots) <= set(paths):
            seen |= Q(imported_by=None)
        return self.filter(pk__in=self.filter(seen).values("pk")) if paths else self.none()

    def light(self) -> "ImportBatchQuerySet":
        """Without the long lists of what was made and changed."""
        return self.defer("made", "changed", "beside")

    def to_undo(self) -> "ImportBatchQuerySet":
        """Whose undoing was asked for and is neither done nor refused."""
        return self.filter(undo_asked_at__isnull=False, undone_at=None)


class ImportBatch(models.Model):
    """One workbook that was taken whole: what it made and changed, so that it can be undone."""

    privacy = "keep: where a record came from and how to undo it, audit.retention"
    not_exported = "tells of many people at once; what it made of each stands with them"

    kind = models.CharField(max_length=20)
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    imported_at = models.DateTimeField()
    imported_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made = models.JSONField(default=list)
    changed = models.JSONField(default=list)
    # What was made besides these, which goes with them; null where it is not known, and then nothing can be undone.
    beside = models.JSONField(null=True)
    made_rows = models.PositiveIntegerField(default=0)
    changed_rows = models.PositiveIntegerField(default=0)
    unchanged_rows = models.PositiveIntegerField(default=0)
    undo_asked_at = models.DateTimeField(null=True, blank=True)
    undo_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    undo_refusals = models.JSONField(default=list)  # sentences: why it could not be undone when that was last asked
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
