"""Says in plain words why a file cannot be played, and what to do. Placeholders are names of `Facts`."""

from collections.abc import Mapping
from dataclasses import asdict

from django.utils.translation import gettext, gettext_noop

from media.facts import Facts
from media.refusals import Refusal

SENTENCES = {
    Refusal.MISSING: gettext_noop("The file is no longer there. Please upload it again."),
    Refusal.EMPTY: gettext_noop("The file is empty. Please upload it again."),
    Refusal.NOT_MEDIA: gettext_noop(
        "This is not a video or sound that can be played here."
        " Please save it as mp4 (H.264, AAC) or mp3 and upload it again."
    ),
    Refusal.DAMAGED: gettext_noop(
        "The file is damaged and cannot be read. Please save it again and upload it once more."
    ),
    Refusal.INCOMPLETE: gettext_noop(
        "The file says that it lasts {stated_seconds:.0f} seconds, but only {duration_seconds:.0f} seconds are in it."
        " Please save it again and upload it once more."
    ),
    Refusal.NO_LENGTH: gettext_noop(
        "The file does not say how long it is, so nobody could jump in it. Please save it as mp4 and upload it again."
    ),
    Refusal.LARGE_PICTURE: gettext_noop(
        "The picture is too large for phones ({width} × {height})."
        " Please save the video in 1280 × 720 or 1920 × 1080 and upload it again."
    ),
    Refusal.NO_PICTURE: gettext_noop("There is only sound in this file. Please upload it as sound."),
    Refusal.NO_SOUND: gettext_noop("There is no sound in this file. Please choose another file."),
    Refusal.HAS_PICTURE: gettext_noop("There is a video in this file. Please upload it as video."),
    Refusal.WRONG_NAME: gettext_noop(
        "The ending of the file name does not fit what is in the file."
        " Please save it as mp4 (H.264, AAC) or mp3 and upload it again."
    ),
    Refusal.VIDEO_CODEC: gettext_noop(
        "Many phones cannot show this kind of picture ({video_codec})."
        " Please save the video as mp4 (H.264, AAC) and upload it again."
    ),
    Refusal.AUDIO_CODEC: gettext_noop(
        "Many phones cannot play this kind of sound ({audio_codec})."
        " Please save it as mp4 (H.264, AAC) or mp3 and upload it again."
    ),
    Refusal.TOO_SLOW: gettext_noop(
        "It takes too long to read this file. Please save it again and upload it once more."
    ),
    Refusal.GAVE_UP: gettext_noop(
        "This file could not be checked, three times over. Please save it again and upload it once more."
    ),
}


def refusal_sentence(refusal: str, facts: Mapping) -> str:
    """The reason as a sentence in the reader's language; empty where nothing was refused."""
    if not refusal:
        return ""
    return gettext(SENTENCES[Refusal(refusal)]).format(**{**asdict(Facts()), **facts})
