"""How a browser knows whose things it keeps."""

from django.utils.crypto import salted_hmac

SALT = "members.drafts"


def device_key(user_id: int) -> str:
    """Under which a device keeps what belongs to this person: tells nobody who it is."""
    return salted_hmac(SALT, str(user_id)).hexdigest()[:16]
