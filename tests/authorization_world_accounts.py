"""What the world of the authorization matrix has of accounts."""

from django.utils import timezone

from members.accounts.sessions import OwnSession


def world_of_accounts(member) -> dict[str, str]:
    """The member is signed in on a computer of the family, too."""
    own = OwnSession.objects.create(
        user=member, session_key="elsewhere", signed_in_at=timezone.now(), device="computer", where="shared"
    )
    return {"own_session": str(own.pk)}
