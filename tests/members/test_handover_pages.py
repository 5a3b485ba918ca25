"""The pages of a hand-over: what each side sees and presses, the list on paper, and what has nobody."""

from datetime import timedelta

import pytest
from config.diagnosis import handovers as doctors_answer
from django.utils import timezone

from members.audit.models import AuditEvent
from members.feedback.models import Feedback
from members.handovers.models import Handover, HandoverState
from members.roles.models import Role, RoleGrant
from tests.factories import grant, make_leader, make_member, make_person, make_tree
from tests.members.spells import make_spell
from tests.members.test_handovers import much_open, word_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def leaving(tree):
    return make_leader(tree.branch, name="老书记")


@pytest.fixture
def successor(tree):
    return make_leader(tree.branch, name="新书记")


def said(client, user, path: str) -> str:
    client.force_login(user)
    return client.get(path).content.decode()


def address(tree, leaving) -> str:
    return f"/branch/handovers/new/{tree.branch.code}/{leaving.pk}/"


def begun(client, tree, leaving, successor) -> str:
    client.force_login(leaving)
    return client.post(address(tree, leaving), {"chosen": successor.pk, "name": ""}).url


def test_one_hands_over_and_the_other_takes_over(client, tree, leaving, successor):
    much_open(tree, leaving)
    page = said(client, leaving, "/branch/handovers/")
    assert address(tree, leaving) in page
    page = said(client, leaving, address(tree, leaving))
    for text in ("没记完的党课", "远行人，编号尾号", "说的是“学习”", "活动的记录", "新书记"):
        assert text in page
    assert "只有我知道的话" not in page
    path = begun(client, tree, leaving, successor)
    assert "等新书记接收" in said(client, leaving, path)
    assert "有 1 项交接等您接收" in said(client, successor, "/branch/handovers/")
    assert "接收老书记的工作？" in said(client, successor, path)
    assert "新书记已接收" in client.post(path, {"answer": "accept"}, follow=True).content.decode()
    assert Feedback.objects.get().owner == successor
    assert AuditEvent.objects.filter(action="handover.seen").exists()


def test_the_list_on_paper_names_what_is_open_and_has_lines_to_sign(client, tree, leaving, successor):
    much_open(tree, leaving)
    path = begun(client, tree, leaving, successor)
    page = said(client, successor, f"{path}print/")
    for text in ("交接清单", "老书记", "新书记", "没记完的党课", "移交人（签名）", "接收人（签名）", "在浏览器打开"):
        assert text in page
    assert "只有我知道的话" not in page


def test_a_name_is_found_by_itself_or_by_number_and_an_unknown_one_keeps_what_was_typed(client, tree, leaving):
    much_open(tree, leaving)
    helper = make_person(tree.branch, name="热心人")
    client.force_login(make_leader(tree.east, Role.ORGANISER))
    wrong = client.post(address(tree, leaving), {"chosen": "", "name": "没有这个人"})
    assert wrong.status_code == 422
    assert "没有这个人" in wrong.content.decode()
    assert "这里没有叫这个名字的人" in wrong.content.decode()
    assert client.post(address(tree, leaving), {"chosen": "", "name": helper.username}).status_code == 302
    assert Handover.objects.get().successor == helper


def test_a_refused_acceptance_says_what_to_do(client, tree, leaving):
    much_open(tree, leaving)
    helper = make_person(tree.branch, name="热心人")
    client.force_login(leaving)
    path = client.post(address(tree, leaving), {"chosen": "", "name": "热心人"}).url
    client.force_login(helper)
    assert "请先请安全管理员授权" in client.post(path, {"answer": "accept"}, follow=True).content.decode()
    grant(helper, Role.SECRETARY, tree.branch)
    assert "热心人已接收" in client.post(path, {"answer": "accept"}, follow=True).content.decode()


