"""What a page with a marked form (`data-keep`) gets: for whom it is shown, the draft that was found, the script."""

import re
from html import unescape

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.html import format_html

from members.accounts.device import device_key
from members.accounts.drafts import Draft
from members.accounts.form_filling import fill_form

ORIGIN = "draft_of"
SALT = "members.drafts"
FORGET = "forget"  # a cookie: whose drafts the device may forget, since they signed out
FORM = re.compile(r'<form\b[^>]*\sdata-keep="([^"]*)"[^>]*>')
END = "</form>"
SHOWN = (200, 400, 409, 413, 422)


def offer_drafts(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The page, with what belongs to its marked forms; any other answer as it is."""
    if not _is_page(response):
        return response
    page, is_marked = response.content.decode(response.charset), False
    if 'data-keep="' in page and request.user.is_authenticated:
        page, is_marked = _with_drafts(request, page)
    if is_marked or FORGET in request.COOKIES:
        page = _with_script(request, page)
        response.content = page
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
    return response


def _is_page(response: HttpResponse) -> bool:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return is_html and not response.streaming and response.status_code in SHOWN


def _with_drafts(request: HttpRequest, page: str) -> tuple[str, bool]:
    forms = list(FORM.finditer(page))
    is_read = request.method in ("GET", "HEAD")
    keys = [unescape(form[1]) for form in forms]
    may_be_kept = is_read and getattr(request.user, "has_drafts", True)
    found = Draft.objects.visible_to(request.user).filter(form_key__in=keys) if may_be_kept and keys else []
    drafts = {draft.form_key: draft for draft in found}
    origin = _origin(request)
    parts, at = [], 0
    for form, key in zip(forms, keys, strict=True):
        end = page.find(END, form.end())
        end = len(page) if end < 0 else end
        inside = page[form.end() : end]
        note = ""
        if key in drafts:
            note, inside = _offered(request, drafts[key], inside)
        parts += [page[at : form.start()], note, form[0], origin, inside]
        at = end
    return "".join([*parts, page[at:]]), bool(forms)


def _origin(request: HttpRequest) -> str:
    """A hidden field: who was shown the form, and where; a refused form remembers the page it came from."""
    said = (request.user.pk, request.get_full_path())
    if request.method == "POST" and getattr(request, "typed", None):
        said = (request.user.pk, request.typed.page)
    return format_html('<input type="hidden" name="{}" value="{}">', ORIGIN, signing.dumps(said, salt=SALT))


def _offered(request: HttpRequest, draft: Draft, inside: str) -> tuple[str, str]:
    is_wanted = request.GET.get("draft") == draft.form_key
    query = request.GET.copy()
    query["draft"] = draft.form_key
    context = {"draft": draft, "is_filled": is_wanted, "again": query.urlencode(), "csrf_token": get_token(request)}
    if is_wanted:
        filled = fill_form(inside, draft.fields)
        inside = filled.html
        context["left_over"] = [value for values in filled.left_over.values() for value in values if value.strip()]
    return render_to_string("members/parts/draft_found.html", context, request), inside


def _with_script(request: HttpRequest, page: str) -> str:
    user = request.user
    context = {"device_key": device_key(user.pk) if user.is_authenticated else ""}
    script = render_to_string("members/parts/keep.html", context, request)
    before, body, after = page.rpartition("</body>")
    return before + script + body + after if body else page + script
