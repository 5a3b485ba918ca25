"""The register as a workbook has it, and all that this room has written."""

from django.apps import apps

from members.accounts.member_words import POST_WORDS, STATUS_WORDS
from members.accounts.models import Member
from members.accounts.phones import open_phone
from members.organisation.models import Organisation, Post
from members.organisation.unit_words import WORD_OF_KIND

WORD_OF_STATUS = {kind: word for word, kind in STATUS_WORDS.items()}
WORD_OF_POST = {kind: word for word, kind in POST_WORDS.items()}


def exported_units() -> set[tuple[str, ...]]:
    """The tree as a workbook has it, read from the database afresh."""
    rows = set()
    for unit in Organisation.objects.all():
        parent = unit.get_parent(update=True)
        rows.add((unit.code, unit.name, WORD_OF_KIND[unit.kind], parent.code if parent else "", unit.sector))
    return rows


def exported_members() -> set[tuple[str, ...]]:
    """The register as a workbook has it."""
    rows = set()
    for member in Member.objects.all():
        home = member.organisation_now()
        held = Post.objects.filter(member=member, organisation=home, until=None).values_list("kind", flat=True)
        posts = "、".join(word for kind, word in WORD_OF_POST.items() if kind in held)
        joined = member.joined_on.isoformat() if member.joined_on else ""
        phone, status = open_phone(member.phone_cipher), WORD_OF_STATUS[member.status]
        rows.add((member.number, member.name, phone, home.code, status, joined, posts))
    return rows


def everything() -> dict[str, list]:
    """Every row of every table of this room."""
    models = apps.get_app_config("members").get_models()
    return {model.__name__: sorted(map(str, model.objects.values_list())) for model in models}
