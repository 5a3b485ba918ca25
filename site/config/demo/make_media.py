"""Makes the demo's media: `PYTHONPATH=site python -m config.demo.make_media [KEY …]` (espeak-ng, ffmpeg, Noto CJK).

Reads courses/*.toml; writes media/*.mp4, *.m4a, *.jpg and recorded.json with the true times of every spoken line.
Draws the pictures of the articles, too. With keys (of lessons, or `pictures`) only those are made anew.
"""

import argparse
import json
import subprocess
import tempfile
import wave
from dataclasses import dataclass, field
from pathlib import Path

from config.demo.pictures import draw_pictures
from config.demo.slides import Page, Pen, draw_poster, draw_slide
from config.demo.texts import MEDIA, PICTURES, RECORDED, said, told_courses
from config.demo.voice import RATE, WIDTH, silence, speak
from config.terminal import say

FRAMES = 10  # a second: nothing on a slide moves
KEYFRAME_SECONDS = 2  # so that a jump lands close to where it was aimed
PAUSE_SECONDS, TURN_SECONDS = 0.4, 0.8
# Said in the file, so that every player shows the same paper.
COLOURS = (
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
    "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709"
)
SAME = "-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart"
BYTES_A_FRAME = RATE // FRAMES * WIDTH


@dataclass
class Recording:
    """A lesson while it is recorded: sound, pictures with their length in frames, and timed lines."""

    folder: Path
    sound: bytearray = field(default_factory=bytearray)
    pictures: list[tuple[str, int]] = field(default_factory=list)
    lines: list[tuple[float, float, str]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return len(self.sound) / WIDTH / RATE

    def say(self, text: str, pause: float) -> int:
        """Speak one line, filled up with silence to a whole frame; how many frames it takes."""
        samples = speak(text)
        start, end = self.seconds, self.seconds + len(samples) / WIDTH / RATE
        samples += silence(pause)
        samples += bytes(-len(samples) % BYTES_A_FRAME)
        self.sound += samples
        self.lines.append((round(start, 2), round(end, 2), text))
        return len(samples) // BYTES_A_FRAME

    def show(self, page: Page, pen: Pen, frames: int) -> None:
        name = f"{len(self.pictures):03d}.png"
        draw_slide(page, pen).save(self.folder / name)
        self.pictures.append((name, frames))


def record(lesson: dict, pen: Pen, folder: Path) -> Recording:
    """Speak a lesson line by line, and draw a slide for each line of a video."""
    recording = Recording(folder)
    for number, lines in enumerate(said(lesson)):
        for now, line in enumerate(lines):
            frames = recording.say(line, TURN_SECONDS if line is lines[-1] else PAUSE_SECONDS)
            if lesson["kind"] == "video":
                recording.show(_page(lesson, number, now), pen, frames)
    return recording


def _page(lesson: dict, number: int, now: int) -> Page:
    slide = lesson["slides"][number]
    shown = tuple(point["show"] for point in slide["points"])
    return Page(lesson["title"], slide["title"], shown, now, number + 1, len(lesson["slides"]))


def mux_video(recording: Recording, target: Path) -> None:
    """One mp4 that plays everywhere: H.264 main, AAC mono, index in front."""
    entries = [f"file {name}\nduration {frames / FRAMES}\n" for name, frames in recording.pictures]
    (recording.folder / "pictures.txt").write_text("".join(entries))
    # The concat reader ignores the last length: the last picture is held until the sound ends.
    pictures = f"-vf tpad=stop=-1:stop_mode=clone,{COLOURS} -r {FRAMES}"
    video = "-c:v libx264 -profile:v main -preset veryslow -tune stillimage -crf 27"
    keys = f"-g {FRAMES * KEYFRAME_SECONDS} -keyint_min {FRAMES * KEYFRAME_SECONDS} -sc_threshold 0"
    read = "-f concat -i pictures.txt -i voice.wav"
    _ffmpeg(recording, f"{read} {pictures} {video} {keys} -c:a aac -b:a 40k -ac 1", target)


def mux_audio(recording: Recording, target: Path) -> None:
    """Sound alone, AAC mono, index in front."""
    _ffmpeg(recording, "-i voice.wav -c:a aac -b:a 32k -ac 1", target)


def _ffmpeg(recording: Recording, what: str, target: Path) -> None:
    with wave.open(str(recording.folder / "voice.wav"), "wb") as sound:
        sound.setparams((1, WIDTH, RATE, 0, "NONE", ""))
        sound.writeframes(recording.sound)
    command = f"ffmpeg -v error -y {what} {SAME} -t {recording.seconds}".split()
    subprocess.run([*command, str(target)], cwd=recording.folder, check=True)


def make_lesson(course: str, number: int, lesson: dict, pen: Pen) -> dict:
    """Record one lesson; returns what recorded.json says of it."""
    key = lesson["key"]
    with tempfile.TemporaryDirectory() as folder:
        recording = record(lesson, pen, Path(folder))
        if lesson["kind"] == "video":
            mux_video(recording, MEDIA / f"{key}.mp4")
            draw_poster(course, number, lesson["title"], pen).save(MEDIA / f"{key}.jpg", quality=82, optimize=True)
        else:
            mux_audio(recording, MEDIA / f"{key}.m4a")
    return {"seconds": round(recording.seconds, 2), "lines": recording.lines}


def write_recorded(recorded: dict) -> None:
    """recorded.json with one spoken line to a line, so that a change can be read."""
    lessons = []
    for key, told in sorted(recorded.items()):
        lines = ",\n".join(f"   {json.dumps(line, ensure_ascii=False)}" for line in told["lines"])
        lessons.append(f' "{key}": {{\n  "seconds": {told["seconds"]},\n  "lines": [\n{lines}\n  ]\n }}')
    RECORDED.write_text("{\n" + ",\n".join(lessons) + "\n}\n", "utf-8")


def main() -> None:
    """Make all media, or those that are named."""
    arguments = argparse.ArgumentParser(description="Make the demo's media.")
    arguments.add_argument("keys", nargs="*", help="lessons to make anew, or `pictures` (default: everything)")
    arguments.add_argument("--song", default="", help="font file for titles (default: Noto Serif CJK SC)")
    arguments.add_argument("--sans", default="", help="font file for the rest (default: Noto Sans CJK SC)")
    chosen = arguments.parse_args()
    pen = Pen(chosen.song, chosen.sans)
    MEDIA.mkdir(exist_ok=True)
    recorded = json.loads(RECORDED.read_text("utf-8")) if RECORDED.exists() else {}
    for course in told_courses():
        for number, lesson in enumerate(course["lessons"], start=1):
            key = lesson["key"]
            if lesson["kind"] != "text" and (not chosen.keys or key in chosen.keys):
                recorded[key] = make_lesson(course["title"], number, lesson, pen)
                say(f"{key}: {recorded[key]['seconds']} s")
    write_recorded(recorded)
    if not chosen.keys or "pictures" in chosen.keys:
        PICTURES.mkdir(exist_ok=True)
        draw_pictures(PICTURES)


if __name__ == "__main__":
    main()
