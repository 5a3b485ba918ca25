"""What is found, and by what it is found: through the database, the queue and the index as they run."""

import pytest

from content.search.queries import exact_count, found_pages
from content.search.tokens import normalise
from learning.courses.models import LessonPage
from members.roles.models import Role
from tests.content.search.pages import fold, make_article, make_course, make_lesson, titles
from tests.factories import grant, make_account, make_person, make_tree

pytestmark = pytest.mark.django_db
SENTENCE = "大家认为，每个党支部都要把组织生活会开得有用，把话说完整。"


@pytest.mark.parametrize("query", ["组织生活会", "生活", "话说完", "会", "党支部 完整"])
def test_a_word_in_the_middle_of_a_sentence_is_found(query):
    make_article("怎样开会", SENTENCE)
    fold()
    assert titles(query) == ["怎样开会"]


@pytest.mark.parametrize(
    "query", ["組織生活會", "ｚｕｚｈｉ shenghuohui", "zuzhishenghuo", "zu zhi sheng huo hui", "组织生活汇"]
)
def test_traditional_full_width_pinyin_and_homophones_find_it_too(query):
    make_article("怎样开会", SENTENCE)
    make_article("河边散步", "早上走一走。")
    fold()
    assert titles(query) == ["怎样开会"]


def test_full_width_letters_and_numbers_are_letters_and_numbers():
    make_article("用ＡＰＰ２号学习")
    fold()
    assert titles("app2号") == ["用ＡＰＰ２号学习"]


def test_characters_that_only_stand_apart_are_not_the_word():
    make_article("组织", "生活得好，开会要短。")
    fold()
    results = found_pages("组织生活会", user=make_account())
    assert exact_count(results) == 0


def test_a_mistyped_sentence_still_leads_to_the_page():
    make_article("怎样开会", SENTENCE)
    make_article("河边散步", "早上走一走，把腿脚活动开。")
    fold()
    results = found_pages("支部组织声活会开得", user=make_account())
    assert [page.title for page in results] == ["怎样开会"]
    assert exact_count(results) == 0


def test_what_has_the_words_comes_before_what_is_only_similar():
    make_article("楼道照明", "楼道的灯亮了。")
    make_article("照明楼道的人", "他每晚照看路灯，走遍楼道。")
    fold()
    results = found_pages("楼道照明", user=make_account())
    assert results[0].title == "楼道照明"
    assert exact_count(results) == 1


def test_the_title_weighs_more_than_the_text():
    make_article("走访", "三月的一天，大家谈到环境卫生，也谈到了别的许多事情。")
    make_article("环境卫生", "三月的一天，大家谈到许多事情。")
    fold()
    assert titles("环境卫生") == ["环境卫生", "走访"]


def test_summary_author_and_speaker_are_searched():
    make_article("第一篇", summary="讲讲垃圾分类", author="额尔敦")
    make_lesson(make_course("课程"), "第一课", speaker="周秀兰")
    fold()
    assert titles("垃圾分类") == ["第一篇"]
    assert titles("额尔敦") == ["第一篇"]
    assert titles("周秀兰") == ["第一课"]


def test_the_beginning_of_a_title_is_completed_from_any_character_on():
    make_course("历史话剧欣赏")
    make_lesson(make_course("别的"), "历史话剧第一讲")
    fold()
    for typed in ["话", "历史话", "huaju", "hjd", "lishihua"]:
        assert [page.title for page in LessonPage.objects.autocomplete(typed)] == ["历史话剧第一讲"], typed


def test_a_page_that_was_taken_back_is_gone_at_once():
    article = make_article("怎样开会", SENTENCE)
    fold()
    article.unpublish()
    assert titles("组织生活会") == []
    fold()
    assert titles("组织生活会") == []


def test_a_deleted_page_is_gone_at_once():
    article = make_article("怎样开会", SENTENCE)
    make_article("还在", SENTENCE)
    fold()
    article.delete()
    assert titles("组织生活会") == ["还在"]
    fold()
    assert titles("组织生活会") == ["还在"]


def test_a_changed_page_is_found_by_its_new_words_only():
    article = make_article("怎样开会", SENTENCE)
    fold()
    article.title = "怎样散步"
    article.body = []
    article.save_revision().publish()
    fold()
    assert titles("怎样散步") == ["怎样散步"]
    assert exact_count(found_pages("组织生活会", user=make_account())) == 0


def test_a_page_for_members_is_neither_shown_to_a_visitor_nor_counted():
    make_article("给大家", SENTENCE)
    make_article("给党员", SENTENCE, audience="members")
    fold()
    assert titles("组织生活会") == ["给大家"]
    results = found_pages("组织生活会", user=make_account())
    assert {page.title for page in results} == {"给大家", "给党员"}
    assert results.count() == 2


def test_a_page_for_one_unit_is_found_there_and_by_who_leads_it():
    tree = make_tree()
    make_article("本支部的事", SENTENCE, audience="subtree", organisation=tree.branch)
    fold()
    leader = make_account()
    grant(leader, Role.ORGANISER, tree.east)
    assert titles("组织生活会", make_person(tree.group)) == ["本支部的事"]
    assert titles("组织生活会", leader) == ["本支部的事"]
    assert titles("组织生活会", make_person(tree.far)) == []


def test_hidden_pages_do_not_keep_similar_ones_from_a_visitor():
    for number in range(3):
        make_article(f"内部{number}", SENTENCE, audience="members")
    make_article("公开", "组织生活得好，开会开得短。")
    fold()
    assert titles("组织生活会") == ["公开"]


@pytest.mark.parametrize(
    "query", ["", "  ", "，。", "\x00", "的" * 5000, "a" * 5000, "*", '"没有', "live:true", "你 " * 60]
)
def test_no_query_is_too_strange(query):
    make_article("怎样开会", SENTENCE)
    fold()
    assert list(found_pages(query, user=make_account())) == []


def test_normalising_is_the_same_on_both_sides():
    make_article("看著鐘樓", "後來大家都說好。")
    fold()
    assert titles("看着钟楼") == ["看著鐘樓"]
    assert titles(normalise("後來")) == ["看著鐘樓"]
