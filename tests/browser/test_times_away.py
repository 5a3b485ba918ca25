"""A phone far away: what was typed outlives the network and the tab and is sent once; a contact takes two taps."""

import json
import re
from datetime import date

from playwright.sync_api import Page, Route, expect

from tests.browser.people import PASSWORD, come_in
from tests.browser.test_activity import Taps

PEOPLE = f"""
from datetime import date, timedelta
from django.utils import timezone
from members.accounts.models import Member, User
from members.accounts.names import name_key
from members.checkins.models import CheckIn, MobileSpell
from members.organisation.models import Affiliation, Organisation
home = Organisation.objects.get(code="LW0102")
for number, name in (("77010001", "远行人"), ("77010002", "联系人")):
    member, is_new = Member.objects.get_or_create(number=number, defaults={{"name": name, "name_key": name_key(name)}})
    begun = {{"since": timezone.now()}}
    Affiliation.objects.get_or_create(member=member, organisation=home, until=None, defaults=begun)
    user, is_new = User.objects.get_or_create(username=number, defaults={{"display_name": name}})
    user.set_password("{PASSWORD}")
    user.one_time_until = None
    user.save()
    user.drafts.all().delete()
    member.user = user
    member.save()
MobileSpell.objects.filter(member__number__startswith="7701").delete()
"""
DUE = """
from members.accounts.models import Member
from members.checkins.models import MobileSpell
from django.utils import timezone
keeper = Member.objects.get(number="77010002")
MobileSpell.objects.update_or_create(
    member=Member.objects.get(number="77010001"),
    defaults={"destination": "云溪市", "reason": "work", "leaves_on": timezone.localdate(), "state": "away",
    "contact_person": keeper, "contact_due_on": timezone.localdate(), "registered_at": timezone.now()},
)
"""
ROWS = """
import json
from members.checkins.models import CheckIn, MobileSpell
own = MobileSpell.objects.filter(member__number="77010001")
steps = CheckIn.objects.filter(spell__in=own).values_list("kind", flat=True)
print(json.dumps({"spells": own.count(), "steps": list(steps)}))
"""
POSTER = "/checkins/at/LW0301/"


def rows(house) -> dict:
    return json.loads(house.manage("shell", "--no-imports", "-c", ROWS).splitlines()[-1])


def lose_the_answer(route: Route) -> None:
    """What is sent arrives; what comes back does not."""
    if route.request.method == "POST":
        route.fetch(max_redirects=0)
        return route.abort()
    return route.continue_()


def fill(page: Page) -> None:
    page.get_by_label("去哪个县（市、区）").fill("云溪市渡口镇")
    page.get_by_label("原因").select_option("study")


def test_what_was_typed_outlives_the_network_and_the_tab_and_is_sent_once(demo_house, open_page):
    demo_house.manage("shell", "--no-imports", "-c", PEOPLE)
    page = open_page(demo_house)
    come_in(page, "77010001")
    page.goto(POSTER)
    page.context.set_offline(True)
    fill(page)
    page.get_by_role("button", name="报到", exact=True).click()
    expect(page.locator(".draft-note")).to_contain_text("现在没有网络，还没有发出")
    assert rows(demo_house)["spells"] == 0
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto(POSTER)
    again.get_by_role("button", name="用它").click()
    expect(again.get_by_label("去哪个县（市、区）")).to_have_value("云溪市渡口镇")
    expect(again.get_by_label("原因")).to_have_value("study")
    again.get_by_role("button", name="报到", exact=True).click()
    again.wait_for_url(re.compile("/checkins/$"))
    assert rows(demo_house) == {"spells": 1, "steps": ["arrival"]}


def test_a_form_whose_answer_was_lost_and_that_is_sent_again_makes_one_row(demo_house, open_page):
    demo_house.manage("shell", "--no-imports", "-c", PEOPLE)
    page = open_page(demo_house)
    come_in(page, "77010001")
    page.goto("/checkins/new/")
    page.get_by_label("去哪个县（市、区）").fill("云溪市渡口镇")
    page.get_by_label("外出日期").fill(date.today().isoformat())
    page.get_by_label("联系人", exact=True).select_option(index=0)
    page.route("**/checkins/new/", lose_the_answer)
    page.get_by_role("button", name="登记", exact=True).dblclick()
    page.wait_for_timeout(500)
    page.unroute_all()
    page.goto("/checkins/new/")
    expect(page).to_have_url(re.compile("/checkins/$"))
    assert rows(demo_house)["spells"] == 1


def test_a_contact_person_records_a_contact_in_two_taps(demo_house, open_page):
    demo_house.manage("shell", "--no-imports", "-c", PEOPLE)
    demo_house.manage("shell", "--no-imports", "-c", DUE)
    page = open_page(demo_house)
    come_in(page, "77010002")
    page.goto("/checkins/contacts/")
    taps = Taps(page)
    taps.press("远行人", role="link")
    page.wait_for_url(re.compile(r"/checkins/contacts/\d+/$"))
    taps.press("打电话")
    expect(page.get_by_text("记下了：和远行人联系过了")).to_be_visible()
    assert taps.count == 2
    assert rows(demo_house)["steps"] == ["contact"]
