"""What leaders write about a unit: posts with their terms, the help contact. The page itself is of the bench."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from members.accounts.people import distinguished
from members.accounts.unit_forms import ContactForm, EndPostForm, PostForm
from members.organisation import posts
from members.organisation.kinds import PostKind
from members.organisation.models import Organisation, Post

reading_and_writing = require_http_methods(["GET", "HEAD", "POST"])


@reading_and_writing
@login_required
def set_post(request: HttpRequest, code: str) -> HttpResponse:
    """Who holds which post from when on; a post opens nothing, and the page says so."""
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=code)
    kinds, now = posts.posts_for(request.user, unit), timezone.now()
    sent = request.POST if request.method == "POST" else None
    begun = {"since": timezone.localdate(now), "who": request.GET.get("who", "")}
    form = PostForm(sent, unit=unit, kinds=kinds, initial=begun)
    if form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("kind", "since", "until")}
        try:
            posts.set_post(member=form.member, organisation=unit, actor=request.user, now=now, **said)
        except posts.NotSet as refusal:
            form.add_error("who", str(refusal))
        else:
            messages.success(request, _("The post is written down. Roles are given by the security administrator."))
            return redirect(_page_of(unit))
    context = {"unit": unit, "form": form, "is_partial": len(kinds) < len(PostKind)}
    return render(request, "members/set_post.html", context, status=422 if form.is_bound else 200)


@reading_and_writing
@login_required
def end_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks for the last day, says what follows, and ends the term."""
    appointed = Post.objects.led_by(request.user).appointed_by(request.user)
    post = get_object_or_404(appointed.select_related("member", "organisation"), pk=pk)
    now = timezone.now()
    if post.until is not None and post.until <= timezone.localdate(now):
        raise Http404
    form = EndPostForm(request.POST if request.method == "POST" else None, today=timezone.localdate(now))
    if form.is_valid():
        try:
            posts.end_post(post=post, until=form.cleaned_data["until"], actor=request.user, now=now)
        except posts.NotSet as refusal:
            form.add_error("until", str(refusal))
        else:
            messages.success(request, _("The term is over. It stays to be read under earlier posts."))
            return redirect(_page_of(post.organisation))
    context = {"post": post, "name": distinguished([post.member])[post.member_id], "form": form}
    return render(request, "members/end_post.html", context, status=422 if form.is_bound else 200)


@reading_and_writing
@login_required
def unit_contact(request: HttpRequest, code: str) -> HttpResponse:
    """Whom members of the unit call."""
    unit = get_object_or_404(Organisation.objects.led_by(request.user), code=code)
    begun = {"help_name": unit.help_name, "help_phone": unit.help_phone}
    form = ContactForm(request.POST if request.method == "POST" else None, initial=begun)
    if form.is_valid():
        said = {"name": form.cleaned_data["help_name"], "phone": form.cleaned_data["help_phone"]}
        is_new = posts.name_contact(organisation=unit, actor=request.user, now=timezone.now(), **said)
        messages.success(request, _("Saved.") if is_new else _("Nothing has changed."))
        return redirect(_page_of(unit))
    context = {"unit": unit, "form": form}
    return render(request, "members/unit_contact.html", context, status=422 if form.is_bound else 200)


def _page_of(unit: Organisation) -> str:
    return reverse("content:organisation", args=[unit.code])
