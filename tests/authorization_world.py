"""A small world in which every address of the house has something to show."""

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image as Picture
from wagtail.images import get_image_model
from wagtail.models import Collection, Page, Revision, Site, Task, Workflow

from content.articles.models import ArticlePage
from content.portal.models import UnitPage
from learning.completion.actions import publish_plan
from learning.courses.audience import Audience
from learning.plans.actions import make_plan
from media.delivery import sign_file
from media.models import Asset
from members.activities.sign_in import open_code
from members.feedback.about import About
from members.feedback.actions import send_feedback
from members.messages.actions import deliver_due, enqueue
from members.messages.models import Message
from members.organisation.kinds import OrganisationKind
from members.organisation.rules import Rule
from members.roles.models import ADMINISTRATORS, Role
from tests.authorization_handovers import world_of_handovers
from tests.authorization_units import world_of_units
from tests.authorization_world_accounts import world_of_accounts
from tests.factories import (
    LONG_AGO,
    PASSWORD,
    Tree,
    grant,
    make_account,
    make_editor,
    make_leader,
    make_member,
    make_organisation,
    make_person,
    make_tree,
)
from tests.learning.makers import THIS_YEAR, make_lesson, make_portal
from tests.learning.quiz_makers import begin, make_quiz, take
from tests.members.gatherings import make_activity
from tests.members.lists_in_hand import world_of_imports
from tests.members.spells import make_spell
from tests.privacy_world import world_of_privacy
from tests.world_of_help import world_of_help
from tests.world_of_hours import world_of_hours
from tests.world_of_progress import world_of_progress
from tests.world_of_reorganisation import world_of_reorganisation
from tests.world_of_years import world_of_years

# What a converter of a pattern is called, and what of the world stands in its place.
SAMPLES = {
    "code": "unit",
    "number": "person",
    "page_id": "page",
    "parent_page_id": "portal",
    "page_to_move_id": "page",
    "destination_id": "portal",
    "page_pk": "page",
    "workflow_pk": "workflow",
    "content_type_app_name": "app",
    "content_type_model_name": "model",
    "app_label": "app",
    "app_name": "app",
    "model_name": "model",
    "revision_id": "revision",
    "image_id": "image",
    "media_id": "asset",
    "collection_id": "collection",
    "task_id": "task",
    "action_name": "action",
    "action": "action",
    "filter_spec": "filter",
    "object_id": "page",
    "spell_id": "spell",
}

CANARY = "鹭鸶"


@dataclass
class World:
    tree: Tree
    people: dict[str, Any]
    names: dict[str, str]
    cookies: dict[str, str]

    def sample(self, converter: str) -> str:
        return "{" + SAMPLES.get(converter, converter if converter in self.names else "nothing") + "}"

    def fill(self, path: str) -> str:
        for name, value in self.names.items():
            path = path.replace("{" + name + "}", value)
        return path


def make_world(*, is_mirrored: bool = False) -> World:
    """Units, people of every role, pages for every audience, files; a demonstration, so editors need one step.

    Whoever belongs to the branch that has all of it carries CANARY in the name. Mirrored, that branch lies in the west.
    """
    Rule.objects.create(key="installation.demo", value=True, source="test", effective_from=LONG_AGO.date())
    tree = mirrored(make_tree()) if is_mirrored else make_tree()
    people = {
        "member": make_person(tree.branch, name=f"{CANARY}小舟"),
        "group_secretary": make_leader(tree.group),
        "secretary": make_leader(tree.branch, name=f"{CANARY}书记"),
        "sibling_secretary": make_leader(tree.sibling),
        "organiser": make_leader(tree.east, Role.ORGANISER),
        "root_organiser": make_leader(tree.root, Role.ORGANISER),
        "far_secretary": make_leader(tree.far),
        "far_organiser": make_leader(tree.west, Role.ORGANISER),
        **{role: _administrator(role) for role in ADMINISTRATORS},
    }
    names = _published(tree, people["member"])
    names |= _activities(tree, people)
    names |= _organised(tree, people)
    names |= _quizzes(tree, people["member"])
    names |= world_of_progress(tree, people)
    people["editor"] = make_editor(tree.branch)  # after the portal, which a grant opens
    names |= _times_away(tree, people["member"])
    names |= _feedback(tree, people)
    names |= world_of_privacy(people)
    names |= world_of_handovers(tree, people)
    names |= world_of_accounts(people["member"])
    names |= world_of_reorganisation(tree, people)
    names |= world_of_units(tree, people)
    names |= world_of_hours(people)
    names |= world_of_help(people)
    names |= world_of_years(tree, people)
    names["grant"] = str(people["secretary"].grants.get().pk)
    return World(tree, people, names | _files(names), {role: _cookies(user) for role, user in people.items()})


def mirrored(tree: Tree) -> Tree:
    """The same tree with west and east changed about; the units that only the east had are made in the west."""
    group = make_organisation("第二党小组", parent=tree.far, kind=OrganisationKind.GROUP)
    sibling = make_organisation("西社区第二党支部", parent=tree.west)
    return Tree(tree.root, tree.west, tree.far, group, sibling, tree.east, tree.branch)


