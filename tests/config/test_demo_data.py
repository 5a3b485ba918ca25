"""The demo is invented, complete, within its limits and the same on every machine."""

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest
from config.demo import people, texts, tree

DEMO = Path(texts.__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]")
UNWANTED_WORDS = ("逾期", "打卡", "错误", "失败", "非法", "异常", "签到", "考勤", "督办", "合规", "积分", " · ")
MEGABYTES = 1024 * 1024


def article_text(article: texts.Article) -> str:
    parts = [article.title, article.summary]
    parts += [line for block in article.blocks for line in (*block.lines, block.source)]
    return "\n".join(parts)


def lesson_text(lesson: dict) -> str:
    shown = [line for slide in lesson["slides"] for line in (slide["title"], *slide["lines"])]
    return "\n".join([lesson["title"], lesson["summary"], lesson["narration"], *shown])


def all_texts() -> list[str]:
    return [*map(article_text, texts.articles()), *map(lesson_text, texts.course()["lessons"])]


# --- organisations


def test_the_tree_has_the_shape_of_a_typical_installation():
    assert Counter(row.kind for row in tree.organisations()) == {
        "working_committee": 1,
        "committee": 6,
        "branch": 22,
        "group": 20,
        "functional_branch": 18,
        "building_group": 65,
    }


def test_codes_and_names_of_organisations_are_unique_and_parents_come_first():
    seen: set[str] = set()
    for row in tree.organisations():
        assert row.code not in seen
        assert row.parent_code in seen or row.code == tree.ROOT
        seen.add(row.code)
    assert len({row.name for row in tree.organisations()}) == len(seen)


@pytest.mark.parametrize(
    ("kind", "parents"),
    [
        ("committee", {"working_committee"}),
        ("branch", {"committee"}),
        ("group", {"branch"}),
        ("functional_branch", {"committee"}),
        ("building_group", {"functional_branch"}),
    ],
)
def test_every_unit_stands_under_the_right_kind(kind: str, parents: set[str]):
    kinds = {row.code: row.kind for row in tree.organisations()}
    assert {kinds[row.parent_code] for row in tree.organisations() if row.kind == kind} == parents


def test_organisations_fill_the_columns_of_their_workbook():
    for row in tree.organisations():
        assert len(row.cells()) == len(tree.HEADERS)
        assert row.cells()[2] in set(tree.KIND_WORDS.values())


# --- people


@pytest.mark.parametrize("count", [30, 31, 1100, 20_000])
def test_any_number_of_people_can_be_had_and_their_numbers_are_unique(count: int):
    numbers = [row.number for row in people.members(count)]
    assert len(numbers) == len(set(numbers)) == count
    assert all(re.fullmatch(r"\d{8}", number) for number in numbers)


def test_fewer_people_than_the_demo_needs_are_refused_in_a_sentence():
    with pytest.raises(ValueError, match="at least 30"):
        people.members(29)


def test_the_people_are_the_same_every_time_and_a_longer_list_begins_like_a_shorter_one():
    assert list(people.members(400)) == list(people.members(1100))[:400]


def test_everybody_belongs_to_an_ordinary_branch_or_one_of_its_groups():
    kinds = {row.code: row.kind for row in tree.organisations()}
    homes = Counter(kinds[row.organisation_code] for row in people.members())
    assert set(homes) == {"branch", "group"}
    assert homes["group"] > 100


def test_a_number_begins_with_the_digits_of_its_branch():
    for row in people.members():
        assert row.organisation_code.startswith(f"{tree.ROOT}{row.number[:4]}")


@pytest.mark.parametrize("count", [30, 1100])
def test_every_branch_has_exactly_one_secretary(count: int):
    branches = [row.code for row in tree.organisations() if row.kind == "branch"]
    secretaries = [row.organisation_code for row in people.members(count) if row.post == "secretary"]
    assert sorted(secretaries) == sorted(branches)


def test_some_couples_share_a_phone_and_some_people_have_none():
    phones = Counter(row.phone for row in people.members())
    without = phones.pop("")
    assert 10 < without < 110
    assert 20 < sum(times == 2 for times in phones.values()) < 200
    assert max(phones.values()) == 2
    assert all(re.fullmatch(r"154\d{8}", phone) for phone in phones)


def test_names_have_two_to_four_characters_but_for_a_few_with_a_middle_dot():
    names = [row.name for row in people.members()]
    dotted = [name for name in names if "·" in name]
    assert 1 <= len(dotted) <= 30
    assert {len(name) for name in names if "·" not in name} == {2, 3, 4}


