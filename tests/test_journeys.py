"""How things move through the house, one journey a test: read these first, then the rooms."""

import json
import re
from datetime import timedelta
from decimal import Decimal
from io import BytesIO, StringIO

import openpyxl
import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from content.articles.models import ArticlePage
from content.search.actions import fold_index_changes
from learning.completion.actions import publish_plan
from learning.completion.models import Completion, Enrolment
from learning.completion.recount import wrong_tallies
from learning.completion.standing import Standing
from learning.completion.tallies import fold_deltas
from learning.courses.models import StudyItem
from learning.hours.models import HoursEntry
from learning.plans.actions import make_plan
from learning.study import views as study
from members.accounts.member_rows import COLUMNS as MEMBER_COLUMNS
from members.accounts.models import Member
from members.organisation.models import Organisation
from members.organisation.unit_rows import COLUMNS as UNIT_COLUMNS
from members.roles.models import Role
from tests.factories import PASSWORD, grant, make_account, make_organisation, make_person
from tests.learning.makers import make_lesson, make_portal
from tests.members.workbooks import workbook

pytestmark = pytest.mark.django_db

UNITS = [
    ("LW", "柳湾街道党工委", "党工委", "", ""),
    ("LW01", "第一社区党委", "党委", "LW", ""),
    ("LW0101", "第一社区第一党支部", "党支部", "LW01", ""),
    ("LW0102", "第一社区第二党支部", "党支部", "LW01", ""),
]
PEOPLE = [
    ("01010001", "周秀兰", "13900000001", "LW0101", "正式党员", "1985-07-01", ""),
    ("01010002", "顾文竹", "", "LW0101", "正式党员", "1990-07-01", "书记"),
    ("01020001", "裴秋实", "", "LW0102", "预备党员", "2026-03-01", ""),
]


@pytest.fixture
def imported(tmp_path):
    """The organisations and members of two workbooks."""
    take("import_organisations", workbook(tmp_path / "units.xlsx", *UNITS, header=UNIT_COLUMNS))
    take("import_members", workbook(tmp_path / "people.xlsx", *PEOPLE, header=MEMBER_COLUMNS))


def take(command: str, file) -> str:
    said = StringIO()
    call_command(command, str(file), stdout=said)
    return said.getvalue()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def figures(page) -> list[str]:
    """The figures of a board, from its table."""
    return re.findall(r"<td[^>]*>(\d+)</td>", page.content.decode())


def plan_for_everybody(*items: StudyItem):
    today = timezone.localdate()
    unit = Organisation.objects.get(code="LW")
    plan = make_plan(title="今年的学习", organisation=unit, starts_on=today, ends_on=today, items=items)
    publish_plan(plan, now=timezone.now())
    return plan


def test_a_workbook_becomes_units_and_people_and_a_second_time_nothing(imported, tmp_path):
    assert Organisation.objects.get(code="LW0101").get_parent().code == "LW01"
    member = Member.objects.get(number="01010001")
    assert (member.name, member.organisation_now().code, member.phone_last4) == ("周秀兰", "LW0101", "0001")
    assert member.user is None

    take("import_members", workbook(tmp_path / "again.xlsx", *PEOPLE, header=MEMBER_COLUMNS))
    assert Member.objects.count() == len(PEOPLE)

    moved = [(*PEOPLE[0][:3], "LW0102", *PEOPLE[0][4:]), ("01010009", "无处可归", "", "LW9999", "正式党员", "", "")]
    with pytest.raises(SystemExit):
        take("import_members", workbook(tmp_path / "bad.xlsx", *moved, header=MEMBER_COLUMNS))
    assert member.organisation_now().code == "LW0101"  # one bad row, so none was taken


