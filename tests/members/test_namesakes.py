"""Two people of one name are told apart by their unit and the end of the number, in every list that names people."""

import re
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from docx import Document
from hypothesis import given
from hypothesis import strategies as st

from learning.completion.actions import publish_plan
from learning.plans.actions import make_plan
from members.accounts.cards import new_turn
from members.accounts.models import Member, MemberQuerySet
from members.accounts.people import distinguished
from members.activities.actions import add_guest
from members.organisation.kinds import PostKind
from members.organisation.models import Participation, Post
from members.organisation.sounds import initials_of, sound_of
from tests.factories import LONG_AGO, make_leader, make_member, make_person, make_tree
from tests.learning.makers import make_lesson
from tests.members.gatherings import make_activity, tick_all
from tests.members.spells import make_spell

pytestmark = pytest.mark.django_db
NAME = "欧阳小芳"


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def namesakes(tree) -> list[Member]:
    """One in the branch itself, one in its group."""
    return [
        make_person(tree.branch, name=NAME, number="90000017").member,
        make_person(tree.group, name=NAME, number="90000042").member,
    ]


@pytest.fixture
def client(tree):
    client = Client()
    client.force_login(make_leader(tree.branch))
    return client


def tells_apart(text: str) -> bool:
    """Every mention of the name bears a unit and the end of a number."""
    mentions = len(re.findall(NAME, text))
    return mentions >= 2 and mentions == len(re.findall(rf"{NAME}（第?\S+?，编号尾号 (?:17|42)）", text))


def text_of(answer) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.content.decode())


@pytest.mark.parametrize(
    "path", ["/branch/people/", "/branch/people/?q=oyxf", "/branch/people/?q=欧阳", "/branch/units/{unit}/"]
)
def test_the_people_of_a_unit(client, tree, namesakes, path):
    assert tells_apart(text_of(client.get(path.format(unit=tree.branch.code))))


def test_a_namesake_on_another_page_of_the_list_counts_too(client, tree, namesakes):
    one = Member.objects.filter(pk=namesakes[0].pk)
    assert "17" in distinguished(one, among=Member.objects.present().affiliated_under(tree.branch))[namesakes[0].pk]
    assert distinguished(one) == {namesakes[0].pk: NAME}


def test_whose_membership_has_ended(client, tree, namesakes):
    Member.objects.filter(name=NAME).update(ended_on=timezone.localdate(), ended_kind="other")
    for member in namesakes:
        member.affiliations.update(until=timezone.now())
    text = text_of(client.get(f"/branch/people/ended/?unit={tree.branch.code}"))
    assert len(re.findall(rf"{NAME}（编号尾号 (?:17|42)）", text)) == 2


def test_sign_in_cards_bear_unit_and_number(client, tree, namesakes):
    chosen = {"number": [each.number for each in namesakes], "turn": new_turn()}
    text = text_of(client.post("/branch/people/cards/", chosen))
    assert all(each.number in text for each in namesakes)
    assert tree.group.name in text


def test_posts_and_who_takes_part_from_elsewhere(client, tree, namesakes):
    guests = [
        make_member(tree.far, name="司徒安", number="90000055"),
        make_member(tree.sibling, name="司徒安", number="90000066"),
    ]
    for guest, leader in zip(guests, namesakes, strict=True):
        Participation.objects.create(member=guest, organisation=tree.branch, since=LONG_AGO)
        Post.objects.create(member=leader, organisation=tree.branch, kind=PostKind.GROUP_LEADER, since=LONG_AGO.date())
    text = text_of(client.get(f"/branch/units/{tree.branch.code}/"))
    assert tells_apart(text)
    assert len(re.findall(r"司徒安（\S+?，编号尾号 (?:55|66)）", text)) == 2


