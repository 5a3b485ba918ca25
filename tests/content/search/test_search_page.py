"""The page /search/ as a visitor meets it."""

import pytest
from django.urls import reverse

from tests.content.search.pages import fold, make_article, make_course, make_lesson
from tests.factories import make_account

pytestmark = pytest.mark.django_db
URL = "/search/"


def page_of(client, **query) -> str:
    response = client.get(URL, query)
    assert response.status_code == 200
    return response.content.decode()


def test_the_address_is_the_one_that_is_promised():
    assert reverse("content:search") == URL


def test_without_a_query_it_says_what_to_do(client):
    assert "想找什么" in page_of(client) or "What are you looking for" in page_of(client)


def test_a_found_page_shows_its_kind_its_title_and_the_word_in_its_sentence(client):
    article = make_article("怎样开会", "每个党支部都要把组织生活会开得有用。")
    fold()
    html = page_of(client, q="组织生活会")
    assert f'href="{article.url}"' in html
    assert "每个党支部都要把<mark>组织生活会</mark>开得有用。" in html


def test_articles_courses_and_lessons_stand_in_one_list(client):
    make_article("生活会文章")
    make_lesson(make_course("生活会课程"), "生活会一课")
    fold()
    html = page_of(client, q="生活会")
    assert html.count('class="item-title"') == 3


def test_nothing_that_was_written_or_asked_becomes_markup(client):
    make_article("怎样<script>开会</script>", "把组织生活会<b>开好</b>", summary="<img src=x onerror=alert(1)>会")
    fold()
    for query in ["开会", "<script>开会</script>", "script", '"><img src=x>会']:
        html = page_of(client, q=query)
        assert "<script>开会" not in html
        assert "<img src=x" not in html


def test_a_page_for_members_is_not_mentioned_to_a_visitor(client):
    make_article("给党员的文章", audience="members")
    fold()
    assert "给党员的文章" not in page_of(client, q="给党员")
    client.force_login(make_account())
    assert "给党员的文章" in page_of(client, q="文章").replace("<mark>", "").replace("</mark>", "")


def test_results_come_twenty_to_a_page(client):
    for number in range(23):
        make_article(f"{number}号文章")
    fold()
    first, second = page_of(client, q="号文章"), page_of(client, q="号文章", page=2)
    assert (first.count('class="item-title"'), second.count('class="item-title"')) == (20, 3)
    assert 'rel="next"' in first
    assert 'rel="prev"' in second
    assert page_of(client, q="号文章", page="999").count('class="item-title"') == 3
    assert page_of(client, q="号文章", page="x").count('class="item-title"') == 20


def test_similar_pages_stand_apart_from_those_with_the_words(client):
    make_article("楼道照明", "楼道的灯亮了。")
    make_article("照明楼道的人", "他每晚照看路灯，走遍楼道。")
    fold()
    html = page_of(client, q="楼道照明")
    assert html.count('<ul class="item-list">') == 2


def test_a_very_long_query_is_cut_and_answered(client):
    assert page_of(client, q="很长的话" * 2000).count("很长的话") < 200


def test_the_cost_of_a_page_does_not_grow_with_its_results(client, django_assert_max_num_queries):
    course = make_course("号课程")
    for number in range(10):
        make_article(f"{number}号文章")
        make_lesson(course, f"{number}号课")
    fold()
    client.force_login(make_account())
    with django_assert_max_num_queries(16):
        page_of(client, q="号")
