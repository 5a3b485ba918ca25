"""Processes that write, rebuild and die: real ones, with the database and the index they share."""

import signal
import time

import pytest
from wagtail.models import Page

from content.search.backend import SearchBackend
from content.search.documents import index_of
from content.search.engine import term
from content.search.models import IndexChange
from tests.content.search import worker
from tests.content.search.pages import fold, make_article, make_course, portal, titles

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = "wagtailcore.page"
COUNT = 12


def add_articles(count: int = COUNT) -> list[str]:
    return [make_article(f"{number}号文章", "把组织生活会开得有用。").title for number in range(count)]


@pytest.mark.parametrize("moment", ["before the commit", "after the commit"])
def test_a_fold_killed_half_way_loses_nothing(moment):
    added = add_articles()
    process = worker.start("fold", die=moment)
    assert process.wait(60) == -signal.SIGKILL
    assert IndexChange.objects.exists()
    fold()
    assert sorted(titles("组织生活会")) == sorted(added)
    assert not IndexChange.objects.exists()
    assert len(index_of(ROOT).search(term("s_body", "组织"))) == COUNT


def test_folds_killed_at_any_moment_lose_nothing():
    added = add_articles()
    fold()
    for attempt in range(5):
        added += [make_article(f"第{attempt}轮{number}", "把组织生活会开得有用。").title for number in range(5)]
        process = worker.start("fold")
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.03 * attempt)
        process.kill()
        process.wait(60)
    fold()
    assert sorted(titles("组织生活会")) == sorted(added)


def test_processes_that_write_at_the_same_time_lose_nothing():
    names = ["甲", "乙", "丙"]
    for name in names:
        make_course(name)
    processes = [worker.start("add and fold", name=name, count=10) for name in names]
    assert [process.wait(120) for process in processes] == [0, 0, 0]
    fold()
    assert sorted(titles("号课")) == sorted(f"{name}{number}号课" for name in names for number in range(10))


def test_a_rebuild_never_empties_the_search_and_keeps_what_is_written_meanwhile():
    before = add_articles(60)
    make_course("后来")
    fold()
    rebuild = worker.start("rebuild")
    writer = worker.start("add and fold", name="后来", count=10)
    empty = 0
    while rebuild.poll() is None or writer.poll() is None:
        empty += len(titles("组织生活会")) < len(before)
        time.sleep(0.02)
    assert (rebuild.returncode, writer.returncode, empty) == (0, 0, 0)
    fold()
    assert sorted(titles("组织生活会")) == sorted(before)
    assert len(titles("后来 号课")) == 10
    assert not IndexChange.objects.exists()


def test_what_changes_between_reading_and_swapping_is_in_both_generations():
    article = make_article("旧题目")
    fold()
    backend = SearchBackend({})
    rebuilder = backend.rebuilder_class(backend.get_index_for_model(Page))
    new = rebuilder.start()
    for model in (type(portal()), type(article)):
        new.add_items(model, list(model.get_indexed_objects()))
    article.title = "新题目"
    article.save()
    fold()
    assert titles("新题目") == ["新题目"]
    assert IndexChange.objects.exists()
    rebuilder.finish()
    assert titles("新题目") == ["新题目"]
    assert not IndexChange.objects.exists()


def test_a_second_rebuild_waits_for_the_first():
    make_article("怎样开会")
    backend = SearchBackend({})
    first = backend.rebuilder_class(backend.get_index_for_model(Page))
    first.start()
    second = worker.start("rebuild")
    assert second.stdout.readline() == "ready\n"
    time.sleep(1)
    assert second.poll() is None
    first.finish()
    assert second.wait(60) == 0
    assert titles("开会") == ["怎样开会"]


def test_a_rebuild_that_was_killed_leaves_the_old_index_and_no_lock():
    make_article("怎样开会")
    fold()
    before = index_of(ROOT).shelf.current()
    killed = worker.start("rebuild", die="before the commit")
    assert killed.wait(60) == -signal.SIGKILL
    assert index_of(ROOT).shelf.current() == before
    assert titles("开会") == ["怎样开会"]
    assert worker.start("rebuild").wait(60) == 0
    assert index_of(ROOT).shelf.current() != before
    assert titles("开会") == ["怎样开会"]
