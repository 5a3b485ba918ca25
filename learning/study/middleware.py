from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from learning.study.views import heartbeat

HEARTBEAT = "/study/heartbeat/"


def beats_take_the_short_way(handle: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A beat carries its own signature: it passes by session, cookies and everything else that pages need."""

    def answer(request: HttpRequest) -> HttpResponse:
        return heartbeat(request) if request.path_info == HEARTBEAT else handle(request)

    return answer
