"""The system administrator's page: the text that members agree to, in its versions."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.accounts.administering import only_for
from members.accounts.consent import ConsentText
from members.accounts.consenting import issue_text, text_in_force
from members.privacy.forms import ConsentTextForm
from members.roles.models import Role


@require_http_methods(["GET", "HEAD", "POST"])
@only_for(Role.SYSTEM_ADMIN)
def consent_text(request: HttpRequest) -> HttpResponse:
    """A version that was shown stays as it is; a new one is asked of everybody."""
    last = text_in_force()
    form = ConsentTextForm(request.POST if request.method == "POST" else None, initial={"text": last.text})
    if form.is_bound and form.is_valid():
        issued = issue_text(text=form.cleaned_data["text"], actor=request.user, now=timezone.now())
        is_new = issued.version != last.version
        said = _("Version %(number)s is in force. Every member is asked once.") if is_new else _("Nothing has changed.")
        messages.success(request, said % {"number": issued.version} if is_new else said)
        return redirect("privacy:consent_text")
    texts = ConsentText.objects.order_by("-version")
    context = {"form": form, "key": "consent-text:new", "texts": texts, "last": last}
    return render(request, "members/consent_text.html", context, status=422 if form.is_bound else 200)
