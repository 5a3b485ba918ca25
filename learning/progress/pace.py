"""How fast something can be seen, and how it is measured: the figures of the rules in force when a visit began."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Pace:
    """rate: seconds of the item that may be seen in one second; slack and gap in seconds."""

    rate: float
    slack_seconds: float
    gap_seconds: float
