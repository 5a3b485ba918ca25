"""What a video or sound file is, found by reading it. Knows nothing of Django."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facts:
    """Lengths are seconds; `stated_seconds` is the file's own word, `duration_seconds` what was found in it."""

    refusal: str = ""
    container: str = ""
    duration_seconds: float = 0.0
    stated_seconds: float | None = None
    video_codec: str = ""
    pixel_format: str = ""
    audio_codec: str = ""
    width: int = 0
    height: int = 0
    size_bytes: int = 0
    sha256: str = ""

    @property
    def has_video(self) -> bool:
        return bool(self.video_codec)

    @property
    def has_audio(self) -> bool:
        return bool(self.audio_codec)
