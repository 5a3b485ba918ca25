"""How things move through the house, one journey a test: read these first, then the rooms."""

import json
import re
from datetime import datetime, timedelta
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
from learning.training.rows import COLUMNS as TRAINING_COLUMNS
from learning.years.checking import faults_of_closings
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


def test_a_training_of_december_is_entered_in_january_corrected_in_march_and_the_old_paper_says_so(
    imported, tmp_path, monkeypatch
):
    year = timezone.localdate().year
    december = f"{year}-12-18"
    member = make_account(Member.objects.get(number="01010001"))
    organiser = make_account(username="zuzhiyuan")
    grant(organiser, Role.ORGANISER, Organisation.objects.get(code="LW"))

    def it_is(month: int, day: int) -> None:
        moment = timezone.make_aware(datetime(year + 1, month, day, 9))
        monkeypatch.setattr(timezone, "now", lambda: moment)

    def list_of_trainings(name: str, hours: str):
        row = ("01010001", "周秀兰", "冬季集中培训", december, december, hours, "柳湾街道党校")
        return workbook(tmp_path / name, row, header=TRAINING_COLUMNS)

    it_is(1, 12)
    assert take("import_training", list_of_trainings("january.xlsx", "8")) == "新增 1 行，更新 0 行，0 行没有变化。\n"
    ledger = signed_in(member).get(f"/study/hours/?year={year}").content.decode()
    assert ("冬季集中培训" in ledger, "补录" in ledger) == (True, True)  # a late entry, and it belongs to December

    at_home = signed_in(member)
    at_home.post(f"/study/record/{year}/")  # the paper, with its code
    code = re.search(r'record-code">([0-9A-Z-]{19})<', at_home.get(f"/study/record/{year}/").content.decode()).group(1)
    assert "此后没有补充，今天也是 8 学时" in Client().get(f"/records/{code}/").content.decode()

    it_is(1, 20)
    desk = signed_in(organiser)
    assert "没有未了的事" in desk.get(f"/organise/years/{year}/close/").content.decode()
    desk.post(f"/organise/years/{year}/close/", {"unit": "LW"})
    closed = desk.get(f"/organise/years/{year}/").content.decode()
    assert "应学 3 人，学满 0 人" in closed
    assert "此后没有补充" in closed

    it_is(3, 5)
    take("import_training", list_of_trainings("march.xlsx", "6"))
    again = signed_in(organiser).get(f"/organise/years/{year}/").content.decode()
    assert "应学 3 人，学满 0 人" in again  # what was closed never changes
    assert "合计 −2 学时" in again
    paper = Client().get(f"/records/{code}/").content.decode()
    assert "这份记录属实，此后有补充" in paper
    assert f"记录上 {year} 年是 8 学时，今天是 6 学时" in paper
    assert "周秀兰" not in paper
    assert faults_of_closings() == []
