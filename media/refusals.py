"""Why a file cannot be played, as a code that is kept. Knows nothing of Django; `media.sentences` says it in words."""

from enum import StrEnum


class Refusal(StrEnum):
    MISSING = "missing"
    EMPTY = "empty"
    NOT_MEDIA = "not_media"
    DAMAGED = "damaged"
    INCOMPLETE = "incomplete"
    NO_LENGTH = "no_length"
    LARGE_PICTURE = "large_picture"
    NO_PICTURE = "no_picture"
    NO_SOUND = "no_sound"
    HAS_PICTURE = "has_picture"
    WRONG_NAME = "wrong_name"
    VIDEO_CODEC = "video_codec"
    AUDIO_CODEC = "audio_codec"
    TOO_SLOW = "too_slow"
    GAVE_UP = "gave_up"
