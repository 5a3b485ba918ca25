"""The embedded shape in a temporary folder; the same database options as in use."""

import os
import tempfile
from pathlib import Path

# One folder a run, and in it one for each process of tests: those side by side share no file.
FOLDER = Path(os.environ.get("TESTS_DIR") or tempfile.mkdtemp(prefix="house-test-"))
os.environ["TESTS_DIR"] = str(FOLDER)
if "VAR_DIR" not in os.environ or Path(os.environ["VAR_DIR"]).parent == FOLDER:
    os.environ["VAR_DIR"] = str(FOLDER / os.environ.get("PYTEST_XDIST_WORKER", "alone"))
Path(os.environ["VAR_DIR"]).mkdir(exist_ok=True)

from .embedded import *
from .embedded import DATABASES, VAR

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR) / "test.sqlite3")}
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # a database that somebody holds cannot be dropped
DATABASES["cache"]["TEST"] = {"NAME": str(Path(VAR) / "test-cache.sqlite3")}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Argon2 itself is tested where it is promised; elsewhere a cheaper cost keeps the suite quick.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
