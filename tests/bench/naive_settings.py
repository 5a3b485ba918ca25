"""The house's own settings with a route that writes as one would at first: what committing together is measured by."""

from config.settings.embedded import *  # noqa: F403 — as the settings themselves do

ROOT_URLCONF = "tests.bench.naive"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
