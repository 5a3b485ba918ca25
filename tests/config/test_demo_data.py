"""The demo is invented, complete, within its limits and the same on every machine."""

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

import av
import pytest
from config.demo import people, texts, tree

DEMO = Path(texts.__file__).parent
HAN = re.compile(r"[\u4e00-\u9fff]")
UNWANTED = re.compile(
    r"逾期|打卡|错误|失败|非法|异常|考勤|督办|合规|积分|排名|排行|(?<!不是)转接|(?<!活动)(?<!会议)签到| · |[,;:?!]"
)
MEGABYTES = 1024 * 1024
OPENNESS = ["subtree", "members", "public"]
ARTICLES = texts.articles()
COURSES = texts.courses()
LESSONS = [lesson for course in COURSES for lesson in course.lessons]
RECORDED = [lesson for lesson in LESSONS if lesson.kind != "text"]


def written(blocks: tuple[texts.Block, ...]) -> str:
    return "\n".join(line for block in blocks for line in block.lines)


def all_said(told: texts.Article | texts.Lesson) -> str:
    """Everything that a person reads or hears of an article or lesson."""
    parts = [told.title, told.summary, written(told.blocks), *(block.source for block in told.blocks if names(block))]
    if isinstance(told, texts.Lesson):
        parts += [told.transcript, *(line for slide in told.slides for line in (slide.title, *slide.lines))]
    return "\n".join(parts)


def names(block: texts.Block) -> bool:
    return block.kind == "quotation"


def all_texts() -> list[str]:
    return [*map(all_said, ARTICLES), *map(all_said, LESSONS)]


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


def test_there_are_articles_of_readable_length_for_everybody_for_members_and_for_one_community():
    assert len(ARTICLES) >= 12
    assert Counter(article.audience for article in ARTICLES) == {"public": 10, "members": 4, "subtree": 1}
    for article in ARTICLES:
        assert 600 <= len(HAN.findall(written(article.blocks))) <= 1500, article.key
        assert article.author
        assert len(article.title) <= 30
        assert 1 <= article.summary.count("。") <= 3


def test_articles_are_spread_over_the_year_and_come_from_units_that_there_are():
    units = {row.code for row in tree.organisations()}
    days = [article.days_ago for article in ARTICLES]
    assert {article.unit for article in ARTICLES} <= units
    assert len({article.unit for article in ARTICLES}) > 6
    assert len(set(days)) == len(days)
    assert min(days) < 10
    assert max(days) > 300


def test_every_article_has_headings_a_picture_and_words_of_our_own_with_their_source():
    for article in ARTICLES:
        kinds = Counter(block.kind for block in article.blocks)
        assert kinds["heading"] >= 3, article.key
        assert 1 <= kinds["picture"] <= 2, article.key
        assert kinds["quotation"] == 1, article.key
        assert all(block.lines and block.source for block in article.blocks if block.kind == "quotation")
        assert "《" not in written(tuple(block for block in article.blocks if block.kind == "quotation"))


def test_every_picture_is_there_and_says_what_can_be_seen():
    pictures = [block for article in ARTICLES for block in article.blocks if block.kind == "picture"]
    assert {block.source for block in pictures} == {path.name for path in texts.PICTURES.iterdir()}
    for block in pictures:
        seen, caption = block.lines
        assert 8 <= len(seen) <= 60
        assert seen != caption


def test_a_rule_is_named_with_the_regulation_and_the_article_that_it_comes_from():
    named = re.compile(r"《党员教育管理工作条例》（2019 年）第[一二三四五六七八九十]+条")
    for text in all_texts():
        rest = named.sub("", text)
        assert "《" not in rest
        assert rest.count("条例") <= 1


def test_whoever_may_read_a_page_may_also_read_on():
    audiences = {lesson.key: course.audience for course in COURSES for lesson in course.lessons}
    links = [(article, block) for article in ARTICLES for block in article.blocks if block.kind == "read_on"]
    assert links
    for article, block in links:
        assert OPENNESS.index(audiences[block.source]) >= OPENNESS.index(article.audience), article.key


def test_texts_use_every_kind_of_block_and_leave_no_markup_behind():
    blocks = [block for told in (*ARTICLES, *LESSONS) for block in told.blocks]
    kinds = {"heading", "paragraph", "list", "steps", "quotation", "picture", "read_on"}
    assert {block.kind for block in blocks} == kinds
    assert not [line for block in blocks for line in block.lines if re.match(r"#|>|- |—|=|!|\d+\. ", line)]


