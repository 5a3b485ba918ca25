"""Workbooks that mean harm: one clear problem each, and the reader stays small, short and alone."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from members.organisation import problems
from members.organisation.workbook import read_rows
from tests.members import workbooks
from tests.members.workbooks import COLUMNS, with_rows, workbook

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path):
    return tmp_path / "名单.xlsx"


PROBE = """
import json, resource, sys
from members.organisation.workbook import Limits, read_rows
sheet = read_rows(sys.argv[1], tuple(sys.argv[2].split()), limits=Limits(**json.loads(sys.argv[3])))
megabytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([[p.reason, dict(p.values)] for p in sheet.problems] + [len(sheet.rows), megabytes]))
"""


def read_and_weigh(path: Path, **limits: int) -> tuple[str, dict]:
    """The only problem, read from a small process, so that the weight of the reader can be told from our own."""
    began = time.monotonic()
    command = [sys.executable, "-c", PROBE, str(path), " ".join(COLUMNS), json.dumps(limits)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True)
    [(reason, values), rows, megabytes] = json.loads(done.stdout)
    assert rows == 0
    assert done.stderr == ""
    assert megabytes < 300
    assert time.monotonic() - began < 60
    return reason, values


def test_a_zip_bomb_is_refused_unopened(path):
    assert read_and_weigh(workbooks.zip_bomb(path, 60)) == (problems.HOLDS_TOO_MUCH, {})


def test_a_bomb_under_the_limit_is_refused_by_its_ratio(path):
    assert read_and_weigh(workbooks.zip_bomb(path, 20)) == (problems.HOLDS_TOO_MUCH, {})


def test_a_bomb_that_lies_about_its_size_is_not_unpacked_further(path):
    assert read_and_weigh(workbooks.lying_bomb(path)) == (problems.DAMAGED, {})


def test_a_bomb_that_passes_every_count_ends_by_the_time_the_process_has(path):
    bomb = workbooks.with_rows(path, '<row><c t="e"/></row>' * 1_500_000)
    assert read_and_weigh(bomb, ratio=10**6, cpu_seconds=2, more_cpu_seconds_each_megabyte=0)[0] == problems.TOO_SLOW


def test_a_bomb_that_passes_every_count_ends_by_the_memory_the_process_has(path):
    bomb = workbooks.zip_bomb(path, 45)
    assert read_and_weigh(bomb, ratio=10**6, memory_bytes=100 * 1024**2)[0] == problems.HOLDS_TOO_MUCH


def test_two_cells_at_both_ends_of_the_sheet_are_two_rows(path):
    far = '<row r="1048576"><c r="A1048576" t="str"><v>远</v></c><c r="XFD1048576" t="str"><v>x</v></c></row>'
    assert [(row.number, row.cells) for row in read_rows(with_rows(path, far), COLUMNS).rows] == [
        (1048576, ("远", "", ""))
    ]


def test_entities_are_refused(path):
    assert read_and_weigh(workbooks.billion_laughs(path)) == (problems.DAMAGED, {})
    assert read_and_weigh(workbooks.outside_entity(path)) == (problems.DAMAGED, {})


def test_too_many_entries_are_refused(path):
    files = workbooks.parts(workbook(path, ("1", "2", "3")))
    many = {f"xl/media/{n}.png": b"" for n in range(200)}
    assert read_and_weigh(workbooks.pack(path, {**files, **many})) == (problems.HOLDS_TOO_MUCH, {})


def test_more_than_a_hundred_thousand_rows_are_refused(path):
    file = with_rows(path, "<row><c><v>1</v></c></row>" * 100_001)
    assert read_and_weigh(file) == (problems.TOO_MANY_ROWS, {"limit": 100_000})


def test_a_file_of_more_than_ten_megabytes_is_refused_unread(path):
    path.write_bytes(b"PK\x03\x04" + b"\0" * 10 * 1024**2)
    assert read_and_weigh(path) == (problems.LARGE_FILE, {"limit": 10})


def test_one_long_text_shown_thousands_of_times_is_refused(path):
    assert read_and_weigh(workbook(path, *[("字" * 9_000, "2", "3")] * 2_000)) == (problems.HOLDS_TOO_MUCH, {})


def test_the_child_can_write_no_file_and_knows_no_django():
    script = (
        "from members.organisation.workbook_reader import *\n"
        "limit_this_process(Limits())\n"
        "import openpyxl.xml, resource as r\n"
        "assert r.getrlimit(r.RLIMIT_FSIZE) == r.getrlimit(r.RLIMIT_CORE) == (0, 0)\n"
        "assert r.getrlimit(r.RLIMIT_AS)[1] == Limits().memory_bytes\n"
        "assert r.getrlimit(r.RLIMIT_CPU)[1] == Limits().cpu_seconds\n"
        "assert 'django' not in sys.modules\n"
        "assert openpyxl.xml.DEFUSEDXML and not openpyxl.xml.LXML\n"
    )
    environment = {**os.environ, "OPENPYXL_LXML": "False"}
    subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environment, check=True)


def test_the_reader_ends_when_its_parent_is_killed(path):
    with_rows(path, '<row><c t="e"/></row>' * 1_500_000)
    command = [sys.executable, "-c", PROBE, str(path), " ".join(COLUMNS), '{"ratio": 1000000}']
    with subprocess.Popen(command, cwd=ROOT) as parent:
        children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children")
        reader = wait_for(lambda: children.read_text().split())[0]
        wait_for(lambda: "workbook_reader" in Path(f"/proc/{reader}/cmdline").read_text())
        time.sleep(1)
        parent.kill()
    wait_for(lambda: not Path(f"/proc/{reader}/exe").exists())


def wait_for(seen, seconds: float = 10):
    end = time.monotonic() + seconds
    while not (found := seen()):
        assert time.monotonic() < end
        time.sleep(0.05)
    return found
