import io
import os
import socket
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from PIL import Image

from media.facts import Facts
from media.playable import refusal_of
from media.probe import Limits, probe_file
from media.refusals import Refusal
from media.stated_length import mp4_seconds
from tests.media.clips import state_seconds, write_clip, write_sound

ROOT = Path(__file__).resolve().parents[2]


def refused(path: Path, kind: str = "video") -> str:
    return refusal_of(probe_file(path), kind=kind, extension=path.suffix[1:])


def test_a_plain_mp4_is_measured_and_plays(tmp_path):
    path = write_clip(tmp_path / "课.mp4", seconds=3)
    facts = probe_file(path)
    assert (facts.video_codec, facts.audio_codec, facts.width, facts.height) == ("h264", "aac", 160, 90)
    assert facts.duration_seconds == pytest.approx(3, abs=0.1)
    assert facts.has_video
    assert facts.has_audio
    assert facts.size_bytes == path.stat().st_size
    assert len(facts.sha256) == 64
    assert refusal_of(facts, kind="video", extension="mp4") == ""


def test_a_silent_film_plays(tmp_path):
    assert refused(write_clip(tmp_path / "a.mp4", audio="")) == ""


@pytest.mark.parametrize("ending", ["mp3", "m4a", "ogg"])
def test_a_plain_sound_plays(tmp_path, ending):
    path = write_sound(tmp_path / f"a.{ending}", seconds=3)
    assert refused(path, "audio") == ""
    assert probe_file(path).duration_seconds == pytest.approx(3, abs=0.1)


def test_a_webm_plays(tmp_path):
    assert refused(write_clip(tmp_path / "a.webm", video="libvpx", audio="libopus", options=())) == ""


def make_zip(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "text" * 500)


def make_truncated(path: Path) -> None:
    whole = write_clip(path, seconds=20).read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def make_mp4_without_index(path: Path) -> None:
    content = write_clip(path, options=()).read_bytes()
    path.write_bytes(content[: content.index(b"moov") - 4])


SILENT = {"audio": "", "seconds": 0.1}
# A film of one picture comes out of libx265 broken more often than not.
SECOND = {"audio": "", "seconds": 1}
HOSTILE = {
    "empty": (lambda p: p.touch(), Refusal.EMPTY),
    "a zip": (make_zip, Refusal.NOT_MEDIA),
    "random bytes": (lambda p: p.write_bytes(os.urandom(200_000)), Refusal.NOT_MEDIA),
    "text": (lambda p: p.write_text("学习" * 5000), Refusal.NOT_MEDIA),
    "a picture": (lambda p: p.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(500)), Refusal.NOT_MEDIA),
    "svg": (lambda p: p.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>'), Refusal.NOT_MEDIA),
    "truncated": (make_truncated, Refusal.INCOMPLETE),
    "no index": (make_mp4_without_index, Refusal.NOT_MEDIA),
    "header lies": (lambda p: state_seconds(write_clip(p), 14_400), Refusal.INCOMPLETE),
    "huge picture": (lambda p: write_clip(p, size=(4096, 4096), **SILENT), Refusal.LARGE_PICTURE),
    "hevc": (lambda p: write_clip(p, video="libx265", **SECOND), Refusal.VIDEO_CODEC),
    "undivided colours": (lambda p: write_clip(p, pixel_format="yuv444p", **SILENT), Refusal.VIDEO_CODEC),
    "opus in mp4": (lambda p: write_clip(p, audio="libopus"), Refusal.AUDIO_CODEC),
    "sound only": (lambda p: write_clip(p, video=""), Refusal.NO_PICTURE),
    "live pieces": (lambda p: write_clip(p, options=(("movflags", "frag_keyframe+empty_moov"),)), Refusal.NO_LENGTH),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_file_that_would_not_play_is_refused_with_its_reason(tmp_path, name):
    make, reason = HOSTILE[name]
    path = tmp_path / "a.mp4"
    make(path)
    assert refused(path) == reason


def test_another_container_under_a_good_name_is_refused(tmp_path):
    webm = write_clip(tmp_path / "a.webm", video="libvpx", audio="libopus", options=())
    avi = write_clip(tmp_path / "a.avi", video="mpeg4", audio="mp3", options=())
    assert refused(webm.rename(tmp_path / "webm.mp4")) == Refusal.WRONG_NAME
    assert refused(avi) == Refusal.NOT_MEDIA
    assert refused(avi.rename(tmp_path / "avi.mp4")) == Refusal.NOT_MEDIA


def test_a_film_is_no_sound(tmp_path):
    assert refused(write_clip(tmp_path / "a.mp4").rename(tmp_path / "a.m4a"), "audio") == Refusal.HAS_PICTURE


def test_the_cover_of_a_song_is_no_film(tmp_path):
    path = write_sound(tmp_path / "a.mp3")
    picture = tmp_path / "cover.png"
    Image.new("RGB", (8, 8)).save(picture)
    cover = b"\0image/png\0\3\0" + picture.read_bytes()
    frame = b"APIC" + struct.pack(">IH", len(cover), 0) + cover
    assert len(frame) < 128 * 128
    length = bytes([0, 0, len(frame) // 128, len(frame) % 128])
    path.write_bytes(b"ID3\3\0\0" + length + frame + path.read_bytes())
    assert not probe_file(path).has_video
    assert refused(path, "audio") == ""


def test_playlists_read_no_neighbour_and_call_nobody(tmp_path):
    (tmp_path / "secret.txt").write_text("geheim")
    neighbour = write_clip(tmp_path / "neighbour.mp4")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        for number, target in enumerate(
            ["secret.txt", neighbour.name, f"file://{neighbour}", f"http://127.0.0.1:{port}/a.ts", "/etc/passwd"]
        ):
            m3u8 = tmp_path / f"list{number}.mp4"
            m3u8.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{target}\n#EXT-X-ENDLIST\n")
            concat = tmp_path / f"concat{number}.mp4"
            concat.write_text(f"ffconcat version 1.0\nfile {target}\n")
            assert refused(m3u8) == refused(concat) == Refusal.NOT_MEDIA
        with pytest.raises(TimeoutError):
            server.accept()


def test_the_limited_child_can_open_nothing_more():
    code = (
        "import socket; from media.probe_reader import limit_this_process as limit\n"
        "limit({'memory_bytes': 1 << 30, 'cpu_seconds': 5})\n"
        "for way in (lambda: open('/etc/hostname'), socket.socket):\n"
        "    try: way()\n"
        "    except OSError as error: print(error.errno)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert said.split() == ["24", "24"]


def test_a_file_that_takes_too_long_is_refused(tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(write_sound(tmp_path / "b.mp3").read_bytes() * 6000)
    short = Limits(cpu_seconds=1, megabytes_each_more_cpu_second=10**6)
    assert probe_file(path, limits=short).refusal == Refusal.TOO_SLOW


def test_a_file_that_wants_too_much_memory_is_refused(tmp_path):
    path = write_clip(tmp_path / "a.mp4")
    assert probe_file(path, limits=Limits(memory_bytes=1 << 20)).refusal == Refusal.DAMAGED


def test_a_missing_file_or_a_folder_is_refused(tmp_path):
    assert probe_file(tmp_path / "nothing.mp4") == probe_file(tmp_path) == Facts(refusal=Refusal.MISSING)


def test_boxes_without_end_are_read_to_an_end():
    for content in (b"\0\0\0\0free" * 9, b"\0\0\0\1mdat" + bytes(8), b"\0\0\0\x08free" * 20_000, b"\0\0\0\x10moovmvhd"):
        assert mp4_seconds(io.BytesIO(content), len(content)) is None
