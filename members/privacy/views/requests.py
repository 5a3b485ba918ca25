"""The leader's side: requests about data, answered by whoever leads the member."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from members.audit.actions import record_event
from members.privacy.actions import AlreadyAnswered, answer_request
from members.privacy.erasing import NotErased
from members.privacy.forms import AnswerForm
from members.privacy.models import DataRequest, RequestKind, RequestState
from members.privacy.queries import outlook_of
from members.privacy.wording import say_kept
from members.roles.policies import led_paths

PER_PAGE = 20


@require_safe
@login_required
def request_queue(request: HttpRequest) -> HttpResponse:
    """What members of the led units ask about their data: what waits, the first due first."""
    if not led_paths(request.user):
        raise Http404
    led = DataRequest.objects.led_by(request.user).select_related("member", "organisation")
    is_answered = request.GET.get("show") == "answered"
    rows = led.answered().order_by("-answered_at", "-pk") if is_answered else led.open().order_by("due_on", "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    record_event("data.seen", now=timezone.now(), actor=request.user, detail={"people": len(page.object_list)})
    context = {"page": page, "is_answered": is_answered, "today": timezone.localdate()}
    return render(request, "members/request_queue.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def request_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """One request, with what an erasure would leave; answered in words that the member reads."""
    asked = get_object_or_404(DataRequest.objects.led_by(request.user).select_related("member", "organisation"), pk=pk)
    now = timezone.now()
    form = AnswerForm(request.POST if request.method == "POST" else None, kind=asked.kind)
    if form.is_bound and form.is_valid():
        try:
            answer_request(request=asked, actor=request.user, now=now, **form.cleaned_data)
        except (AlreadyAnswered, NotErased) as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Answered. The member can read it now."))
            return redirect("privacy:request_queue")
    code = asked.organisation.code if asked.organisation else ""
    record_event("data.seen", now=now, actor=request.user, organisation=code, about=asked)
    is_erasure = asked.kind == RequestKind.ERASE and asked.state == RequestState.OPEN
    outlook = outlook_of(asked.member) if is_erasure else None
    context = {
        "asked": asked,
        "key": f"data-answer:{pk}",
        "form": form,
        "outlook": outlook,
        "kept": say_kept(outlook.kept if outlook else asked.kept),
        "today": timezone.localdate(now),
    }
    return render(request, "members/request_answer.html", context, status=422 if form.is_bound else 200)
