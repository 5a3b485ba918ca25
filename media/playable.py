"""Which files browsers and old phones play as they are. Knows nothing of Django."""

from media.facts import Facts
from media.refusals import Refusal

MAX_PIXELS = 9_437_184  # 4096 × 2304
MP4, MATROSKA, MP3, OGG = "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "mp3", "ogg"
CONTAINER_OF = {"mp4": MP4, "m4a": MP4, "webm": MATROSKA, "mp3": MP3, "ogg": OGG}
VIDEO_CODECS = {MP4: {"h264"}, MATROSKA: {"vp8", "vp9"}}
AUDIO_CODECS = {MP4: {"aac", "mp3"}, MATROSKA: {"opus", "vorbis"}, MP3: {"mp3"}, OGG: {"opus", "vorbis"}}
# Ten bits a colour or undivided colours are H.264 too, but no phone's hardware shows them.
PIXEL_FORMATS = {"yuv420p", "yuvj420p"}
# An mp3 or ogg has no index: browsers guess its length as everybody does.
SAYS_ITS_LENGTH = {MP4, MATROSKA}
SLACK_SECONDS, SLACK_SHARE = 1.5, 0.02


def refusal_of(facts: Facts, *, kind: str, extension: str) -> str:
    """The first reason why this file would not play as `kind` (video or audio); empty when it plays."""
    return facts.refusal or _form(facts, extension) or _content(facts, kind) or _codecs(facts) or _length(facts)


def plays_everywhere(facts: Facts) -> bool:
    """Also on iPhones before 2023, which know neither webm nor ogg."""
    return facts.container in (MP4, MP3)


def _form(facts: Facts, extension: str) -> str:
    container = CONTAINER_OF.get(extension.lower())
    if facts.container not in AUDIO_CODECS:
        return Refusal.NOT_MEDIA
    return "" if facts.container == container else Refusal.WRONG_NAME


def _content(facts: Facts, kind: str) -> str:
    if facts.width * facts.height > MAX_PIXELS:
        return Refusal.LARGE_PICTURE
    if kind == "video":
        return "" if facts.has_video else Refusal.NO_PICTURE
    if facts.has_video:
        return Refusal.HAS_PICTURE
    return "" if facts.has_audio else Refusal.NO_SOUND


def _codecs(facts: Facts) -> str:
    if facts.has_video:
        is_known = facts.video_codec in VIDEO_CODECS.get(facts.container, ())
        if not is_known or facts.pixel_format not in PIXEL_FORMATS:
            return Refusal.VIDEO_CODEC
    if facts.has_audio and facts.audio_codec not in AUDIO_CODECS[facts.container]:
        return Refusal.AUDIO_CODEC
    return ""


def _length(facts: Facts) -> str:
    if facts.duration_seconds <= 0:
        return Refusal.DAMAGED
    if facts.container not in SAYS_ITS_LENGTH:
        return ""
    if not facts.stated_seconds:
        return Refusal.NO_LENGTH
    slack = max(SLACK_SECONDS, SLACK_SHARE * facts.duration_seconds)
    return Refusal.INCOMPLETE if abs(facts.stated_seconds - facts.duration_seconds) > slack else ""
