"""Which part of a file a browser asks for (RFC 9110 §14). Knows nothing of Django."""

import re
from dataclasses import dataclass

# Nineteen digits are more than any file has; Python refuses to read numbers without end.
ONE_RANGE = re.compile(r"[ \t]*([0-9]{0,19})[ \t]*-[ \t]*([0-9]{0,19})[ \t]*", re.ASCII)
UNIT = "bytes="


class UnsatisfiableError(Exception):
    """Nothing of the file lies in the range that was asked for (416)."""


@dataclass(frozen=True)
class Part:
    """Bytes `first` to `last`, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def asked_part(header: str, size: int) -> Part | None:
    """The part that a Range header names; None where the whole file answers: no header, another unit, several parts."""
    if not header.lower().startswith(UNIT):
        return None
    ranges = header[len(UNIT) :]
    if "," in ranges:
        return None
    match = ONE_RANGE.fullmatch(ranges)
    if match is None or match.groups() == ("", ""):
        raise UnsatisfiableError
    first, last = match.groups()
    part = _suffix(int(last), size) if not first else Part(int(first), min(int(last or size), size - 1))
    if part.length < 1 or part.first >= size:
        raise UnsatisfiableError
    return part


def _suffix(length: int, size: int) -> Part:
    return Part(max(size - length, 0), size - 1)
