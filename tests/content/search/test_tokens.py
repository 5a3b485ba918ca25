from hypothesis import given
from hypothesis import strategies as st

from content.search.syllables import readings, sound_pairs
from content.search.tokens import (
    SOUND,
    asked,
    beginnings,
    bigrams,
    heard,
    is_han,
    long_words,
    neighbours,
    normalise,
    sounds,
    spoken,
    written,
)

HAN_TEXT = st.text(alphabet=st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=30)


@given(st.text())
def test_a_normal_text_is_not_changed_again(text):
    assert normalise(normalise(text)) == normalise(text)


@given(HAN_TEXT, HAN_TEXT)
def test_a_word_looks_the_same_in_every_sentence(word, rest):
    assert normalise(word + rest) == normalise(word) + normalise(rest)


@given(HAN_TEXT, HAN_TEXT, HAN_TEXT)
def test_whatever_stands_in_the_middle_of_a_sentence_is_found_by_its_tokens(before, word, after):
    tokens = set(written(before + word + after))
    for term in asked(word):
        for run in term:
            assert set(bigrams(run)) <= tokens
            assert set(run) <= tokens


@given(st.text(), st.text())
def test_a_sentence_holds_the_words_of_each_of_its_parts(text, other):
    assert [run for term in asked(f"{text} {other}") for run in term] == [
        run for part in (text, other) for term in asked(part) for run in term
    ]


@given(st.text())
def test_nothing_typed_breaks_a_query(text):
    asked(text)
    heard(text)
    beginnings(text)
    assert all(len(word) >= 3 for word in long_words(text))


@given(HAN_TEXT)
def test_each_character_has_one_sound(text):
    for run in (run for term in asked(text) for run in term):
        assert len(spoken(run)) == len(run)


@given(st.lists(st.sampled_from(["dang", "ke", "zhi", "bu", "huo", "hui", "xi", "an", "lv"]), min_size=2, max_size=6))
def test_letters_that_were_made_of_syllables_can_be_cut_into_them(syllables):
    for way in readings("".join(syllables)):
        assert "".join(way) == "".join(syllables)
    assert readings("".join(syllables))


def test_traditional_full_width_and_capitals_are_the_same_word():
    assert normalise("組織生活會") == normalise("组织生活会")
    assert normalise("ＡＢＣ１２３") == normalise("abc123")
    assert normalise("乾淨") == normalise("干净")
    assert normalise("看著") == normalise("看着")


def test_a_query_keeps_together_what_was_typed_together():
    assert asked("党课2026 通知") == (("党课", "2026"), ("通知",))
    assert asked("，。！") == ()


def test_polyphones_are_read_in_their_words():
    assert sounds("重庆") == ["chong.qing"]


def test_pinyin_is_heard_with_and_without_spaces():
    assert heard("dangke") == heard("dang ke") == [[("dang", "ke")]]
    assert ("xi", "an") in heard("xian")[0]


def test_other_languages_are_not_taken_for_pinyin():
    assert heard("Python") == []
    assert heard("thrones") == []


def test_one_syllable_is_too_little_to_go_by():
    assert heard("dang") == []


def test_syllables_are_kept_with_the_next_one():
    assert sound_pairs(("dang", "ke", "bu")) == ["dang.ke", "ke.bu"]
    assert sound_pairs(()) == []


def test_words_are_kept_with_what_stands_beside_them():
    assert neighbours(["good", "parts", "很好", "2026", "开会"]) == ["good parts", "parts 很", "好 2026", "2026 开"]


def test_a_title_can_be_begun_in_the_middle_in_pinyin_and_by_initials():
    tokens = beginnings("历史话剧 Hamlet")
    assert {"话剧", f"{SOUND}huaju", f"{SOUND}hj", "hamlet"} <= set(tokens)


def test_long_words_come_from_the_dictionary():
    assert "党支部" in long_words("第一党支部的生活")


def test_numbers_are_whole_words():
    assert {"2026", "年", "3", "月"} <= set(written("2026年3月"))
    assert not is_han("2026")
