"""The row is the queue: what is written with a page reaches the index once, in order, whatever happens between."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from content.search import actions
from content.search.actions import fold_index_changes, note_changes
from content.search.documents import document_of, index_of
from content.search.engine import Document, SearchIndex, term
from content.search.models import IndexChange
from tests.content.search.pages import NOW, fold, make_article, portal, titles

pytestmark = pytest.mark.django_db


def test_a_page_and_its_row_are_saved_together_or_not_at_all():
    portal()
    fold()
    with transaction.atomic():
        make_article("怎样开会")
        assert IndexChange.objects.exists()
        transaction.set_rollback(True)
    assert not IndexChange.objects.exists()


def test_a_fold_leaves_no_rows_and_a_second_one_has_nothing_to_do():
    make_article("怎样开会")
    assert fold() > 0
    assert not IndexChange.objects.exists()
    assert fold() == 0


def test_a_change_made_while_the_fold_runs_keeps_its_row(monkeypatch):
    article = make_article("怎样开会")
    write = SearchIndex.write

    def interrupted(self, *args):
        write(self, *args)
        monkeypatch.setattr(SearchIndex, "write", write)
        note_changes(root="wagtailcore.page", pks=[article.pk])

    monkeypatch.setattr(SearchIndex, "write", interrupted)
    seen = []
    monkeypatch.setattr(actions, "document_of", lambda page: seen.append(page.pk) or document_of(page))
    fold()
    assert seen.count(article.pk) == 2
    assert not IndexChange.objects.exists()


def test_many_changes_of_one_page_end_with_its_last_state():
    article = make_article("第一个题目")
    for title in ("第二个题目", "第三个题目"):
        article.title = title
        article.save()
    assert IndexChange.objects.count() > 2
    fold_index_changes(now=NOW, limit=2)
    assert titles("题目") == ["第三个题目"]
    assert index_of("wagtailcore.page").search(term("s_title", "第一")) == []


def test_a_page_that_cannot_be_read_waits_and_keeps_nobody_else_waiting(monkeypatch):
    make_article("读不了的")
    make_article("读得了的")

    def choosy(page):
        if page.title == "读不了的":
            raise ValueError("broken")
        return document_of(page)

    with monkeypatch.context() as patch:
        patch.setattr(actions, "document_of", choosy)
        fold_index_changes(now=NOW, limit=1)
    assert titles("读") == ["读得了的"]
    fold()
    assert set(titles("读")) == {"读得了的", "读不了的"}


def test_rows_of_a_model_that_is_gone_are_dropped():
    note_changes(root="gone.model", pks=[1])
    assert fold() == 1
    assert not IndexChange.objects.exists()


def test_a_deletion_is_followed_also_where_the_object_still_stands():
    article = make_article("怎样开会")
    fold()
    note_changes(root="wagtailcore.page", pks=[article.pk], is_deletion=True)
    fold()
    assert titles("开会") == []


def test_a_searcher_never_shows_what_was_deleted(tmp_path):
    index = SearchIndex(tmp_path / "one")
    with index.shelf.writing():
        live = index.live_generation()
    for key in "12":
        index.write(live, [Document(key, {"s_title": ["楼道"]})])
    assert sorted(key for key, _ in index.search(term("s_title", "楼道"))) == ["1", "2"]
    index.write(live, [], ["1"])
    assert [key for key, _ in index.search(term("s_title", "楼道"))] == ["2"]
    assert index.document_count() == 1


def test_a_queue_that_stands_still_is_reported(caplog):
    make_article("怎样开会")
    oldest = IndexChange.objects.order_by("pk").first().created_at
    fold_index_changes(now=oldest + timedelta(hours=2))
    assert "behind" in caplog.text


def test_an_idle_fold_costs_two_queries():
    with CaptureQueriesContext(connection) as queries:
        fold()
    assert len(queries) <= 2
