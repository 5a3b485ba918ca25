import os
import shutil
import socket
import subprocess
import sys
from collections import namedtuple
from pathlib import Path

import pytest
from config.machine import NotReadyError, check_address, check_disk, own_names

ROOT = Path(__file__).resolve().parents[2]
Usage = namedtuple("Usage", "total used free")


@pytest.fixture
def taken_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        yield str(listener.getsockname()[1])


def test_a_taken_port_names_one_that_is_free(taken_port):
    with pytest.raises(NotReadyError, match=rf"端口 {taken_port} .*make run PORT=(\d+)") as found:
        check_address("127.0.0.1", taken_port)
    other = str(found.value).rpartition("PORT=")[2]
    check_address("127.0.0.1", other)


@pytest.mark.parametrize("port", ["", "abc", "0", "65536", "-1", "8000.0", "８０００"])
def test_what_is_no_port_is_said_to_be_none(port):
    with pytest.raises(NotReadyError, match="不是端口号"):
        check_address("127.0.0.1", port)


@pytest.mark.parametrize("host", ["192.0.2.7", "no such name"])
def test_an_address_of_another_machine_is_refused_with_a_way_out(host):
    with pytest.raises(NotReadyError, match=r"HOST=127\.0\.0\.1"):
        check_address(host, "8000")


def test_a_full_disk_says_how_much_is_left_and_needed(tmp_path, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: Usage(10**9, 10**9, 40 * 1024**2))
    with pytest.raises(NotReadyError, match="还剩 40 MB，至少要有 200 MB"):
        check_disk(tmp_path / "not" / "yet" / "there", 200)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda folder, mode: False)
    with pytest.raises(NotReadyError, match=str(tmp_path)):
        check_disk(tmp_path, 1)


def test_listening_everywhere_the_machine_answers_to_its_own_names(monkeypatch):
    found = [(0, 0, 0, "", (address, 0)) for address in ("fe80::1", "10.9.9.9")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *asked, **more: found)
    monkeypatch.setattr("config.machine._outward_address", lambda: "10.9.9.9")
    assert own_names("0.0.0.0") == ["127.0.0.1", "localhost", "[::1]", socket.gethostname(), "[fe80::1]", "10.9.9.9"]
    assert own_names("127.0.0.1") == ["127.0.0.1", "localhost", "[::1]"]
    assert own_names("10.1.2.3")[-1] == "10.1.2.3"


def test_make_asks_before_anything_is_installed(taken_port):
    """With the plain interpreter, without site-packages."""
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT / "site"), "PORT": taken_port, "PYTHONUTF8": "1"}
    command = [sys.executable, "-S", "-m", "config.machine", "serve"]
    asked = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert asked.returncode == 1
    assert asked.stderr.startswith(f"端口 {taken_port} 已经有程序在用")
    assert "Traceback" not in asked.stderr


@pytest.mark.parametrize(
    ("script", "sentence"), [("echo Python 3.9.2; exit 1", "太旧（Python 3.9.2）"), (None, "没有找到")]
)
def test_make_says_in_one_sentence_what_is_wrong_with_python(tmp_path, script, sentence):
    python = tmp_path / "python"
    if script:
        python.write_text(f"#!/bin/sh\n{script}\n")
        python.chmod(0o755)
    made = subprocess.run(["make", "python", f"PYTHON={python}"], cwd=ROOT, capture_output=True, text=True)
    assert made.returncode != 0
    assert sentence in made.stderr
