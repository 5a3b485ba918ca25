"""How fast something can be seen, and how that is measured: the rules in force when a visit began. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """rate: seconds of the item that may be seen in one second; slack, gap and bank in seconds.

    bank_seconds: how much clock without a beat may be made good by a later one.
    """

    rate: float
    slack_seconds: float
    gap_seconds: float
    bank_seconds: float

    def worth(self, clock_seconds: float) -> float:
        """Seconds of the item that may be seen in so many seconds of clock."""
        return clock_seconds * self.rate + self.slack_seconds
