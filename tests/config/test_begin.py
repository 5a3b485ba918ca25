import re
from io import StringIO

import pytest
from config.installation import HELP_PHONE, is_begun, is_demo
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.utils import timezone
from wagtail.models import Site

from members.accounts.models import Member, User
from members.organisation.rules import Rule
from members.roles.models import Role
from members.roles.policies import has_role

pytestmark = pytest.mark.django_db
SMALL = 60


def said(*command, **options) -> str:
    out = StringIO()
    call_command(*command, stdout=out, **options)
    return out.getvalue()


def test_a_real_installation_begins_empty_with_three_administrators_who_share_no_duty():
    told = said("begin", "柳湾学堂", help_phone="6120 0137")
    assert Site.objects.get(is_default_site=True).site_name == "柳湾学堂"
    assert Rule.objects.value(HELP_PHONE, on=timezone.localdate()) == "6120 0137"
    assert not Member.objects.exists()
    assert not is_demo(timezone.now())
    duties = {}
    for name, code in re.findall(r"编号 (\w+)  一次性码 (\S+)", told):
        user = User.objects.get(username=name)
        assert user.must_choose_password
        assert authenticate(None, username=name, password=code.replace("-", ""))
        duties[name] = [role for role in Role if has_role(user, role)]
    assert duties == {"xitong": ["system_admin"], "anquan": ["security_admin"], "shenji": ["audit_admin"]}
    assert "import_organisations" in told


def test_beginning_twice_changes_nothing():
    said("begin", "柳湾学堂", help_phone="1")
    with pytest.raises(SystemExit, match="已经开始使用了"):
        said("begin", "别的名字", help_phone="2")
    assert Site.objects.get(is_default_site=True).site_name == "柳湾学堂"


@pytest.mark.parametrize("name", ["", "  "])
def test_without_a_name_nothing_begins(name):
    with pytest.raises(SystemExit, match="名称"):
        said("begin", name, help_phone="1")
    assert not is_begun()


def test_a_demo_does_not_become_real_in_place_nor_the_other_way_round():
    said("load_demo", members=SMALL)
    with pytest.raises(SystemExit, match="不能就地变成正式使用"):
        said("begin", "柳湾学堂", help_phone="1")


def test_a_real_installation_takes_no_demo():
    said("begin", "柳湾学堂", help_phone="1")
    with pytest.raises(SystemExit, match="已经正式使用"):
        said("load_demo", members=SMALL)
    assert not Member.objects.exists()


def test_a_demo_that_was_stopped_half_way_is_as_if_it_had_not_begun(monkeypatch):
    monkeypatch.setattr("config.demonstration.load_study", lambda *rest, **named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        said("load_demo", members=SMALL)
    assert not is_begun()
    assert not Member.objects.exists()
