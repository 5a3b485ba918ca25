"""The length that an mp4 states in its header: what some players show, and what a lying file lies about.

FFmpeg quietly puts it right, so it is read here. Knows nothing of Django.
"""

import struct
from typing import BinaryIO

MOST_BOXES = 10_000


def mp4_seconds(file: BinaryIO, size: int) -> float | None:
    """What `moov/mvhd` says; None where it says nothing (pieces sent live), or there is none."""
    if not (movie := _find(file, b"moov", 0, size)) or not (header := _find(file, b"mvhd", *movie)):
        return None
    file.seek(header[0])
    words = file.read(32)
    try:
        version = words[0]
        ticks, length = struct.unpack_from(">IQ" if version == 1 else ">II", words, 20 if version == 1 else 12)
    except (struct.error, IndexError):
        return None
    unknown = 2**64 - 1 if version == 1 else 2**32 - 1
    return length / ticks if ticks and length not in (0, unknown) else None


def _find(file: BinaryIO, name: bytes, at: int, end: int) -> tuple[int, int] | None:
    """Where the content of the first box of this name begins and ends."""
    for _ in range(MOST_BOXES):
        file.seek(at)
        head = file.read(16)
        if at >= end or len(head) < 8:
            return None
        length, found = struct.unpack_from(">I4s", head)
        begins = at + 8
        if length == 1 and len(head) == 16:
            length, begins = struct.unpack_from(">Q", head, 8)[0], at + 16
        stop = at + length if length else end
        if stop < begins:
            return None
        if found == name:
            return begins, min(stop, end)
        at = stop
    return None
