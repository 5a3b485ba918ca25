"""What a page tells of itself, signed: feedback knows no lessons, and believes no browser."""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from django.core import signing

GOOD_FOR = timedelta(hours=24)
SALT = "members.feedback"
LONGEST_TITLE, LONGEST_PATH = 255, 500


class AboutRefused(Exception):
    """The value was not signed here, or the page has been open for too long."""


@dataclass(frozen=True)
class About:
    """A page, and the unit that answers for it, if it names one; `nonce` stands for this one showing of the box.

    `is_study`: a lesson or an article, for which a lecturer answers.
    """

    path: str
    title: str
    organisation_id: int | None
    nonce: str
    is_study: bool = False


def sign_about(*, path: str, title: str, organisation_id: int | None, now: datetime, is_study: bool = False) -> str:
    """A signed value for the box of this page, good for a day."""
    own_path = "/" + path.lstrip("/")  # «//elsewhere» would lead away
    said = [own_path[:LONGEST_PATH], title[:LONGEST_TITLE], organisation_id, secrets.token_urlsafe(9), is_study]
    return signing.dumps([*said, int(now.timestamp())], salt=SALT)


def read_about(signed: str, *, now: datetime) -> About:
    """What was signed; raises AboutRefused."""
    try:
        path, title, organisation_id, nonce, is_study, at = signing.loads(signed, salt=SALT)
    except (signing.BadSignature, ValueError) as error:
        raise AboutRefused("unsigned") from error
    if now - datetime.fromtimestamp(at, UTC) > GOOD_FOR:
        raise AboutRefused("too old")
    return About(path, title, organisation_id, nonce, is_study)


def form_key(path: str) -> str:
    """Under which name the box of this page keeps what is being typed."""
    return f"feedback:{sha256(path.encode()).hexdigest()[:20]}"
