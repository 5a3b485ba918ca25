"""`make bench`: measures, prints a table, appends to var/bench.jsonl. Ratios in one run; nothing asserts here."""

import sys
from pathlib import Path

from tests.bench import heartbeat, long_list_figures
from tests.bench.report import table, write

figures = [figure for database in ("sqlite", "postgresql") for figure in heartbeat.measure(database)]
figures += long_list_figures.measure()
write(figures, Path(__file__).resolve().parents[2] / "var" / "bench.jsonl")
sys.stdout.write(table(figures) + "\n")
