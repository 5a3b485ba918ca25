"""The embedded shape, but a locked database is waited for one second only."""

from config.settings.embedded import *  # noqa: F403
from config.settings.embedded import DATABASES

DATABASES["default"]["OPTIONS"]["timeout"] = 1
