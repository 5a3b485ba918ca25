"""The child process that opens a foreign workbook: it limits itself first and says what it found in JSON lines."""

import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZipFile

from openpyxl import load_workbook

from members.organisation import problems
from members.organisation.workbook import MEGABYTE, OUT_OF_MEMORY, Columns, Limits
from members.organisation.workbook_sheet import BookSheet, RefusedError, SheetReader
from members.organisation.workbook_text import TextSheet

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENCRYPTED_STREAM = "EncryptedPackage".encode("utf-16-le")
# A short list of like rows packs better than 100 to 1 and harms nobody.
RATIO_COUNTS_ABOVE_BYTES = 5 * MEGABYTE
PR_SET_PDEATHSIG = 1


def main() -> None:
    request = json.loads(sys.argv[1])
    columns, limits = tuple(request["columns"]), Limits(**request["limits"])
    limit_this_process(limits)
    try:
        lines = list(read(sys.stdin.buffer, columns, limits))
    except RefusedError as refused:
        lines = [["refuse", refused.reason, refused.values]]
    except MemoryError:  # also for a sentence no memory is left
        os._exit(OUT_OF_MEMORY)
    except Exception:  # whatever a foreign file does to a parser, it is the file that is damaged
        lines = [["refuse", problems.DAMAGED, {}]]
    for line in lines:
        sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


def limit_this_process(limits: Limits) -> None:
    """No more memory, time or files than the limits say, no file written, and an end when the parent ends."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 32),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def read(file: BinaryIO, columns: Columns, limits: Limits) -> Iterator[list]:
    """The lines to say: rows, problems, ignored columns; `RefusedError` when nothing can be taken."""
    if not is_packed(file):
        yield from SheetReader(TextSheet(file), columns, limits).lines()
        return
    with ZipFile(file) as archive:
        check_archive(archive, limits)
    try:
        book = load_workbook(file, read_only=True, keep_links=False)
    except OSError as error:  # openpyxl's word for a zip without a workbook in it
        raise RefusedError(problems.NOT_A_WORKBOOK) from error
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    if not visible:
        raise RefusedError(problems.NO_HEADINGS)
    yield from SheetReader(BookSheet(book, visible[0]), columns, limits).lines()


def is_packed(file: BinaryIO) -> bool:
    """Whether this begins like a zip, as .xlsx does; what does not may be a text."""
    file.seek(0)
    beginning = file.read(len(OLE))
    if beginning == OLE:
        raise RefusedError(problems.ENCRYPTED if ENCRYPTED_STREAM in file.read() else problems.OLD_FORMAT)
    file.seek(0)
    return beginning.startswith(b"PK\x03\x04")


def check_archive(archive: ZipFile, limits: Limits) -> None:
    """Looks at the directory only: nothing is unpacked before its declared size, which zipfile holds to, is allowed."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > limits.entries or unpacked > limits.unpacked_bytes:
        raise RefusedError(problems.HOLDS_TOO_MUCH)
    if unpacked > max(RATIO_COUNTS_ABOVE_BYTES, packed * limits.ratio):
        raise RefusedError(problems.HOLDS_TOO_MUCH)
    if any(entry.flag_bits & 1 for entry in entries):
        raise RefusedError(problems.ENCRYPTED)
    if "[Content_Types].xml" not in archive.namelist():
        raise RefusedError(problems.NOT_A_WORKBOOK)


if __name__ == "__main__":
    main()
