import re

from config.terminal import Parts


def told(*, done: int) -> str:
    said: list[str] = []
    parts = Parts(lambda text, end: said.append(text + end), lead="  ")
    with parts.part("学习情况"):
        parts.so_far(done, 900)
    return "".join(said)


def test_a_long_part_says_how_far_it_is_and_how_long_it_took(monkeypatch):
    monkeypatch.setattr("config.terminal.SECONDS_OF_SILENCE", 0)
    assert re.fullmatch(r"  学习情况 … 300/900 … \d+\.\d s\n", told(done=300))


def test_a_quick_part_says_only_how_long_it_took(monkeypatch):
    monkeypatch.setattr("config.terminal.SECONDS_OF_SILENCE", 3600)
    assert re.fullmatch(r"  学习情况 … \d+\.\d s\n", told(done=300))
