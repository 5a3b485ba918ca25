"""The embedded shape in a temporary folder; the same database options as in use."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

IN_MEMORY, ROOM = Path("/dev/shm"), 4 * 2**30  # noqa: S108


def _new_folder() -> Path:
    """Where a run writes everything, gone when it ends; in memory where there is room: nothing need reach a disk."""
    is_roomy = IN_MEMORY.is_dir() and shutil.disk_usage(IN_MEMORY).free > ROOM
    folder = Path(tempfile.mkdtemp(prefix="house-test-", dir=IN_MEMORY if is_roomy else None))
    os.environ["TESTS_DIR"] = os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


# One folder a run, and in it one for each process of tests: those side by side share no file.
FOLDER = Path(os.environ["TESTS_DIR"]) if "TESTS_DIR" in os.environ else _new_folder()
if "VAR_DIR" not in os.environ or Path(os.environ["VAR_DIR"]).parent == FOLDER:
    os.environ["VAR_DIR"] = str(FOLDER / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
Path(os.environ["VAR_DIR"]).mkdir(exist_ok=True)

from .embedded import *
from .embedded import DATABASES, VAR

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR) / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # a database that somebody holds cannot be dropped
# One table of its own: to walk through every migration for it would take as long as for the database itself.
DATABASES["cache"]["TEST"] = {"NAME": str(Path(VAR) / "test-cache.sqlite3"), "MIGRATE": False}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Argon2 itself is tested where it is promised; elsewhere a cheaper cost keeps the suite quick.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
