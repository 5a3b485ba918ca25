"""News that must go up the house, sent with `send()` inside the causing transaction: a failure rolls it back.

`learning/receivers.py` is the only receiver; a house test lists the pairs.
"""

from django.dispatch import Signal

# moves: list[Move], one for each member whose one open affiliation began, ended or changed; now: datetime
affiliation_changed = Signal()
# organisation: the unit that stands under another parent now; now: datetime
organisation_moved = Signal()
