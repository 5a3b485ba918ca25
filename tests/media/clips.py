"""Small real videos and sounds, made with the libraries that also read them."""

import math
import struct
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av

SOUND_RATE = 48_000
# Eight whole waves of 400 Hz: one after the other they make one tone.
HUM = b"".join(struct.pack("<h", int(6000 * math.sin(2 * math.pi * 400 * n / SOUND_RATE))) for n in range(960))
SOUND_OF = {"mp3": "mp3", "m4a": "aac", "ogg": "libopus", "webm": "libopus"}


@dataclass(frozen=True)
class Clip:
    """What the file shall be; no `video` is a sound, no `audio` a silent film."""

    seconds: float = 3
    video: str = "libx264"
    audio: str = "aac"
    size: tuple[int, int] = (160, 90)
    frames_a_second: int = 10
    pixel_format: str = "yuv420p"
    options: tuple[tuple[str, str], ...] = (("movflags", "faststart"),)


def write_clip(path: Path, **wanted) -> Path:
    clip = Clip(**wanted)
    with av.open(path, "w", options=dict(clip.options)) as container:
        picture = _picture(container, clip) if clip.video else None
        sound = _sound(container, clip) if clip.audio else None
        if picture:
            _film(container, picture, clip)
        if sound:
            _hum(container, sound, clip)
    return path


def write_sound(path: Path, **wanted) -> Path:
    return write_clip(path, video="", audio=SOUND_OF[path.suffix[1:]], options=(), **wanted)


def state_seconds(path: Path, seconds: int) -> Path:
    """Makes the header of an mp4 lie about its length."""
    content = bytearray(path.read_bytes())
    header = content.index(b"mvhd")
    ticks = struct.unpack_from(">I", content, header + 16)[0]
    struct.pack_into(">I", content, header + 20, ticks * seconds)
    path.write_bytes(content)
    return path


def _picture(container, clip: Clip):
    picture = container.add_stream(clip.video, rate=clip.frames_a_second)
    picture.width, picture.height, picture.pix_fmt = *clip.size, clip.pixel_format
    return picture


def _sound(container, clip: Clip):
    return container.add_stream(clip.audio, rate=SOUND_RATE, layout="mono")


def _film(container, picture, clip: Clip) -> None:
    for number in range(math.ceil(clip.seconds * clip.frames_a_second)):
        frame = av.VideoFrame(*clip.size, clip.pixel_format)
        for plane in frame.planes:
            plane.update(bytes([128 + number % 8]) * plane.buffer_size)
        frame.pts = number
        frame.time_base = Fraction(1, clip.frames_a_second)
        container.mux(picture.encode(frame))
    container.mux(picture.encode())


def _hum(container, sound, clip: Clip) -> None:
    samples = len(HUM) // 2
    for number in range(math.ceil(clip.seconds * SOUND_RATE / samples)):
        frame = av.AudioFrame(format="s16", layout="mono", samples=samples)
        frame.planes[0].update(HUM.ljust(frame.planes[0].buffer_size, b"\0"))
        frame.sample_rate, frame.time_base, frame.pts = SOUND_RATE, Fraction(1, SOUND_RATE), number * samples
        container.mux(sound.encode(frame))
    container.mux(sound.encode())
