import fcntl
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from media import tasks
from media.actions import probe_queued
from media.facts import Facts
from media.models import Asset, AssetStatus
from media.refusals import Refusal
from tests.media.assets import upload
from tests.media.clips import write_clip, write_sound

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def test_an_upload_is_looked_into_and_is_ready(tmp_path):
    asset = upload(write_clip(tmp_path / "听.mp4", seconds=3))
    assert probe_queued(now=NOW) == 1
    asset.refresh_from_db()
    assert (asset.status, asset.refusal, asset.probed_at) == (AssetStatus.READY, "", NOW)
    assert (asset.width, asset.height) == (160, 90)
    assert asset.duration == pytest.approx(3, abs=0.1)
    assert asset.size_bytes == asset.file.size
    assert asset.facts["video_codec"] == "h264"
    assert asset.plays_everywhere


def test_a_refused_upload_says_why(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_text("#EXTM3U")
    asset = upload(path)
    probe_queued(now=NOW)
    asset.refresh_from_db()
    assert (asset.status, asset.refusal) == (AssetStatus.REFUSED, Refusal.NOT_MEDIA)
    assert asset.refusal_sentence


def test_turning_the_crank_again_changes_nothing(tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"))
    probe_queued(now=NOW)
    before = Asset.objects.filter(pk=asset.pk).values().get()
    assert probe_queued(now=datetime(2027, 1, 1, tzinfo=UTC)) == 0
    assert Asset.objects.filter(pk=asset.pk).values().get() == before


def test_a_new_file_is_looked_into_anew(tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"))
    probe_queued(now=NOW)
    asset.refresh_from_db()
    first = asset.file.name
    with write_clip(tmp_path / "b.mp4", size=(320, 180)).open("rb") as file:
        asset.file.save("a.mp4", file)
    assert (asset.status, asset.sha256, asset.duration) == (AssetStatus.QUEUED, "", 0)
    assert asset.file.name != first
    probe_queued(now=NOW)
    asset.refresh_from_db()
    assert (asset.status, asset.width) == (AssetStatus.READY, 320)


def test_a_verdict_on_the_old_file_is_not_written_on_the_new_one(tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"))
    in_hand = Asset.objects.get(pk=asset.pk)
    assert in_hand.count_attempt()
    with write_clip(tmp_path / "b.mp4").open("rb") as file:
        asset.file.save("a.mp4", file)
    assert not in_hand.settle_probe(now=NOW, refusal=Refusal.DAMAGED, facts=Facts())
    assert Asset.objects.get(pk=asset.pk).status == AssetStatus.QUEUED


def test_a_file_that_killed_the_worker_three_times_is_refused_untouched(tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"), probe_attempts=3)
    assert probe_queued(now=NOW) == 1
    asset.refresh_from_db()
    assert (asset.status, asset.refusal, asset.sha256) == (AssetStatus.REFUSED, Refusal.GAVE_UP, "")


def test_a_file_that_is_gone_is_refused(tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"))
    Path(asset.file.path).unlink()
    Asset.objects.create(title="ohne", type="video", file="")
    assert probe_queued(now=NOW) == 2
    assert set(Asset.objects.values_list("refusal", flat=True)) == {Refusal.MISSING}


def test_what_another_worker_reads_is_left_to_it(tmp_path):
    asset = upload(write_clip(tmp_path / "a.mp4"))
    with Path(asset.file.path).open("rb") as held:
        fcntl.flock(held.fileno(), fcntl.LOCK_EX)
        assert probe_queued(now=NOW) == 0
        asset.refresh_from_db()
        assert (asset.status, asset.probe_attempts) == (AssetStatus.QUEUED, 0)
    assert probe_queued(now=NOW) == 1


def test_one_turn_takes_no_more_than_its_limit(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_text("nothing")
    for _ in range(3):
        upload(path)
    assert probe_queued(now=NOW, limit=2) == 2
    assert Asset.objects.queued().count() == 1


def test_both_tasks_turn_the_crank(tmp_path):
    path = tmp_path / "a.mp4"
    path.write_text("nothing")
    for task, name in ((tasks.turn_cranks, "media.turn_cranks"), (tasks.probe_assets, "media.probe_assets")):
        assert task.name == name
        upload(path)
        task()
        assert not Asset.objects.queued().exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_in_the_middle_of_a_probe_loses_nothing(tmp_path):
    path = tmp_path / "long.mp3"
    path.write_bytes(write_sound(tmp_path / "a.mp3").read_bytes() * 2000)
    asset = upload(path)
    worker = start_worker()
    child = wait_for_limited_child(worker)
    os.kill(child, signal.SIGSTOP)
    worker.kill()
    worker.wait(5)
    asset.refresh_from_db()
    assert (asset.status, asset.probe_attempts) == (AssetStatus.QUEUED, 1)
    assert is_gone(child)
    second = start_worker()
    assert second.wait(60) == 0
    asset.refresh_from_db()
    assert (asset.status, asset.probe_attempts) == (AssetStatus.READY, 2)
    assert asset.duration > 2000


def start_worker() -> subprocess.Popen:
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'site'}:{ROOT}", "VAR_DIR": str(settings.VAR)}
    name = str(connection.settings_dict["NAME"])
    return subprocess.Popen(
        [sys.executable, "-m", "tests.media.one_turn", name],
        cwd=ROOT,
        env={**environment, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
    )


def wait_for_limited_child(worker: subprocess.Popen) -> int:
    """The number of the probe's process, as soon as it has limited itself and reads."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and worker.poll() is None:
        for child in Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split():
            limits = Path(f"/proc/{child}/limits").read_text()
            if any(line.split()[3:4] == ["3"] for line in limits.splitlines() if line.startswith("Max open files")):
                return int(child)
        time.sleep(0.001)
    raise AssertionError("The probe was over before it could be stopped")


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            if Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1].split()[0] == "Z":
                return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.02)
    return False