def test_most_are_full_members_who_study_online():
    rows = list(people.members())
    states = Counter(row.status for row in rows)
    assert set(states) == set(people.STATUS_WORDS)
    assert states["full"] > 1000 > 60 > states["probationary"] > states["activist"] > 2
    ways = Counter(row.study_way for row in rows)
    assert set(ways) == {"online", "paper", "group"}
    assert ways["online"] > 900
    assert 3 < sum(row.flexible_study for row in rows) < 40


def test_who_has_not_joined_has_no_date_of_joining():
    for row in people.members():
        assert (row.joined_on is None) == (row.status == "activist")


def test_members_fill_the_columns_of_their_workbook():
    for row in people.members():
        assert len(row.cells()) == len(people.HEADERS)
        assert all(isinstance(cell, str) for cell in row.cells())


# --- texts


def test_there_are_three_articles_of_readable_length_two_of_them_public():
    articles = texts.articles()
    assert sorted(article.audience for article in articles) == ["members", "public", "public"]
    for article in articles:
        body = "".join(line for block in article.blocks for line in block.lines)
        assert 700 <= len(HAN.findall(body)) <= 1200, article.key
        assert article.author
        assert len(article.title) <= 30
        assert 1 <= article.summary.count("。") <= 2


def test_every_quotation_names_its_source():
    quotations = [block for article in texts.articles() for block in article.blocks if block.kind == "quotation"]
    assert len(quotations) == 3
    assert all(block.lines and block.source for block in quotations)


def test_articles_use_every_kind_of_block_and_leave_no_markup_behind():
    blocks = [block for article in texts.articles() for block in article.blocks]
    assert {block.kind for block in blocks} == {"heading", "paragraph", "list", "steps", "quotation"}
    assert not [line for block in blocks for line in block.lines if re.match(r"#|>|- |—|\d+\. ", line)]


@pytest.mark.parametrize("word", UNWANTED_WORDS)
def test_no_text_uses_a_word_that_the_interface_avoids(word: str):
    assert not [text for text in all_texts() if word in text]


@pytest.mark.parametrize("sentence", ["由记录的人把会议记录念一遍给大家听", "先请他把老花镜和登录卡放在手边"])
def test_a_word_in_the_middle_of_a_sentence_stands_in_one_text_only(sentence: str):
    assert len([text for text in all_texts() if sentence in text]) == 1


# --- the course and its media


def test_the_course_has_three_short_lessons_the_last_short_enough_to_watch_in_a_test():
    lengths = [lesson["seconds"] for lesson in texts.course()["lessons"]]
    assert len(lengths) == 3
    assert all(60 <= seconds <= 90 for seconds in lengths[:2])
    assert 20 <= lengths[2] <= 30


def test_the_transcript_is_the_narration_in_lines_that_follow_each_other():
    for lesson in texts.course()["lessons"]:
        lines = lesson["transcript"]
        assert "".join(line["text"] for line in lines) == lesson["narration"]
        assert lines[0]["start"] == 0
        assert all(line["start"] < line["end"] for line in lines)
        assert all(earlier["end"] <= later["start"] for earlier, later in pairwise(lines))
        assert lines[-1]["end"] <= lesson["seconds"]


def test_slides_are_short():
    for lesson in texts.course()["lessons"]:
        for slide in lesson["slides"]:
            assert 2 <= len(slide["lines"]) <= 4
            assert all(len(line) <= 20 for line in slide["lines"])


def test_all_media_are_there_and_small_together():
    for lesson in texts.course()["lessons"]:
        assert (DEMO / lesson["video"]).is_file()
        assert (DEMO / lesson["poster"]).is_file()
    files = list((DEMO / "media").iterdir())
    assert len(files) == 6
    assert sum(path.stat().st_size for path in files) <= 4 * MEGABYTES


def test_the_lengths_written_down_are_those_of_the_files():
    av = pytest.importorskip("av")
    for lesson in texts.course()["lessons"]:
        with av.open(DEMO / lesson["video"]) as video:
            assert video.duration / av.time_base == pytest.approx(lesson["seconds"], abs=0.5)
            assert {stream.codec_context.name for stream in video.streams} == {"h264", "aac"}


def test_the_index_of_every_video_stands_in_front():
    for lesson in texts.course()["lessons"]:
        content = (DEMO / lesson["video"]).read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


def test_the_demo_knows_nothing_of_django():
    for module in DEMO.glob("*.py"):
        assert not re.search(r"^\s*(import|from) django", module.read_text("utf-8"), re.MULTILINE), module.name


def test_reading_the_demo_needs_none_of_the_tools_that_made_it():
    code = "import sys, config.demo.people, config.demo.texts; sys.exit({'PIL', 'pypinyin'} & {*sys.modules} != set())"
    assert subprocess.run([sys.executable, "-c", code], cwd=DEMO.parents[1], check=False).returncode == 0
