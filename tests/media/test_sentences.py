from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.facts import Facts
from media.playable import CONTAINER_OF, refusal_of
from media.refusals import Refusal
from media.sentences import refusal_sentence

WORDS = ["", "mp3", "ogg", "mov,mp4,m4a,3gp,3g2,mj2", "matroska,webm", "h264", "hevc", "aac", "opus", "yuv420p"]
word = st.sampled_from(WORDS)
seconds = st.floats(0, 1e6)
found = st.builds(
    Facts,
    container=word,
    duration_seconds=seconds,
    stated_seconds=st.one_of(st.none(), seconds),
    video_codec=word,
    pixel_format=word,
    audio_codec=word,
    width=st.integers(0, 10_000),
    height=st.integers(0, 10_000),
)


@pytest.mark.parametrize("code", Refusal)
def test_every_reason_is_a_sentence(code):
    facts = asdict(Facts(stated_seconds=60.0, width=8192, height=8192, video_codec="hevc", audio_codec="ac3"))
    sentence = refusal_sentence(code, facts)
    assert sentence.endswith((".", "。"))
    assert "{" not in sentence


@given(found, st.sampled_from(["video", "audio"]), st.sampled_from([*CONTAINER_OF, "avi", ""]))
def test_whatever_is_found_there_is_a_verdict_and_a_sentence(facts, kind, extension):
    refusal = refusal_of(facts, kind=kind, extension=extension)
    sentence = refusal_sentence(refusal, asdict(facts))
    assert bool(sentence) == bool(refusal)
    if not refusal:
        assert facts.duration_seconds > 0
        assert facts.has_video == (kind == "video")
        assert facts.width * facts.height <= 9_437_184
