"""The search backend alone with the models of modelsearch's own test suite."""

import tempfile

SECRET_KEY = "only-for-this-suite"
USE_TZ = True
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
INSTALLED_APPS = [
    "modelsearch.test.testapp",
    "modelsearch",
    "taggit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "tests.content.search.conformance_apps.SearchCornerConfig",
]
MIGRATION_MODULES = {"content": None}
MODELSEARCH_BACKENDS = {"default": {"BACKEND": "content.search.backend"}}
SEARCH_INDEX_DIR = tempfile.mkdtemp(prefix="conformance-index-")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
