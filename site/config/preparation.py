"""Brings the installation up to date before it serves; each step is quick where nothing has changed."""

import hashlib
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from config import demonstration
from config.installation import is_begun
from config.terminal import Parts, say

MEMBERS = 1100
FOLDERS = ("uploads", "static", "index", "keys", "pages", "log", "broker/messages", "broker/control")


def make_folders() -> bool:
    """The folders under var; wake-ups that a former run left there are dropped, since what is to be done is in rows."""
    shutil.rmtree(settings.VAR / "broker" / "messages", ignore_errors=True)
    missing = [folder for folder in FOLDERS if not (settings.VAR / folder).is_dir()]
    for folder in missing:
        (settings.VAR / folder).mkdir(parents=True, exist_ok=True)
    (settings.VAR / "keys").chmod(0o700)
    return missing != ["broker/messages"]


def migrate() -> bool:
    """The tables; asked of the migrations themselves, since running none of them takes seconds, too."""
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return False
    call_command("migrate", interactive=False, verbosity=0)
    return True


def make_cache_table() -> bool:
    """The table of the cache, where the cache is a database."""
    cache = settings.CACHES["default"]
    if not cache["BACKEND"].endswith("DatabaseCache"):
        return False
    alias = "cache" if "cache" in connections else "default"
    if cache["LOCATION"] in connections[alias].introspection.table_names():
        return False
    call_command("createcachetable", database=alias, verbosity=0)
    return True


def collect_static() -> bool:
    """Pictures, styles and scripts, packed; again only when one of them, or the list of requirements, is another."""
    stamp = settings.VAR / "static.stamp"
    fingerprint = _fingerprint_of_static()
    if stamp.exists() and stamp.read_text() == fingerprint:
        return False
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(fingerprint)
    return True


def load_demo() -> bool:
    """Invented people, pages and study, where nothing has begun yet."""
    if is_begun():
        return False
    say()
    demonstration.load_demo(MEMBERS, now=timezone.now(), told=Parts(say, lead="    "))
    say("    ", end="")
    return True


def build_index() -> bool:
    """The search index, where there is none yet; changes reach it by themselves."""
    if any(settings.SEARCH_INDEX_DIR.iterdir()):
        return False
    call_command("wagtail_update_index", verbosity=0)
    return True


STEPS: list[tuple[str, Callable[[], bool]]] = [
    ("文件夹 Folders", make_folders),
    ("数据库 Database", migrate),
    ("缓存 Cache", make_cache_table),
    ("页面文件 Static files", collect_static),
]


def _fingerprint_of_static() -> str:
    return hashlib.sha256(json.dumps(sorted(_static_files())).encode()).hexdigest()


def _static_files() -> Iterator[tuple[str, int, int]]:
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = Path(storage.path(path)).stat()
            yield path, status.st_size, status.st_mtime_ns
