from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from members.messages import actions
from members.messages.limits import kind_of
from members.messages.models import Message
from members.messages.queries import inbox_of, is_muted


@require_safe
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """One's messages, the unread ones first."""
    rows = inbox_of(request.user)
    unread = sum(row.read_at is None for row in rows)
    return render(request, "members/inbox.html", {"rows": rows, "unread": unread})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message with why it was sent. Looking changes nothing; the buttons say that it has been read."""
    shown = get_object_or_404(Message.objects.visible_to(request.user), pk=pk)
    if request.method == "POST":
        actions.mark_read([shown], now=timezone.now())
        is_own = url_has_allowed_host_and_scheme(shown.link, allowed_hosts=None)
        return redirect(shown.link if "go" in request.POST and is_own else "messages:inbox")
    context = {"message": shown, "is_muted": is_muted(request.user, kind_of(shown.topic))}
    return render(request, "members/message.html", context)


@require_POST
@login_required
def mute(request: HttpRequest, pk: int) -> HttpResponse:
    """The reader wants no more messages of this kind, or wants them again."""
    shown = get_object_or_404(Message.objects.visible_to(request.user).select_related("to"), pk=pk)
    if "again" in request.POST:
        actions.unmute(member=shown.to, topic=shown.topic)
        messages.success(request, _("Reminders of this kind will come again."))
    else:
        actions.mute(member=shown.to, topic=shown.topic, now=timezone.now())
        messages.success(request, _("Reminders of this kind will not come any more. Your study is not affected."))
    return redirect("messages:message", pk=pk)
