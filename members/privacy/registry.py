"""Which models tell of a person, by which links, and what each says of itself: read from Django's registry alone.

A model of ours says `privacy`; where its links to the person may be empty, `person` names the one that it is about.
`not_exported` gives the reason why it is not handed out. `on_erasure` says what goes when the person is erased:
«keep: reason, term», «blank field field: reason, term» or, where it is silent, «delete» unless `privacy` keeps it.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db import models

from members.accounts.models import Member, User

ROOMS = ("content", "learning", "media", "members")
FARTHEST = 3
# Of what Wagtail and allauth hold: is it handed out? All of it goes with the person.
FRAMEWORK = {
    "account.EmailAddress": True,
    "mfa.Authenticator": False,  # a secret, set up anew whenever one likes
    "wagtailadmin.EditingSession": False,  # which page is open at this moment
    "wagtailadmin.FormState": False,  # which form is open at this moment
    "wagtailcore.Comment": True,
    "wagtailcore.CommentReply": True,
    "wagtailcore.PageSubscription": True,
    "wagtailusers.UserProfile": False,  # how the pages for editing look
}


@dataclass(frozen=True)
class Fate:
    """What becomes of the rows about a person who is erased."""

    deed: str  # delete, blank or keep
    fields: tuple[str, ...] = ()
    reason: str = ""
    term: str = ""

    @classmethod
    def read(cls, said: str) -> "Fate":
        head, _, why = said.partition(": ")
        deed, *fields = head.split()
        reason, _, term = why.rpartition(", ")
        return cls(deed, tuple(fields), reason, term)


def about_people() -> Iterator[tuple[type[models.Model], str]]:
    """Every model with rows about one person, and the lookup from it to them; the farthest first."""
    found = []
    for model in apps.get_models():
        is_ours = model._meta.app_label in ROOMS and model not in (User, Member)
        if (is_ours or model._meta.label in FRAMEWORK) and (way := way_to_person(model)):
            found.append((model, way))
    return iter(sorted(found, key=lambda each: (-each[1].count("__"), each[0]._meta.label)))


def way_to_person(model: type[models.Model], steps: int = FARTHEST) -> str:
    """The shortest way by links that cannot be empty, or the one that the model names; blank where there is none."""
    if named := vars(model).get("person"):
        return named
    links = [field for field in model._meta.local_fields if isinstance(field, models.ForeignKey) and not field.null]
    for person in (Member, User):
        for link in links:
            if link.related_model is person:
                return link.name
    if steps > 1:
        for link in links:
            if further := way_to_person(link.related_model, steps - 1):
                return f"{link.name}__{further}"
    return ""


def person_at(model: type[models.Model], way: str, *, user: User | None, member: Member | None):
    """The account or the member, whichever the way leads to; None where that one does not exist."""
    for name in way.split("__"):
        model = model._meta.get_field(name).related_model
    return user if model is User else member


def is_exported(model: type[models.Model]) -> bool:
    return FRAMEWORK.get(model._meta.label, "not_exported" not in vars(model))


def fate_of(model: type[models.Model]) -> Fate:
    own = vars(model)
    if model._meta.label in FRAMEWORK:
        return Fate("delete")
    privacy = own.get("privacy", "")
    return Fate.read(own.get("on_erasure") or (privacy if privacy.startswith("keep:") else "delete"))