def test_the_roster_of_an_activity_its_choosers_and_its_document(client, tree, namesakes):
    activity = make_activity(tree.branch)
    add_guest(
        activity=activity,
        number=make_member(tree.far, name=NAME, number="90000093").number,
        name=NAME,
        actor=None,
        now=timezone.now(),
    )
    path = f"/branch/activities/{activity.pk}/"
    assert len(set(re.findall(rf"{NAME}（\S+?，编号尾号 (\d\d)）", text_of(client.get(path))))) == 3
    tick_all(activity)
    document = Document(BytesIO(b"".join(client.get(f"{path}record.docx").streaming_content)))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    assert NAME in said
    assert not re.search(rf"{NAME}(?!（)", said)


def test_who_is_away_who_reports_in_and_who_can_be_their_contact(client, tree, namesakes):
    for member in namesakes:
        make_spell(member)
    for number in ("90000017", "90000042"):
        Post.objects.create(
            member=Member.objects.get(number=number),
            organisation=tree.branch,
            kind=PostKind.COMMITTEE_MEMBER,
            since=LONG_AGO.date(),
        )
    assert tells_apart(text_of(client.get("/branch/away/")))
    other = make_member(tree.branch)
    assert tells_apart(text_of(client.get(f"/branch/away/new/?who={other.number}")))
    assert tells_apart(text_of(client.get(f"/branch/away/new/?who={NAME}")).replace(f'value="{NAME}"', ""))


def test_who_is_hosted(client, tree):
    for number in ("90000017", "90000042"):
        make_spell(make_member(tree.far, name=NAME, number=number), host=tree.branch)
    assert tells_apart(text_of(client.get("/branch/hosted/")))


def test_the_board_and_whom_to_remind(client, tree, namesakes):
    today = timezone.localdate()
    days = {"starts_on": today.replace(month=1, day=1), "ends_on": today.replace(month=12, day=31)}
    plan = make_plan(title="今年的计划", organisation=tree.root, items=[make_lesson(tree.root)], **days)
    publish_plan(plan, now=timezone.now())
    assert tells_apart(text_of(client.get(f"/organise/{tree.branch.code}/")))
    shown = text_of(client.get(f"/organise/{tree.branch.code}/remind/"))
    sample = re.compile(r'<div class="message-preview">.*?</div>')  # speaks to one person by name
    assert tells_apart(sample.sub("", shown))


def test_choosing_somebody_for_a_post_asks_for_the_number(client, tree, namesakes):
    answer = client.post(
        f"/branch/units/{tree.branch.code}/posts/new/", {"who": NAME, "kind": "group_leader", "since": "2026-01-01"}
    )
    assert answer.status_code == 422
    assert "编号尾号 17" in answer.content.decode()
    assert "编号尾号 42" in answer.content.decode()


# --- how names are spoken ---------------------------------------------------------
NAMES = st.text(st.sampled_from("王伟张芳李娜欧阳阿·Ab"), min_size=1, max_size=8)


@given(NAMES, NAMES)
def test_sounds_sort_as_lists_of_syllables(one, other):
    assert (sound_of(one) < sound_of(other)) == (sound_of(one).split(" ") < sound_of(other).split(" "))


@given(NAMES)
def test_initials_begin_the_syllables(name):
    spoken = [part for part in sound_of(name).split(" ") if part]
    assert len(initials_of(name)) <= len(name)
    assert not spoken or initials_of(name)[0] == spoken[0][0]


@pytest.mark.parametrize("change", ["save", "update", "bulk_update", "update_fields"])
def test_a_changed_name_is_spoken_anew(tree, change):
    member = make_member(tree.branch, name="王伟")
    member.name = "张芳"
    people: MemberQuerySet = Member.objects.filter(pk=member.pk)
    {
        "save": member.save,
        "update_fields": lambda: member.save(update_fields=["name"]),
        "update": lambda: people.update(name="张芳"),
        "bulk_update": lambda: Member.objects.bulk_update([member], ["name"]),
    }[change]()
    member.refresh_from_db()
    assert (member.name_sound, member.name_initials) == ("zhang fang", "zf")