def _administrator(role: Role):
    user = make_account(username=str(role).replace("_", ""))
    grant(user, role, None)
    return user


def _published(tree: Tree, member) -> dict[str, str]:
    lesson = make_lesson(tree.root)
    now = timezone.now()
    year = tuple(day.replace(year=now.year) for day in THIS_YEAR)
    plan = make_plan(title="今年的学习计划", organisation=tree.root, starts_on=year[0], ends_on=year[1], items=[lesson])
    publish_plan(plan, now=now)
    articles = {}
    for audience in Audience:
        page = ArticlePage(title=f"文章 {audience}", slug=audience, organisation=tree.branch, audience=audience)
        articles[audience] = make_portal().add_child(instance=page)
        page.save_revision().publish()
    page = articles[Audience.PUBLIC]
    return {
        "unit": tree.branch.code,
        "person": member.member.number,
        "plan": str(plan.pk),
        "lesson": Page.objects.get(pk=lesson.page_id).specific.get_url().strip("/"),
        "portal": str(make_portal().pk),
        "page": str(page.pk),
        "revision": str(Revision.objects.for_instance(page).get().pk),
        "app": "content",
        "model": ContentType.objects.get_for_model(ArticlePage).model,
        "asset": str(lesson.asset_id),
        "user": str(member.pk),
    }


def _times_away(tree: Tree, member) -> dict[str, str]:
    """The member is away; somebody from the west, where nobody asks here, has reported in to the branch."""
    spell = make_spell(member.member, host=tree.far)
    guest = make_spell(make_member(tree.far), host=tree.branch, contact_person=make_member(tree.far))
    return {"spell": str(spell.pk), "guest": str(guest.pk)}


def _activities(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """One that the branch held this morning, with the code shown; the member is on the list."""
    now = timezone.now()
    held = make_activity(tree.branch, actor=people["secretary"], starts_at=now - timedelta(hours=2), now=now)
    open_code(activity=held, actor=people["secretary"], now=now)
    return {"activity": str(held.pk)}


def _feedback(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """A member's word about a page, put to the branch; and the unit's own page, for the branch only."""
    said = About(path="/study/", title="学习", organisation_id=tree.branch.pk, nonce="world")
    found = send_feedback(author=people["member"], text="字太小", about=said, now=timezone.now())
    corner = UnitPage(title="支部主页", slug="corner", organisation=tree.branch, audience=Audience.SUBTREE)
    make_portal().add_child(instance=corner)
    corner.save_revision().publish()
    return {"feedback": str(found.pk)}


def _organised(tree: Tree, people: dict[str, Any]) -> dict[str, str]:
    """A draft of the organiser's, a list that waits for their button, a message to the member."""
    now = timezone.now()
    year = tuple(day.replace(year=now.year) for day in THIS_YEAR)
    draft = make_plan(title="草稿", organisation=tree.east, starts_on=year[0], ends_on=year[1], items=[])
    said = {"topic": "study.plan/1", "title": "还有 1 项", "text": "还有 1 项", "why": "在计划里", "dedupe": "world"}
    enqueue(to=people["member"].member, now=now, **said)
    deliver_due(now=now)
    return {
        "draft": str(draft.pk),
        "message": str(Message.objects.get().pk),
        **world_of_imports(people["organiser"]),
    }


def _quizzes(tree: Tree, member) -> dict[str, str]:
    """A quiz for everybody that the member has taken once and begun again, and one for the branch alone."""
    quiz = make_quiz(tree.root)
    near = make_quiz(tree.branch, bank=quiz.bank, audience=Audience.SUBTREE)
    done, begun = take(quiz, member.member, right=2), begin(quiz, member.member)
    return {
        "quiz": str(quiz.pk),
        "near_quiz": str(near.pk),
        "draft_quiz": str(make_quiz(tree.root, bank=quiz.bank, published=False).pk),
        "attempt": str(done.pk),
        "begun": str(begun.pk),
        "bank": str(quiz.bank_id),
        "question": str(quiz.bank.questions.first().pk),
    }


def _files(names: dict[str, str]) -> dict[str, str]:
    drawn = BytesIO()
    Picture.new("RGB", (40, 30), "white").save(drawn, "PNG")
    image = get_image_model().objects.create(title="图", file=ContentFile(drawn.getvalue(), "white.png"))
    asset = Asset.objects.get(pk=names["asset"])
    shown = image.get_rendition("width-20")
    return {
        "image": str(image.pk),
        "picture": shown.file.name.partition("/")[2],
        "play": sign_file(user_id=None, asset=asset, now=timezone.now()).strip("/"),
        "collection": str(Collection.get_first_root_node().pk),
        "site": str(Site.objects.get().pk),
        "task": str(Task.objects.first().pk),
        "workflow": str(Workflow.objects.first().pk),
        "filter": "width-20",
        "action": "publish",
        "nothing": "7",
    }


def _cookies(user) -> str:
    client = Client()
    client.force_login(user)
    return client.cookies.output(header="", sep=";")


def with_second_step(user):
    """The same account, now with a second step, and its password."""
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "JBSWY3DPEHPK3PXP"})
    return user, PASSWORD
