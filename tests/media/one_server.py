"""The house as the web server sees it, on the test database that `TEST_DATABASE_NAME` names."""

import os

from django.conf import settings

settings.DATABASES["default"]["NAME"] = os.environ["TEST_DATABASE_NAME"]

from config.wsgi import application  # noqa: E402

__all__ = ["application"]
