"""The second step of signing in, as an authenticator takes it."""

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from playwright.sync_api import Page


def set_up_second_step(page: Page, *, password: str) -> None:
    """Asked for of whoever has a duty: the password once more, where it was not just chosen, then the six digits."""
    page.wait_for_url(re.compile("/accounts/(reauthenticate|2fa)/"))
    if "/accounts/reauthenticate/" in page.url:
        page.get_by_label("密码").fill(password)
        page.get_by_role("button", name="继续").click()
        page.wait_for_url(re.compile("/accounts/2fa/"))
    secret = re.search(r"\b[A-Z2-7]{32}\b", page.locator("main").inner_text()).group()
    page.get_by_label("六位数字").fill(_totp(secret))
    page.get_by_role("button", name="设置好").click()
    page.wait_for_url(lambda url: "totp/activate" not in url)


def _totp(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
