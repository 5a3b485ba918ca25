"""Workbooks for tests, honest and hostile, made on the spot."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from members.organisation.workbook import Row, Sheet

COLUMNS = ("编码", "名称", "类型")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_PART = "xl/worksheets/sheet1.xml"
HEADER = "".join(f'<c t="inlineStr"><is><t>{name}</t></is></c>' for name in COLUMNS)


def workbook(path: Path, *rows: tuple, header: tuple = COLUMNS, dress=lambda sheet: None) -> Path:
    """An honest workbook; `dress` may format cells, merge them or add sheets before it is saved."""
    book = Workbook()
    for row in (header, *rows):
        book.active.append(row)
    dress(book.active)
    book.save(path)
    return path


def parts(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path: Path, files: dict[str, bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def with_sheet(path: Path, xml: str | bytes) -> Path:
    """A workbook whose first sheet is exactly this XML."""
    files = parts(workbook(path))
    return pack(path, {**files, SHEET_PART: xml.encode() if isinstance(xml, str) else xml})


def with_rows(path: Path, rows: str) -> Path:
    """A workbook with a right header whose other rows are exactly this XML."""
    return with_sheet(path, f'<worksheet xmlns="{MAIN}"><sheetData><row>{HEADER}</row>{rows}</sheetData></worksheet>')


def billion_laughs(path: Path) -> Path:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return with_sheet(
        path,
        f'<!DOCTYPE worksheet [<!ENTITY l0 "ha">{laughs}]><worksheet xmlns="{MAIN}"><sheetData><row>'
        f'<c t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>',
    )


def outside_entity(path: Path) -> Path:
    return with_sheet(
        path,
        f'<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/hostname">]><worksheet xmlns="{MAIN}"><sheetData><row>'
        f'<c t="inlineStr"><is><t>&x;</t></is></c></row></sheetData></worksheet>',
    )


def zip_bomb(path: Path, megabytes: int) -> Path:
    return with_rows(path, "<row/>" * (megabytes * 1024 * 1024 // 6))


def lying_bomb(path: Path) -> Path:
    """Says in its directory that the sheet is small; it is not."""
    raw = zip_bomb(path, 60).read_bytes()
    with ZipFile(BytesIO(raw)) as archive:
        entry = archive.getinfo(SHEET_PART)
    declared = entry.file_size.to_bytes(4, "little")
    path.write_bytes(raw.replace(declared, (1000).to_bytes(4, "little")))
    return path


def ole_file(path: Path, *, encrypted: bool) -> Path:
    """The beginning of an old .xls file, or of the envelope in which spreadsheet programs keep an encrypted .xlsx."""
    stream = "EncryptedPackage" if encrypted else "Workbook"
    path.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 1016 + stream.encode("utf-16-le") + b"\0" * 512)
    return path


def sheet_of(*rows: tuple) -> Sheet:
    """What the reader makes of a workbook with these rows; cells left out are blank."""
    return Sheet(
        rows=[Row(number, tuple(map(str, row))) for number, row in enumerate(rows, start=2)],
        file_name="名单.xlsx",
        sha256="0" * 64,
    )
