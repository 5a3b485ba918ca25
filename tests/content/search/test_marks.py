from hypothesis import given
from hypothesis import strategies as st

from content.search.marks import PIECE, marked, piece

WORDS = st.text(alphabet="组织生活会，。 abc12ＡＢﬃ①é", max_size=40)


def found(text: str, query: str) -> list[str]:
    return [stretch for stretch, is_found in marked(text, query) if is_found]


@given(WORDS, WORDS)
def test_marking_leaves_the_text_as_it_was_written(text, query):
    assert "".join(stretch for stretch, _ in marked(text, query)) == text


@given(st.text(), st.text())
def test_nothing_breaks_marking(text, query):
    assert "".join(stretch for stretch, _ in marked(text, query, is_near=True)) == text
    assert len(piece([text], query)) <= PIECE + 2


def test_the_words_are_marked_wherever_they_stand():
    assert marked("把组织生活会开好", "生活会") == [("把组织", False), ("生活会", True), ("开好", False)]
    assert found("会上会下", "会") == ["会", "会"]


def test_what_was_written_otherwise_is_marked_as_it_was_written():
    assert found("開好組織生活會", "组织生活会") == ["組織生活會"]
    assert found("ＡＰＰ２用法", "app2") == ["ＡＰＰ２"]
    assert found("第①课", "1") == ["①"]


def test_latin_words_are_marked_whole():
    assert found("Java 和 JavaScript", "java") == ["Java"]


def test_overlapping_words_are_one_mark():
    assert found("组织生活会", "组织生活 生活会") == ["组织生活会"]


def test_a_piece_is_cut_around_the_first_word_that_was_found():
    text = "开头。" * 60 + "这里讲组织生活会。" + "结尾。" * 60
    shown = piece(["没有的摘要", text], "组织生活会")
    assert "组织生活会" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")


def test_without_the_word_the_first_text_is_shown_from_its_beginning():
    assert piece(["摘要在这里", "正文"], "别的") == "摘要在这里"
    assert piece(["", "  "], "别的") == ""


def test_what_only_sounds_or_looks_alike_is_marked_where_it_was_found_so():
    def near(text: str, query: str) -> list[str]:
        return [stretch for stretch, is_found in marked(text, query, is_near=True) if is_found]

    assert near("把组织生活会开好", "zuzhi shenghuo") == ["组织生活"]
    assert near("把组织生活会开好", "组只生活") == ["组织生活"]
    assert near("把组织生活会开好", "组织声活会开") == ["组织生活会开"]
    assert near("把组织生活会开好", "组织部活会") == ["组织", "活会"]
    assert found("把组织生活会开好", "组只生活") == []
