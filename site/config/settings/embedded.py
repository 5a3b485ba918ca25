"""One machine, nothing to install: SQLite, files for a broker, plain http. The default of `make run`."""

from config.keys import read_or_make_secret

from .base import *
from .base import SECRET_KEY_FILE, VAR, env

SECRET_KEY = read_or_make_secret(SECRET_KEY_FILE)

SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA cache_size=-65536;"
    "PRAGMA mmap_size=268435456;PRAGMA foreign_keys=ON;",
}
DATABASES = {"default": env.dj_db_url("DATABASE_URL", f"sqlite:///{VAR / 'db.sqlite3'}")}
# A connection for each thread, kept: opening one costs more than most requests.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"] |= {"OPTIONS": dict(SQLITE_OPTIONS), "CONN_MAX_AGE": None}
else:
    DATABASES["default"] |= {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
DATABASES["cache"] = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": VAR / "cache.sqlite3",
    "CONN_MAX_AGE": None,
    "OPTIONS": dict(SQLITE_OPTIONS),
}
DATABASE_ROUTERS = ["config.routers.CacheRouter"]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # With the usual 300, whoever tries 300 names pushes out the counter that locks the next one.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": str(VAR / "broker" / "messages"),
    "data_folder_out": str(VAR / "broker" / "messages"),
    "control_folder": str(VAR / "broker" / "control"),
    "store_processed": False,
}
