import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_the_backend_passes_the_suite_that_modelsearch_holds_every_backend_against():
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.content.search.conformance_settings"}
    environment["PYTHONPATH"] = str(ROOT)
    suite = ["django", "test", "tests.content.search", "--pattern", "conformance.py"]
    run = subprocess.run([sys.executable, "-m", *suite], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert "Ran 120 tests" in run.stderr
    assert "skipped" not in run.stderr
