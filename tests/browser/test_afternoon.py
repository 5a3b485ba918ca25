"""One afternoon, from an empty house to the organiser's figures: everybody at work on a telephone of 360 px.

Read `test_the_afternoon` from top to bottom; each line is what one person does. At the end every figure that a page
shows is counted once more from the tables.
"""

import pytest
from playwright.sync_api import Page

from tests.browser.afternoon import branches, figures, members, offices
from tests.browser.afternoon.papers import BAD_COLUMN, BAD_ROW, BANK, COMMITTEE, CONTENT, PEOPLE, QUESTIONS, SLIP, UNITS
from tests.browser.people import CARD, come_in_with_card
from tests.browser.served import Served
from tests.browser.test_thread import workbook

MEMBER, SECRETARY, NEIGHBOUR, HOST_SECRETARY, LAST = (row[0] for row in PEOPLE[1:])
FIRST_BRANCH, SECOND_BRANCH = "第一社区第一党支部", "第一社区第二党支部"
CLEANING, WALK = "清理河边小路", "河堤走一走"
WHAT_WAS_DONE = {
    "standing": {MEMBER: "done", SECRETARY: "todo", NEIGHBOUR: "doing", HOST_SECRETARY: "todo", LAST: "todo"},
    "hours": [
        [MEMBER, "group", "1.50"],
        [MEMBER, "self", "0.75"],
        [SECRETARY, "group", "1.50"],
        [NEIGHBOUR, "group", "1.50"],
        [NEIGHBOUR, "self", "0.50"],
    ],
    "affiliations": [[row[0], row[3]] for row in PEOPLE[1:]],
    "participations": [[MEMBER, "LW0102"]],
    "attendance": [
        *([CLEANING, number, "present", False] for number in (MEMBER, SECRETARY, NEIGHBOUR)),
        *([WALK, number, "present", True] for number in (MEMBER, NEIGHBOUR)),
    ],
    "feedback": [["LW0101", "answered"]],
    "reminded": [SECRETARY, NEIGHBOUR, HOST_SECRETARY],
    "wrong_tallies": 0,
    "broken_links": 0,
}
SAY_TOO_WIDE = """
addEventListener("load", () => {
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) console.log(`too wide: ${location.pathname} by ${scrollWidth - clientWidth}`);
});
"""
SAID, ANSWER = "河堤上没有路灯，傍晚看不清。", "已经报给社区，下周装灯，由顾文竹跟着办。"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """Empty, and not the one in which other journeys are walked."""
    with Served(tmp_path_factory.mktemp("afternoon"), with_demo=False) as house:
        yield house


def test_the_afternoon(house, open_page):
    cards, too_wide = begin(house), []

    def at_their_phone(number: str, *, elder: bool = False) -> Page:
        page = open_page(house, width=360, elder=elder)
        page.add_init_script(SAY_TOO_WIDE)
        page.on("console", lambda said: said.text.startswith("too wide") and too_wide.append(said.text))
        come_in_with_card(page, number, cards[number])
        return page

    # Somebody is given the work, and everybody is brought in.
    cards |= offices.make_an_account_for_the_organiser(at_their_phone("xitong"))
    security = at_their_phone("anquan")
    offices.grant(security, who="zuzhi", role="组织员", unit="LW")
    organiser = at_their_phone("zuzhi")
    offices.import_units(organiser, workbook(house.folder / "党组织.xlsx", UNITS))
    offices.the_bad_row_is_named_and_commented(organiser, workbook(house.folder / "党员.xlsx", with_a_slip()))
    offices.import_people(organiser, workbook(house.folder / "党员.xlsx", PEOPLE))
    cards |= offices.print_cards(organiser, "LW0101", "顾文竹")
    cards |= offices.print_cards(organiser, "LW0102", "裴秋实")
    offices.grant(security, who=SECRETARY, role="支部书记", unit="LW0101")
    offices.grant(security, who=HOST_SECRETARY, role="支部书记", unit="LW0102")

    # There is something to study, and a plan that says so.
    write_what_is_studied(house)
    offices.send_out_the_plan(organiser)

    # The branch meets, and writes it down.
    secretary = at_their_phone(SECRETARY)
    cards |= offices.print_cards(secretary, "LW0101", "周秀兰", "何春生")
    assert branches.record_an_activity_with_everybody(secretary, CLEANING) <= 10
    offices.accept_the_record(organiser, CLEANING)
    branches.open_the_code_of_an_activity(secretary, WALK)

    # Two members study; one of them goes away, and is received elsewhere.
    member = at_their_phone(MEMBER)
    members.read_the_article_to_its_end(member)
    members.pass_the_quiz(member)
    assert members.sign_in_from_the_code(member, *branches.shown_code(secretary)) <= 2
    members.write_into_the_box_of_the_page(member, SAID)
    neighbour = at_their_phone(NEIGHBOUR, elder=True)
    members.sign_in_with_six_digits(neighbour, branches.shown_code(secretary)[1])
    branches.close_the_code(secretary)
    members.pass_the_quiz(neighbour)
    members.register_a_time_away(member, "临江县")
    members.report_in(member, SECOND_BRANCH)
    branches.receive(at_their_phone(HOST_SECRETARY), "周秀兰")
    branches.see_who_is_away(secretary, "周秀兰", SECOND_BRANCH)
    branches.answer_the_feedback(secretary, SAID, ANSWER)
    members.read_the_answer(member, SAID, ANSWER)

    # Who is behind hears of it, once.
    offices.remind_who_is_behind(organiser)
    offices.nobody_is_left_to_remind(organiser)
    members.find_the_reminder_and_why_it_came(neighbour)

    # Every figure, counted once more.
    counted = house.ask(figures.TABLES)
    assert counted == WHAT_WAS_DONE
    figures.the_board_and_its_workbook_say(organiser, counted["standing"])
    own = {kind: hours for number, kind, hours in counted["hours"] if number == MEMBER}
    figures.the_member_reads_these_hours(member, own)
    offices.find_the_log_whole(at_their_phone("shenji"))
    assert not too_wide, "nothing is read by scrolling sideways"


def begin(house: Served) -> dict[str, str]:
    """The installer: a name, three administrators, the committee, which is the first unit of all."""
    said = house.manage("begin", "柳湾学堂", "--help-phone", "6120 0137")
    house.manage("import_organisations", workbook(house.folder / "committee.xlsx", COMMITTEE))
    return {number: code for _, number, code in CARD.findall(said)}


def with_a_slip() -> list[list[str]]:
    """The list of people with one wrong cell."""
    rows = [list(row) for row in PEOPLE]
    rows[BAD_ROW - 1][BAD_COLUMN - 1] = SLIP
    return rows


def write_what_is_studied(house: Served) -> None:
    questions = workbook(house.folder / "questions.xlsx", QUESTIONS)
    house.manage("import_questions", questions, "--bank", BANK)
    house.manage("shell", "--no-imports", "-c", CONTENT)
