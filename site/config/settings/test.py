"""The embedded shape in a temporary folder; the same database options as in use."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("VAR_DIR", tempfile.mkdtemp(prefix="house-test-"))

from .embedded import *
from .embedded import DATABASES, VAR

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(VAR) / "test.sqlite3")}
DATABASES["cache"]["TEST"] = {"NAME": str(Path(VAR) / "test-cache.sqlite3")}
CELERY_BROKER_URL = "memory://"
CELERY_BROKER_TRANSPORT_OPTIONS: dict[str, str] = {}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Argon2 itself is tested where it is promised; elsewhere a cheaper cost keeps the suite quick.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]
