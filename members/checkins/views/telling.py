"""What a person sent, and what they read after it: that the step was taken, or that something has changed meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.http import HttpRequest, QueryDict

from members.checkins.once import key_of, new_word
from members.checkins.spell_steps import StepRefused
from members.checkins.wording import changed_meanwhile


def sent(request: HttpRequest) -> QueryDict | None:
    """What a form sent, also where that is nothing; None where nobody has sent it yet."""
    return request.POST if request.method == "POST" else None


def word_of(request: HttpRequest) -> str:
    """What tells this showing of a form from every other one; a refused form keeps its own."""
    return request.POST.get("once") or new_word()


def sent_key(request: HttpRequest) -> str | None:
    return key_of(request.user.pk, request.POST.get("once", ""))


@contextmanager
def told(request: HttpRequest, success: str, refused: str = "") -> Iterator[None]:
    """Says `success` after the step; where it does not follow any more, says so and goes on."""
    try:
        yield
    except StepRefused:
        messages.error(request, refused or changed_meanwhile())
    else:
        messages.success(request, success)
