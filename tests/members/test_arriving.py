"""The poster of a host, and the way from scanning it to having reported in; the host's part of the shared record."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from members.accounts.models import MemberStatus
from members.checkins.actions import confirm_host, end_spell
from members.checkins.models import CheckIn, MobileSpell
from members.checkins.spell_steps import State, Step
from members.organisation.kinds import PostKind
from members.organisation.models import Post
from members.roles.models import Role
from tests.factories import LONG_AGO, PASSWORD, make_leader, make_person, make_tree
from tests.members.spells import make_spell

pytestmark = pytest.mark.django_db
SAID = {"destination": "云溪市渡口镇", "reason": "work", "returns_on": ""}


@pytest.fixture
def tree():
    return make_tree()


@pytest.fixture
def member(tree):
    secretary = make_leader(tree.branch, name="家里的书记")
    Post.objects.create(
        member=secretary.member, organisation=tree.branch, kind=PostKind.SECRETARY, since=LONG_AGO.date()
    )
    return make_person(tree.branch)


def page(client, path: str) -> str:
    return client.get(path).content.decode()


# --- the poster --------------------------------------------------------------------------------
def test_a_host_prints_its_poster_with_name_code_and_address(client, tree):
    client.force_login(make_leader(tree.far))
    said = page(client, "/branch/hosted/poster/")
    assert "西社区第一党支部" in said
    assert f"http://testserver/checkins/at/{tree.far.code}/" in said
    assert '<svg class="qr"' in said
    assert "在浏览器打开" in said
    assert "/branch/hosted/poster/" in page(client, "/branch/hosted/")


def test_an_organiser_prints_it_for_a_unit_by_name_and_never_for_one_that_is_not_theirs(client, tree):
    client.force_login(make_leader(tree.east, Role.ORGANISER))
    assert f"/checkins/at/{tree.sibling.code}/" in page(client, "/branch/hosted/poster/?unit=第二党支部")
    assert "没有找到" in page(client, f"/branch/hosted/poster/?unit={tree.far.code}")
    client.force_login(make_leader(tree.group))
    assert "这个组织自己不接收报到" in page(client, "/branch/hosted/poster/")


# --- scanning it -------------------------------------------------------------------------------
def test_who_is_not_signed_in_signs_in_first_and_comes_back_to_the_poster(client, tree, member):
    path = f"/checkins/at/{tree.far.code}/"
    door = client.get(path, follow=True)
    signing_in = {"login": member.username, "password": PASSWORD, "next": path}
    assert door.request["PATH_INFO"] == "/accounts/login/"
    assert "到西社区第一党支部报到" in client.post("/accounts/login/", signing_in, follow=True).content.decode()


def test_without_a_registered_time_away_three_fields_do_both_in_one_go(client, tree, member):
    client.force_login(member)
    path = f"/checkins/at/{tree.far.code}/"
    form = page(client, path).partition("data-keep=")[2].partition("</form>")[0]
    asked = re.findall(r'<(?:input(?! type="hidden")|select)[^>]*name="(\w+)"', form)
    assert len([name for name in asked if name not in ("csrfmiddlewaretoken", "draft", "once")]) == 3
    word = re.search(r'name="once" value="([^"]+)"', form)[1]
    for _ in range(2):
        assert client.post(path, SAID | {"once": word}).url == "/checkins/"
    spell = MobileSpell.objects.get()
    assert (spell.state, spell.host, spell.leaves_on) == (State.REPORTED, tree.far, timezone.localdate())
    assert spell.contact_person.name == "家里的书记"
    assert CheckIn.objects.count() == 1


def test_who_has_registered_presses_one_button(client, tree, member):
    spell = make_spell(member.member, now=timezone.now())
    client.force_login(member)
    path = f"/checkins/at/{tree.far.code}/"
    assert 'name="destination"' not in page(client, path)
    client.post(path, {"once": "a"})
    spell.refresh_from_db()
    assert (spell.state, spell.host) == (State.REPORTED, tree.far)
    assert "等对方确认" in client.get(path, follow=True).content.decode()
    confirm_host(spell=spell, host=tree.far, actor=None, now=timezone.now())
    assert "接待组织也确认了" in client.get(path, follow=True).content.decode()
    elsewhere = client.get(f"/checkins/at/{tree.west.code}/", follow=True).content.decode()
    assert "现在接待您的是西社区第一党支部" in elsewhere


def test_a_refused_form_keeps_what_was_typed(client, tree, member):
    client.force_login(member)
    yesterday = (timezone.localdate() - timedelta(days=1)).isoformat()
    answer = client.post(f"/checkins/at/{tree.far.code}/", SAID | {"returns_on": yesterday, "once": "w"})
    assert answer.status_code == 422
    said = answer.content.decode()
    assert "还没有报到，您写的都还在" in said
    assert "云溪市渡口镇" in said
    assert 'name="once" value="w"' in said
    assert not MobileSpell.objects.exists()


def test_ones_own_organisation_says_that_there_is_nothing_to_report(client, tree, member):
    client.force_login(member)
    for unit in (tree.branch, tree.east):
        path = f"/checkins/at/{unit.code}/"
        assert "不用报到" in page(client, path)
        client.post(path, SAID)
    assert not MobileSpell.objects.exists()


def test_a_unit_that_receives_nobody_and_who_is_no_party_member_find_nothing(client, tree, member):
    client.force_login(member)
    assert client.get(f"/checkins/at/{tree.group.code}/").status_code == 404
    client.force_login(make_person(tree.branch, status=MemberStatus.APPLICANT))
    assert client.get(f"/checkins/at/{tree.far.code}/").status_code == 404


# --- one shared record ----------------------------------------------------------------------------
def test_the_host_reads_its_part_of_the_record_also_after_the_end_and_no_other_hosts_part(client, tree, member):
    now = timezone.now()
    spell = make_spell(member.member, host=tree.far, is_received=True, now=now)
    client.force_login(make_leader(tree.far))
    said = page(client, f"/branch/hosted/{spell.pk}/")
    assert "原支部和本人看到的是同一份记录" in said
    end_spell(spell=spell, step=Step.RETURNED, ended_on=timezone.localdate(now), actor=None, now=now)
    assert member.member.name in page(client, "/branch/hosted/")
    client.force_login(make_leader(tree.sibling))
    assert member.member.name not in page(client, "/branch/hosted/")
