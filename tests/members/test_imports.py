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
from members.imports.actions import confirm_list, drop_expired, receive_list
from members.imports.files import ListFiles
from members.imports.kinds import ListKind
from members.imports.models import KEPT, IncomingList, ListStep
from members.imports.turning import turn_lists
from members.organisation.models import ImportBatch, Organisation, Post
from members.organisation.unit_rows import COLUMNS as UNIT_COLUMNS
from members.organisation.workbook import MEGABYTE, read_rows
from members.roles.models import Role
from tests.factories import PASSWORD, make_leader, make_member, make_tree
from tests.members.workbooks import workbook, zip_bomb

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
    answer = client.post("/organise/imports/new/", {"kind": kind, "file": SimpleUploadedFile(name, content)})
    turn()
    return answer


def turn():
    """The slow worker looks."""
    turn_lists(now=timezone.now())


def confirm(client, address: str):
    answer = client.post(address)
    turn()
    return client.get(address, follow=True) if answer.status_code == 302 else answer


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
    done = said(confirm(signed_in, looked.url))
    assert "新增 1，更新 1" in done
    assert "这份名单已经导入" in done
    known.refresh_from_db()
    assert (known.name, known.organisation_now()) == ("周新", tree.group)
    assert ImportBatch.objects.get().imported_by_id == int(signed_in.session["_auth_user_id"])
    assert AuditEvent.objects.filter(action="members.imported").count() == 1