def test_no_text_uses_a_word_that_the_interface_avoids_nor_half_width_punctuation():
    assert not [found.group() for text in all_texts() for found in UNWANTED.finditer(text)]


def test_texts_are_chinese_and_nothing_is_left_of_the_pinyin_that_the_voice_reads():
    for text in all_texts():
        assert not re.findall(r"[a-z]+[1-5]?|\ufffd", text, re.IGNORECASE)


def test_quotation_marks_come_in_pairs():
    for text in all_texts():
        assert text.count("“") == text.count("”")
        assert text.count("（") == text.count("）")


@pytest.mark.parametrize("sentence", ["由记录的人把会议记录念一遍给大家听", "先请他把老花镜和登录卡放在手边"])
def test_a_word_in_the_middle_of_a_sentence_stands_in_one_text_only(sentence: str):
    assert len([text for text in all_texts() if sentence in text]) == 1


# --- the courses and their media


def test_three_courses_have_lessons_to_watch_to_hear_and_to_read():
    assert len(COURSES) == 3
    assert Counter(lesson.kind for lesson in LESSONS) == {"video": 4, "audio": 3, "text": 2}
    assert [lesson.key for lesson in LESSONS] == [f"lesson-{number}" for number in range(1, 10)]
    assert {course.unit for course in COURSES} <= {row.code for row in tree.organisations()}
    assert {course.audience for course in COURSES} == {"members", "public"}


def test_a_text_lesson_is_long_enough_to_be_one():
    for lesson in LESSONS:
        if lesson.kind == "text":
            assert 600 <= len(HAN.findall(written(lesson.blocks))) <= 1500, lesson.key


def test_lessons_are_short_and_one_short_enough_to_watch_in_a_test():
    lengths = {lesson.key: lesson.seconds for lesson in RECORDED}
    assert 20 <= lengths.pop("lesson-3") <= 30
    assert all(50 <= seconds <= 90 for seconds in lengths.values())


def test_what_was_recorded_is_what_is_written_in_lines_that_follow_each_other():
    for lesson in RECORDED:
        assert "".join(line.text for line in lesson.lines) == "".join(lesson.paragraphs), lesson.key
        assert lesson.lines[0].start == 0
        assert all(line.start < line.end for line in lesson.lines)
        assert all(earlier.end <= later.start for earlier, later in pairwise(lesson.lines))
        assert lesson.lines[-1].end <= lesson.seconds


def test_slides_are_short():
    for lesson in RECORDED:
        assert bool(lesson.slides) == (lesson.kind == "video")
        for slide in lesson.slides:
            assert 2 <= len(slide.lines) <= 4
            assert all(len(line) <= 20 for line in slide.lines)


def test_all_media_are_there_and_nothing_else_and_all_are_small_together():
    files = {lesson.file for lesson in RECORDED} | {each.poster for each in RECORDED if each.kind == "video"}
    assert files == set(texts.MEDIA.iterdir())
    committed = [*texts.MEDIA.iterdir(), *texts.PICTURES.iterdir()]
    assert sum(path.stat().st_size for path in committed) <= 8 * MEGABYTES


def test_the_lengths_written_down_are_those_of_the_files():
    codecs = {"video": {"h264", "aac"}, "audio": {"aac"}}
    for lesson in RECORDED:
        with av.open(lesson.file) as media:
            assert media.duration / av.time_base == pytest.approx(lesson.seconds, abs=0.5)
            assert {stream.codec_context.name for stream in media.streams} == codecs[lesson.kind]


def test_the_index_of_every_recording_stands_in_front():
    for lesson in RECORDED:
        content = lesson.file.read_bytes()
        assert content.index(b"moov") < content.index(b"mdat")


def test_the_demo_knows_nothing_of_django():
    for module in DEMO.glob("*.py"):
        assert not re.search(r"^\s*(import|from) django", module.read_text("utf-8"), re.MULTILINE), module.name


def test_reading_the_demo_needs_none_of_the_tools_that_made_it():
    code = "import sys, config.demo.people, config.demo.texts; sys.exit({'PIL', 'pypinyin'} & {*sys.modules} != set())"
    assert subprocess.run([sys.executable, "-c", code], cwd=DEMO.parents[1], check=False).returncode == 0