def test_a_first_sign_in_by_card_and_a_password_of_ones_own(imported):
    said = StringIO()
    call_command("issue_code", "01010001", stdout=said)
    code = re.search(r"[A-Z0-9]{4}-[A-Z0-9]{4}", said.getvalue()).group()

    client = Client()
    card = {"login": "01010001", "password": code}
    answer = client.post("/accounts/card/", card, follow=True)
    assert answer.request["PATH_INFO"] == "/accounts/password/choose/"
    assert client.get("/study/", follow=True).request["PATH_INFO"] == "/accounts/password/choose/"

    client.post("/accounts/password/choose/", {"password1": PASSWORD, "password2": PASSWORD})
    asked = client.get("/study/", follow=True)
    assert asked.request["PATH_INFO"] == "/me/consent/"
    assert client.post("/me/consent/", {"version": "1", "answer": "yes", "next": "/study/"}).url == "/study/"
    assert client.get("/study/").status_code == 200

    again = Client()
    again.post("/accounts/card/", card)
    assert "_auth_user_id" not in again.session  # a card is good once
    again.post("/accounts/login/", {"login": "01010001", "password": PASSWORD})
    assert "_auth_user_id" in again.session


def test_a_heartbeat_reaches_the_organisers_board(imported, monkeypatch):
    root = Organisation.objects.get(code="LW")
    item = make_lesson(root, title="会前三件小事", seconds=60, hours=Decimal("0.25"))
    plan_for_everybody(item)
    member = make_account(Member.objects.get(number="01010001"))
    organiser = make_account(username="zuzhiyuan")
    grant(organiser, Role.ORGANISER, root)

    lesson = signed_in(member).get(item.page.get_url()).content.decode()
    visit = re.search(r'data-visit="([^"]+)"', lesson).group(1)

    def beat(seq: int, start: float, end: float, *, after_seconds: float) -> dict:
        moment = timezone.now() + timedelta(seconds=after_seconds)
        monkeypatch.setattr(study.timezone, "now", lambda: moment)
        said = {"visit": visit, "seq": seq, "spans": [[start, end]], "position": end, "at": after_seconds * 1000}
        answer = Client().post("/study/heartbeat/", json.dumps(said), content_type="text/plain").json()
        monkeypatch.undo()
        return answer

    assert beat(1, 0, 20, after_seconds=20)["say"] == "还差 40 秒"
    assert beat(2, 59, 60, after_seconds=21)["state"] == "studying"  # dragged to the end
    assert beat(3, 20, 60, after_seconds=60)["state"] == "completed"
    assert beat(3, 20, 60, after_seconds=61)["state"] == "completed"

    assert [str(entry.hours) for entry in HoursEntry.objects.filter(member=member.member)] == ["0.25"]
    assert Completion.objects.get(enrolment__member=member.member).standing == Standing.DONE

    board = signed_in(organiser)
    before_the_fold = figures(board.get("/organise/LW01/"))
    assert before_the_fold[:5] == ["2", "2", "1", "0", "1"]  # members, expected, studied, studying, not started
    while fold_deltas():
        pass
    assert figures(board.get("/organise/LW01/")) == before_the_fold
    assert wrong_tallies() == []

    book = openpyxl.load_workbook(BytesIO(board.get("/organise/LW/export.xlsx").getvalue()))
    units, people = ([[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets)
    assert units[1][:6] == ["LW01", "第一社区党委", 3, 3, 1, 0]
    raw = Enrolment.objects.order_by("organisation__code", "member__number")
    assert [row[0] for row in people[1:]] == [each.member.number for each in raw]
    assert [(row[1], row[3]) for row in people[1:]] == [
        ("周秀兰", "已学完"),
        ("顾文竹", "还没开始"),
        ("裴秋实", "还没开始"),
    ]


def test_an_article_is_published_and_found_in_the_middle_of_a_sentence():
    unit = make_organisation()
    page = ArticlePage(title="一次会议怎样记", organisation=unit, audience="members")
    page.body = json.dumps([{"type": "text", "value": "<p>散会以前，主持人请大家备好老花镜，再念一遍。</p>"}])
    make_portal().add_child(instance=page)
    page.save_revision().publish()
    assert StudyItem.objects.get(page_id=page.pk).title == "一次会议怎样记"

    while fold_index_changes(now=timezone.now()):
        pass
    reader = signed_in(make_person(unit))
    assert "一次会议怎样记" in reader.get("/search/?q=老花镜").content.decode()
    assert "一次会议怎样记" not in Client().get("/search/?q=老花镜").content.decode()

    page.delete()
    assert StudyItem.objects.get(title="一次会议怎样记").page is None  # what was studied is never lost
    assert "一次会议怎样记" not in reader.get("/search/?q=老花镜").content.decode()