def test_pressing_twice_imports_once(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    for _ in range(2):
        assert signed_in.post(looked.url).url == looked.url
    turn()
    assert signed_in.post(looked.url).url == looked.url
    turn()
    batch = ImportBatch.objects.get()
    assert signed_in.get(looked.url).url == f"/organise/imports/{batch.pk}/"


def test_a_list_that_has_been_taken_leaves_nobodys_data_behind(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    kept = [path.read_bytes() for path in settings.IMPORTS_DIR.rglob("*.*")]
    assert any(b"13800000001" in content for content in kept)
    confirm(signed_in, looked.url)
    assert not any(path.stat().st_size for path in settings.IMPORTS_DIR.rglob("*.*"))


def test_units_come_in_by_the_same_door(signed_in, tree, tmp_path):
    rows = [("N1", "新支部", "党支部", tree.east.code, ""), (tree.sibling.code, "改名", "党支部", tree.east.code, "")]
    looked = send(signed_in, tmp_path, *rows, kind=ListKind.ORGANISATIONS)
    page = said(signed_in.get(looked.url))
    assert "导入 2 个党组织" in page
    assert "<ins>改名</ins>" in page
    confirm(signed_in, looked.url)
    assert Organisation.objects.get(code="N1").get_parent() == tree.east


def test_a_list_that_changes_nothing_says_so_and_has_no_button(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    confirm(signed_in, looked.url)
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
    assert "有 2 行要改" in said(confirm(signed_in, looked.url))  # refused: the reasons again
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


def test_a_list_that_lay_too_long_is_gone(signed_in, organiser, tree, tmp_path):
    now = timezone.now()
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    assert drop_expired(now=now) == 0
    IncomingList.objects.update(sent_at=now - KEPT - timedelta(seconds=1))
    assert signed_in.get(looked.url).status_code == 404
    assert drop_expired(now=now) == 1
    assert not list(settings.IMPORTS_DIR.rglob("*.*"))


def test_a_list_that_was_confirmed_is_finished_however_long_it_took(signed_in, tree, tmp_path):
    now = timezone.now()
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    signed_in.post(looked.url)
    IncomingList.objects.update(sent_at=now - KEPT - timedelta(hours=1))
    assert drop_expired(now=now) == 0
    turn()
    assert Member.objects.filter(number="800002").exists()


def test_what_is_kept_is_private(signed_in, tree, tmp_path):
    send(signed_in, tmp_path, row("800002", tree.branch))
    modes = {path.stat().st_mode & 0o777 for path in settings.IMPORTS_DIR.rglob("*.*")}
    folders = {path.parent.stat().st_mode & 0o777 for path in settings.IMPORTS_DIR.rglob("*.*")}
    assert (modes, folders) == ({0o600}, {0o700})


def test_whose_grant_ended_meanwhile_takes_nothing(signed_in, organiser, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    signed_in.post(looked.url)
    organiser.grants.update(until=timezone.now())
    turn()
    assert signed_in.post(looked.url).status_code == 404
    assert not Member.objects.filter(number="800002").exists()


def test_a_secretary_and_a_member_find_no_such_pages(client, tree):
    client.force_login(make_leader(tree.branch))
    for path in ("/organise/imports/", "/organise/imports/new/"):
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in (404, 405)


def test_organisers_see_imports_of_their_own_part_of_the_tree(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    confirm(signed_in, looked.url)
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
    with django_assert_num_queries(5):
        signed_in.get("/organise/imports/")
    ImportBatch.objects.bulk_create(ImportBatch(**batch) for _ in range(20))
    with django_assert_num_queries(5):
        signed_in.get("/organise/imports/")


# --- what cannot be read is said plainly ------------------------------------------
@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0", "这不是 .xlsx 工作簿，也不是"),
        ("编码,名称\n1,2".encode("utf-16"), "这不是 .xlsx 工作簿，也不是"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "这是旧的 .xls 格式"),
        (b"a,b\0\n1,2\n", "这不是 .xlsx 工作簿，也不是"),
        ('姓名,编号\n"张,1\n'.encode(), "引号没有成对"),
        (b"only one column\nof words\n", "没有找到标题行"),
        (b"," * 300_000, "没有找到标题行"),
        (b"x" * 300_000, "远远超过一份名单"),
    ],
)
def test_a_file_that_cannot_be_taken_is_refused_in_a_plain_sentence(signed_in, content, sentence):
    page = said(signed_in.get(post(signed_in, content).url))
    assert sentence in page
    assert "什么都没有导入" in page
    assert not list(settings.IMPORTS_DIR.rglob("*.upload"))


@pytest.mark.parametrize(
    ("content", "sentence"), [(b"", "这个文件是空的"), (b"\0" * (10 * MEGABYTE + 1), "文件超过 10 MB")]
)
def test_a_file_that_is_empty_or_too_large_is_not_even_kept(signed_in, content, sentence):
    answer = post(signed_in, content)
    assert answer.status_code == 200
    assert sentence in said(answer)
    assert not list(settings.IMPORTS_DIR.rglob("*.*"))


def test_a_far_too_large_body_is_refused_unread(signed_in):
    answer = post(signed_in, b"\0" * (12 * MEGABYTE))
    assert answer.status_code == 413
    assert "文件超过 10 MB" in said(answer)


def test_a_bomb_and_a_deadly_file_harm_nobody(signed_in, tmp_path):
    bomb = zip_bomb(tmp_path / "bomb.xlsx", 60).read_bytes()
    assert "远远超过一份名单" in said(signed_in.get(post(signed_in, bomb).url))
    incoming = IncomingList.objects.get()
    incoming.go(ListStep.READ)
    incoming.attempts = 3  # the worker was killed three times over it
    incoming.save()
    turn()
    incoming.refresh_from_db()
    assert incoming.step == ListStep.REFUSED


def test_without_a_token_nothing_is_read(organiser, tree, tmp_path):
    client = Client(enforce_csrf_checks=True)
    client.login(username=organiser.username, password=PASSWORD)
    assert send(client, tmp_path, row("800002", tree.branch)).status_code == 403


# --- whatever the columns are called ---------------------------------------------------
NAMED_OTHERWISE = "全街道党员名册\n\n序号,名字,联系方式,工号,支部编码,政治面貌,备注\n"


def test_columns_with_other_names_are_guessed_and_confirmed(signed_in, tree):
    content = (NAMED_OTHERWISE + f"1,李月,138 0000 0009,800002,{tree.branch.code},正式党员,=1+1\n").encode("gb18030")
    looked = post(signed_in, content, name="名册.csv")
    asked = signed_in.get(looked.url)
    assert asked.url == f"{looked.url}columns/"
    page = said(signed_in.get(asked.url))
    assert "138 **** 0009" in page
    assert "0000 0009" not in page.replace("**** 0009", "")
    form = signed_in.get(asked.url).context["form"]
    picked = {name: field.initial for name, field in form.fields.items()}
    assert list(picked.values()) == ["3", "1", "2", "4", "5", "-1", "-1"]
    assert signed_in.post(asked.url, picked).url == looked.url
    turn()
    page = said(signed_in.get(looked.url))
    assert "导入 1 人" in page
    assert "原样保留：入党日期、职务" in page
    confirm(signed_in, looked.url)
    assert Member.objects.get(number="800002").phone_last4 == "0009"


def test_a_column_that_is_needed_must_be_chosen_and_each_only_once(signed_in, tree):
    looked = post(signed_in, NAMED_OTHERWISE.encode() + b"1,2,3,4,5,6,7\n")
    chosen = {f"column_{place}": "1" for place in range(7)}
    page = said(signed_in.post(f"{looked.url}columns/", {**chosen, "column_0": ""}))
    assert "请选择一列" in page
    assert "已经选给了" in page
    assert IncomingList.objects.get().step == ListStep.ASK


def test_bad_rows_come_back_in_the_columns_in_which_they_were_sent(signed_in, tree, tmp_path):
    looked = post(signed_in, (NAMED_OTHERWISE + f"1,李月,12,800002,{tree.branch.code},正式党员,好\n").encode())
    form = signed_in.get(f"{looked.url}columns/").context["form"]
    signed_in.post(f"{looked.url}columns/", {name: field.initial for name, field in form.fields.items()})
    turn()
    assert "联系方式" in said(signed_in.get(looked.url))
    back = BytesIO(b"".join(signed_in.get(f"{looked.url}errors.xlsx").streaming_content))
    sheet = load_workbook(back).active
    assert [cell.value for cell in sheet[3]] == NAMED_OTHERWISE.split("\n")[2].split(",")
    assert sheet["A1"].value == "全街道党员名册"
    assert [cell.value for cell in sheet[4]] == ["1", "李月", "12", "800002", tree.branch.code, "正式党员", "好"]
    assert sheet["C4"].comment


def test_posts_stay_where_the_list_has_no_such_column(signed_in, tree):
    known = make_member(tree.branch, number="800001", name="周新")
    Post.objects.create(member=known, organisation=tree.branch, kind="secretary", since="2026-01-01")
    header = "党员编号,姓名,手机,支部编码,类别"
    looked = post(signed_in, f"{header}\n800001,周新,13800000001,{tree.branch.code},正式党员\n".encode("utf-8-sig"))
    form = signed_in.get(f"{looked.url}columns/").context["form"]
    signed_in.post(f"{looked.url}columns/", {name: field.initial for name, field in form.fields.items()})
    turn()
    confirm(signed_in, looked.url)
    known.refresh_from_db()
    assert known.phone_last4 == "0001"
    assert Post.objects.get().until is None


def test_who_is_not_in_the_list_is_named_and_stays(signed_in, tree, tmp_path):
    stays = make_member(tree.branch, number="800001", name="周欣")
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    page = said(signed_in.get(looked.url))
    assert "有 1 人不在这份名单里" in page
    assert "周欣" in page
    confirm(signed_in, looked.url)
    stays.refresh_from_db()
    assert stays.ended_on is None


# --- the row is the queue ---------------------------------------------------------------
def test_what_a_dead_worker_left_is_taken_up_where_it_stood(signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    signed_in.post(looked.url)
    assert "正在导入名单" in said(signed_in.get(looked.url))
    for _ in range(2):
        turn()
    assert ImportBatch.objects.count() == 1
    assert IncomingList.objects.get().step == ListStep.DONE


def test_two_workers_never_work_on_one_list(organiser, tree, tmp_path):
    path = workbook(tmp_path / "a.xlsx", row("800002", tree.branch), header=COLUMNS)
    with path.open("rb") as file:
        incoming = receive_list(
            file=file, file_name="a.xlsx", kind=ListKind.MEMBERS, actor=organiser, now=timezone.now()
        )
    with ListFiles(incoming).held() as is_ours:
        assert is_ours
        turn()
        incoming.refresh_from_db()
        assert incoming.step == ListStep.READ
    turn()
    incoming.refresh_from_db()
    assert incoming.step == ListStep.SHOW
    assert confirm_list(incoming=incoming)
    assert not confirm_list(incoming=incoming)


def test_how_far_the_work_is_can_be_read_from_outside(organiser, signed_in, tree, tmp_path):
    looked = send(signed_in, tmp_path, row("800002", tree.branch))
    signed_in.post(looked.url)
    ListFiles(IncomingList.objects.get()).keep_said("progress", {"done": 30, "of": 40})
    assert "已完成 75%" in said(signed_in.get(looked.url))
