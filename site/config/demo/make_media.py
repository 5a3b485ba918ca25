"""Makes the demo lessons: `PYTHONPATH=site python -m config.demo.make_media` (needs espeak-ng, ffmpeg, Noto CJK).

Reads course.toml; writes media/*.mp4, media/*.jpg and course.json with the true times of every spoken line.
"""

import argparse
import json
import subprocess
import tempfile
import tomllib
import wave
from dataclasses import dataclass, field
from pathlib import Path

from config.demo.slides import Page, Pen, draw_poster, draw_slide
from config.demo.voice import RATE, WIDTH, silence, speak

HERE = Path(__file__).parent
MEDIA = HERE / "media"
FRAMES = 10  # a second: nothing on a slide moves
KEYFRAME_SECONDS = 2  # so that a jump lands close to where it was aimed
PAUSE_SECONDS, TURN_SECONDS = 0.4, 0.8
# Said in the file, so that every player shows the same paper.
COLOURS = (
    "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p,"
    "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709"
)
BYTES_A_FRAME = RATE // FRAMES * WIDTH


@dataclass
class Recording:
    """A lesson while it is recorded: sound, pictures with their length in frames, and timed lines."""

    folder: Path
    sound: bytearray = field(default_factory=bytearray)
    pictures: list[tuple[str, int]] = field(default_factory=list)
    lines: list[dict] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return len(self.sound) / WIDTH / RATE

    def add(self, text: str, page: Page, pen: Pen, pause: float) -> None:
        """Speak one line over one picture, filled up with silence to a whole frame."""
        samples = speak(text)
        start, end = self.seconds, self.seconds + len(samples) / WIDTH / RATE
        samples += silence(pause)
        samples += bytes(-len(samples) % BYTES_A_FRAME)
        self.sound += samples
        name = f"{len(self.pictures):03d}.png"
        draw_slide(page, pen).save(self.folder / name)
        self.pictures.append((name, len(samples) // BYTES_A_FRAME))
        self.lines.append({"start": round(start, 2), "end": round(end, 2), "text": text})


def record(lesson: dict, pen: Pen, folder: Path) -> Recording:
    """Speak and draw a lesson, line by line."""
    recording = Recording(folder)
    slides = lesson["slides"]
    for number, slide in enumerate(slides, start=1):
        shown = tuple(point["show"] for point in slide["points"])
        for now, point in enumerate(slide["points"]):
            page = Page(lesson["title"], slide["title"], shown, now, number, len(slides))
            last = now == len(shown) - 1
            recording.add(point["say"], page, pen, TURN_SECONDS if last else PAUSE_SECONDS)
    return recording


def mux(recording: Recording, target: Path) -> None:
    """One mp4 that plays everywhere: H.264 main, AAC mono, index in front."""
    folder = recording.folder
    with wave.open(str(folder / "voice.wav"), "wb") as sound:
        sound.setparams((1, WIDTH, RATE, 0, "NONE", ""))
        sound.writeframes(recording.sound)
    entries = [f"file {name}\nduration {frames / FRAMES}\n" for name, frames in recording.pictures]
    (folder / "pictures.txt").write_text("".join(entries))
    # The concat reader ignores the last length: the last picture is held until the sound ends.
    pictures = f"-vf tpad=stop=-1:stop_mode=clone,{COLOURS} -r {FRAMES}"
    video = "-c:v libx264 -profile:v main -preset veryslow -tune stillimage -crf 27"
    keys = f"-g {FRAMES * KEYFRAME_SECONDS} -keyint_min {FRAMES * KEYFRAME_SECONDS} -sc_threshold 0"
    audio = "-c:a aac -b:a 40k -ac 1"
    same = "-map_metadata -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact -movflags +faststart"
    read = "ffmpeg -v error -y -f concat -i pictures.txt -i voice.wav"
    command = f"{read} {pictures} {video} {keys} {audio} {same} -t {recording.seconds}".split()
    subprocess.run([*command, str(target)], cwd=folder, check=True)


def make_lesson(course: str, number: int, lesson: dict, pen: Pen) -> dict:
    """Record one lesson; returns what course.json says of it."""
    key = lesson["key"]
    with tempfile.TemporaryDirectory() as folder:
        recording = record(lesson, pen, Path(folder))
        mux(recording, MEDIA / f"{key}.mp4")
    poster = draw_poster(course, number, lesson["title"], pen)
    poster.save(MEDIA / f"{key}.jpg", quality=82, optimize=True)
    return {
        "key": key,
        "title": lesson["title"],
        "summary": lesson["summary"],
        "video": f"media/{key}.mp4",
        "poster": f"media/{key}.jpg",
        "seconds": round(recording.seconds, 2),
        "narration": "".join(line["text"] for line in recording.lines),
        "slides": [
            {"title": slide["title"], "lines": [point["show"] for point in slide["points"]]}
            for slide in lesson["slides"]
        ],
        "transcript": recording.lines,
    }


def main() -> None:
    """Make all lessons and write course.json."""
    arguments = argparse.ArgumentParser(description="Make the demo lessons.")
    arguments.add_argument("--song", default="", help="font file for titles (default: Noto Serif CJK SC)")
    arguments.add_argument("--sans", default="", help="font file for text (default: Noto Sans CJK SC)")
    given = arguments.parse_args()
    pen = Pen(given.song, given.sans)
    course = tomllib.loads((HERE / "course.toml").read_text("utf-8"))
    MEDIA.mkdir(exist_ok=True)
    lessons = [make_lesson(course["title"], n, lesson, pen) for n, lesson in enumerate(course["lessons"], start=1)]
    story = {key: course[key] for key in ("title", "summary", "audience")} | {"lessons": lessons}
    (HERE / "course.json").write_text(json.dumps(story, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
