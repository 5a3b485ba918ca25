"""Says where a transfer record stands."""

from django.utils.translation import gettext as _

from members.transfers.models import Transfer, TransferState


def say_state(transfer: Transfer, *, is_open: bool) -> str:
    """The state in words; what waits but can be answered no more says why."""
    if transfer.state != TransferState.PROPOSED or is_open:
        return transfer.get_state_display()
    if transfer.member.ended_on is not None:
        return _("The membership here has ended")
    return _("The member belongs to another unit by now")
