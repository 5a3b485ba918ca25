"""A list comes in through the web: looked at first, taken once, by its sender alone."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from openpyxl import load_workbook

from members.accounts.member_rows import COLUMNS
from members.accounts.models import Member
from members.audit.models import AuditEvent
from members.imports.kinds import ListKind
from members.imports.pending import KEPT, drop_expired, find, keep
from members.organisation.models import ImportBatch, Organisation
from members.organisation.unit_rows import COLUMNS as UNIT_COLUMNS
from members.organisation.workbook import MEGABYTE, read_rows
from members.roles.models import Role
from tests.factories import PASSWORD, make_leader, make_member, make_tree
from tests.members.workbooks import sheet_of, workbook, zip_bomb

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def organiser(tree):
    return make_leader(tree.east, Role.ORGANISER)


@pytest.fixture
def signed_in(client, organiser):
    client.force_login(organiser)
    return client


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.IMPORTS_DIR = tmp_path / "imports"


def send(client, tmp_path, *rows, kind=ListKind.MEMBERS, header=None):
    columns = header or (COLUMNS if kind == ListKind.MEMBERS else UNIT_COLUMNS)
    path = workbook(tmp_path / "名单.xlsx", *rows, header=columns)
    return post(client, path.read_bytes(), kind=kind)


def post(client, content: bytes, *, kind=ListKind.MEMBERS, name="名单.xlsx"):
    return client.post("/organise/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, content)})


def row(number: str, unit, *, name="周新", phone="13800000001") -> tuple:
    return (number, name, phone, unit.code, "正式党员", "2001-07-01", "")


def said(response) -> str:
    return response.content.decode()


def test_a_list_is_looked_at_then_taken_with_one_button(signed_in, tree, tmp_path):
    known = make_member(tree.branch, number="800001", name="周欣")
    looked = send(signed_in, tmp_path, row("800001", tree.group, name="周新"), row("800002", tree.branch, name="李月"))
    page = said(signed_in.get(looked.url))
    assert "导入 2 人" in page
    assert "<del>周欣</del>" in page
    assert tree.group.name in page
    assert "李月" in page
    assert "13800000001" not in page
    assert not Member.objects.filter(number="800002").exists()
    done = signed_in.post(looked.url, follow=True)
    assert "已导入 2 人" in said(done)
    known.refresh_from_db()
    assert (known.name, known.organisation_now()) == ("周新", tree.group)
    assert ImportBatch.objects.get().imported_by_id == int(signed_in.session["_auth_user_id"])
    assert AuditEvent.objects.filter(action="members.imported").count() == 1


def test_pressing_twice_imports_once(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    for _ in range(2):
        assert signed_in.post(looked.url).url == "/organise/imports/"
    assert ImportBatch.objects.count() == 1
    again = signed_in.get(looked.url, follow=True)
    assert "已经导入过了" in said(again)


def test_a_list_that_has_been_taken_leaves_nobodys_data_behind(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    signed_in.post(looked.url)
    [kept] = settings.IMPORTS_DIR.rglob("*.json")
    assert "13800000001" not in kept.read_text()


def test_units_come_in_by_the_same_door(signed_in, tree, tmp_path):
    rows = [("N1", "新支部", "党支部", tree.east.code, ""), (tree.sibling.code, "改名", "党支部", tree.east.code, "")]
    looked = send(signed_in, tmp_path, *rows, kind=ListKind.ORGANISATIONS)
    page = said(signed_in.get(looked.url))
    assert "导入 2 个党组织" in page
    assert "<ins>改名</ins>" in page
    signed_in.post(looked.url)
    assert Organisation.objects.get(code="N1").get_parent() == tree.east


def test_a_list_that_changes_nothing_says_so_and_has_no_button(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    signed_in.post(looked.url)
    again = said(signed_in.get(send(signed_in, tmp_path, row("800002", tree.branch)).url))
    assert "都没有变化" in again
    assert "导入 0 人" not in again


def test_bad_rows_are_named_and_come_back_with_comments(signed_in, tree, tmp_path):
    rows = [row("800002", tree.branch), row("800003", tree.far, phone="123"), row("", tree.branch, name="=1+1")]
    looked = send(signed_in, tmp_path, *rows)
    page = said(signed_in.get(looked.url))
    assert "有 2 行要改" in page
    assert "手机号是 1 开头的 11 位数字" in page
    assert "不归您管理" in page
    assert signed_in.post(looked.url).status_code == 200  # refused: the reasons again
    assert not ImportBatch.objects.exists()
    back = BytesIO(b"".join(signed_in.get(f"{looked.url}errors.xlsx").streaming_content))
    sheet = load_workbook(back).active
    commented = {cell.coordinate for line in sheet.iter_rows() for cell in line if cell.comment}
    assert commented == {"C3", "D3", "A4", "B4"}
    assert sheet["C3"].value == "123"
    assert "手机号" in sheet["C3"].comment.text


def test_what_comes_back_reads_as_what_was_sent_and_holds_no_formula(tmp_path, signed_in, tree):
    rows = [row("800003", tree.far, name="+SUM(1)"), row("0800004", tree.far, name="@x"), row("800005", tree.branch)]
    looked = send(signed_in, tmp_path, *rows)
    path = tmp_path / "back.xlsx"
    path.write_bytes(b"".join(signed_in.get(f"{looked.url}errors.xlsx").streaming_content))
    read = read_rows(path, COLUMNS)
    assert read.problems == []
    assert [line.cells for line in read.rows] == rows


def test_a_list_without_a_fault_has_no_commented_copy(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    assert signed_in.get(f"{looked.url}errors.xlsx").status_code == 404


def test_another_organiser_finds_no_list_under_this_key_and_cannot_take_it(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    for other in (make_leader(tree.west, Role.ORGANISER), make_leader(tree.root, Role.ORGANISER)):
        client = Client()
        client.force_login(other)
        for ask in (client.get, client.post):
            assert ask(looked.url).status_code == 404
        assert client.get(f"{looked.url}errors.xlsx").status_code == 404
    assert not ImportBatch.objects.exists()


def test_a_list_that_lay_too_long_is_gone(signed_in, organiser, tree):
    now = timezone.now()
    key = keep(sheet_of(row("800002", tree.branch)), ListKind.MEMBERS, user_id=organiser.pk, now=now)
    assert find(key, user_id=organiser.pk, now=now + KEPT) is not None
    assert find(key, user_id=organiser.pk, now=now + KEPT + timedelta(seconds=1)) is None
    assert drop_expired(now=now) == 0
    assert drop_expired(now=now + KEPT + timedelta(minutes=1)) == 1
    assert signed_in.get(f"/organise/imports/{key}/").status_code == 404


def test_what_is_kept_is_private_and_no_key_leads_out_of_its_folder(organiser, tree):
    now = timezone.now()
    key = keep(sheet_of(row("800002", tree.branch)), ListKind.MEMBERS, user_id=organiser.pk, now=now)
    [path] = settings.IMPORTS_DIR.rglob("*.json")
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)
    for foreign in (f"../{organiser.pk}/{key}", key + "/", "", "." * 24):
        assert find(foreign, user_id=organiser.pk, now=now) is None


def test_whose_grant_ended_meanwhile_takes_nothing(signed_in, organiser, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    organiser.grants.update(until=timezone.now())
    assert signed_in.post(looked.url).status_code == 404
    assert not Member.objects.filter(number="800002").exists()


def test_a_secretary_and_a_member_find_no_such_pages(client, tree):
    client.force_login(make_leader(tree.branch))
    for path in ("/organise/imports/", "/organise/imports/new/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)


def test_organisers_see_imports_of_their_own_part_of_the_tree(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    signed_in.post(looked.url)
    assert "名单.xlsx" in said(signed_in.get("/organise/imports/"))
    client = Client()
    for unit, is_seen in ((tree.root, True), (tree.west, False)):
        client.force_login(make_leader(unit, Role.ORGANISER))
        assert ("名单.xlsx" in said(client.get("/organise/imports/"))) is is_seen


def test_imports_of_another_kind_have_their_own_place(signed_in, organiser):
    batch = {"sha256": "", "imported_at": timezone.now(), "imported_by": organiser}
    ImportBatch.objects.create(kind="questions", file_name="试题.xlsx", **batch)
    ImportBatch.objects.create(kind="members", file_name="名单.xlsx", **batch)
    page = said(signed_in.get("/organise/imports/"))
    assert "名单.xlsx" in page
    assert "试题.xlsx" not in page


def test_the_list_of_imports_asks_no_more_queries_for_more_imports(signed_in, organiser, django_assert_num_queries):
    now = timezone.now()
    batch = {"kind": "members", "file_name": "a.xlsx", "sha256": "", "imported_at": now, "imported_by": organiser}
    ImportBatch.objects.create(**batch)
    signed_in.get("/organise/imports/")
    with django_assert_num_queries(7):
        signed_in.get("/organise/imports/")
    ImportBatch.objects.bulk_create(ImportBatch(**batch) for _ in range(20))
    with django_assert_num_queries(7):
        signed_in.get("/organise/imports/")


# --- what cannot be read is said plainly ------------------------------------------
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "这个文件是空的"),
        (b"not a workbook at all", "这不是 .xlsx 工作簿"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "这是旧的 .xls 格式"),
        (b"\0" * (5 * MEGABYTE + 1), "文件超过 5 MB"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_a_plain_sentence(signed_in, content, sentence):
    answer = post(signed_in, content)
    assert answer.status_code == 200
    assert sentence in said(answer)
    assert not list(settings.IMPORTS_DIR.rglob("*.json"))


def test_a_far_too_large_body_is_refused_unread(signed_in):
    answer = post(signed_in, b"\0" * (7 * MEGABYTE))
    assert answer.status_code == 413
    assert "文件超过 5 MB" in said(answer)


def test_wrong_headings_and_a_bomb_harm_nobody(signed_in, tmp_path):
    answer = send(signed_in, tmp_path, ("1", "2"), header=("甲", "乙"))
    assert "第一行应当是" in said(answer)
    bomb = zip_bomb(tmp_path / "bomb.xlsx", 60).read_bytes()
    assert "远远超过一份名单" in said(post(signed_in, bomb))


def test_without_a_token_nothing_is_read(organiser, tree, tmp_path):
    client = Client(enforce_csrf_checks=True)
    client.login(username=organiser.username, password=PASSWORD)
    assert send(client, tmp_path, row("800002", tree.branch)).status_code == 403