def test_sending_back_needs_a_sentence_that_the_other_side_reads(client, tree, leaving, successor):
    much_open(tree, leaving)
    path = begun(client, tree, leaving, successor)
    client.force_login(successor)
    assert client.post(path, {"answer": "return", "reason": ""}).status_code == 422
    client.post(path, {"answer": "return", "reason": "少了两次活动"})
    assert "少了两次活动" in said(client, leaving, path)


@pytest.mark.parametrize("deed", ["accept", "return", "withdraw", "nothing"])
def test_who_only_leads_the_unit_looks_and_answers_nothing(client, tree, leaving, successor, deed):
    much_open(tree, leaving)
    path = begun(client, tree, leaving, successor)
    organiser = make_leader(tree.east, Role.ORGANISER)
    assert "等新书记接收" in said(client, organiser, path)
    assert client.post(path, {"answer": deed, "reason": "不"}).status_code == 404
    assert Handover.objects.get().state == HandoverState.OPEN


def test_another_organisation_and_a_colleague_beside_begin_and_see_nothing(client, tree, leaving, successor):
    much_open(tree, leaving)
    path = begun(client, tree, leaving, successor)
    for stranger in (make_leader(tree.far), make_leader(tree.west, Role.ORGANISER), make_leader(tree.sibling)):
        client.force_login(stranger)
        for each in (path, f"{path}print/", address(tree, leaving)):
            assert client.get(each).status_code == 404
        assert client.post(address(tree, leaving), {"chosen": stranger.pk}).status_code == 404
    client.force_login(successor)  # leads beside the one who leaves, and not above
    assert client.get(address(tree, leaving)).status_code == 404
    client.force_login(make_person(tree.branch))
    assert client.get("/branch/handovers/").status_code == 404


def test_whose_role_has_ended_reads_no_names_any_more_once_it_is_taken_over(client, tree, leaving, successor):
    much_open(tree, leaving)
    path = begun(client, tree, leaving, successor)
    client.force_login(successor)
    client.post(path, {"answer": "accept"})
    RoleGrant.objects.filter(user=leaving).update(until=timezone.now())
    page = said(client, leaving, path)
    assert "新书记已接收" in page
    assert "远行人" not in page
    assert client.get(f"{path}print/").status_code == 404


def test_what_has_nobody_is_listed_for_who_leads_there_with_a_way_out(client, tree, leaving):
    much_open(tree, leaving)
    make_spell(make_member(tree.far, name="西边的人"))
    RoleGrant.objects.filter(user=leaving).update(until=timezone.now())
    page = said(client, make_leader(tree.east, Role.ORGANISER), "/branch/handovers/")
    assert "有 2 件事没有人负责" in page
    assert "没记完的党课" in page
    assert address(tree, leaving) in page
    assert "西边的人" not in page
    assert "选联系人" in said(client, make_leader(tree.west, Role.ORGANISER), "/branch/handovers/")


def test_who_acts_for_a_term_stands_with_the_last_day(client, tree, leaving):
    deputy = make_person(tree.branch, name="代理人")
    until = timezone.now() + timedelta(days=30)
    grant(deputy, Role.SECRETARY, tree.branch, until=until)
    page = said(client, leaving, "/branch/handovers/")
    assert "代理人，到" in page


def test_the_doctor_says_how_much_has_nobody(tree, leaving):
    assert doctors_answer()[0] == "good"
    word_to(tree.branch, None)
    state, sentence = doctors_answer()
    assert state == "note"
    assert "有 1 件" in sentence
    assert "/branch/handovers/" in sentence


def test_the_page_costs_the_same_for_one_and_for_thirty(client, tree, leaving, django_assert_max_num_queries):
    for _ in range(30):
        word_to(tree.branch, None)
        make_spell(make_member(tree.branch))
    client.force_login(make_leader(tree.root, Role.ORGANISER))
    with django_assert_max_num_queries(23):  # PostgreSQL locks the chain of the audit log
        client.get("/branch/handovers/")
