import os

import pytest
from config import preparation
from config.machine import NotReadyError
from config.serving import address, only_one


@pytest.fixture
def var(settings, tmp_path):
    settings.VAR, settings.STATIC_ROOT, settings.SEARCH_INDEX_DIR = tmp_path, tmp_path / "static", tmp_path / "index"
    return tmp_path


def test_folders_are_made_once_and_old_wake_ups_are_dropped(var):
    assert preparation.make_folders()
    (var / "broker" / "messages" / "an-old-one").touch()
    assert not preparation.make_folders()
    assert list((var / "broker" / "messages").iterdir()) == []
    assert (var / "keys").stat().st_mode & 0o077 == 0


@pytest.mark.django_db
def test_a_database_that_is_up_to_date_is_left_alone():
    assert not preparation.migrate()


def test_static_files_are_collected_again_only_when_one_is_another(var, settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "page.css").write_text("p {}")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    assert preparation.collect_static()
    assert not preparation.collect_static()
    (source / "page.css").write_text("p { margin: 0 }")
    assert preparation.collect_static()
    assert (var / "static" / "page.css").read_text() == "p { margin: 0 }"


def test_collecting_that_was_stopped_half_way_is_done_again(var, monkeypatch):
    def stopped(*args, **kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr(preparation, "call_command", stopped)
    with pytest.raises(KeyboardInterrupt):
        preparation.collect_static()
    monkeypatch.setattr(preparation, "call_command", lambda *args, **kwargs: None)
    assert preparation.collect_static()


def test_one_folder_is_served_only_once(var):
    with only_one(), pytest.raises(NotReadyError, match=f"已经在运行了（进程 {os.getpid()}）"), only_one():
        pass
    with only_one():
        assert (var / "serve.lock").read_text() == str(os.getpid())


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("10.1.2.3", "http://10.1.2.3:8000/"),
    ],
)
def test_the_address_that_is_shown_can_be_opened_on_this_machine(host, shown):
    assert address(host, "8000") == shown
