"""The demo's portal: topics, notices and units' pages as an editor would publish them; feedback, partly answered."""

import tomllib
from datetime import datetime, timedelta

from django.utils.html import escape
from wagtail.models import Page

from config.demo import texts
from content.portal.models import NoticePage, OpenPage, PortalPage, TopicPage, UnitPage
from members.accounts.models import Member, User
from members.feedback.about import About
from members.feedback.actions import answer_feedback, send_feedback, write_back
from members.organisation.models import Organisation

FILE = texts.HERE / "portal.toml"
TWO_DAYS = timedelta(days=2)


def load_portal(*, now: datetime) -> None:
    """After the pages and the sign-in cards, which give the secretary an account: the portal, and what people say."""
    told = tomllib.loads(FILE.read_text("utf-8"))
    units = Organisation.objects.in_bulk(field_name="code")
    for said in told["topics"]:
        _publish(TopicPage(picks=[_pick(pick) for pick in said["picks"]], organisation=units["LW"]), said, now)
    for said in told["notices"]:
        _publish(NoticePage(body=_body(said), organisation=units[said["unit"]]), said, now)
    for said in told["units"]:
        _publish(UnitPage(body=_body(said), organisation=units[said["unit"]]), said, now)
        if "help_phone" in said:
            named = {"help_name": said["help_name"], "help_phone": said["help_phone"]}
            Organisation.objects.filter(code=said["unit"]).update(**named)
    load_feedback(told["feedback"], now=now)


def load_feedback(told: list[dict], *, now: datetime) -> None:
    """Members of the first branch write; its secretary answers, where the demo says so."""
    secretary = Member.objects.filter(posts__kind="secretary", posts__until=None).order_by("number").first()
    branch = secretary.organisation_now()
    writing = User.objects.filter(member__in=Member.objects.affiliated_under(branch)).exclude(pk=secretary.user_id)
    authors = list(writing.order_by("username")[: max(said["by"] for said in told)])
    for place, said in enumerate(told):
        author, at = authors[(said["by"] - 1) % len(authors)], now - timedelta(days=said["days_ago"])
        about = _about(said, branch, nonce=f"demo-{place}")
        sent = send_feedback(author=author, text=said["text"], about=about, now=at)
        if "answer" in said:
            answer_feedback(feedback=sent, answerer=secretary.user, text=said["answer"], now=at + TWO_DAYS)
        if "back" in said:
            write_back(feedback=sent, text=said["back"], now=at + 2 * TWO_DAYS)
            answer_feedback(feedback=sent, answerer=secretary.user, text=said["answer_again"], now=at + 3 * TWO_DAYS)


def _publish(page: OpenPage, said: dict, now: datetime) -> None:
    page.title, page.summary, page.audience = said["title"], said["summary"], said["audience"]
    page.first_published_at = now - timedelta(days=said.get("days_ago", 0))
    PortalPage.objects.get().add_child(instance=page)
    page.save_revision().publish()


def _body(said: dict) -> list[tuple[str, str]]:
    return [("text", f"<p>{escape(line)}</p>") for line in said["paragraphs"]]


def _pick(pick: dict) -> tuple[str, object]:
    return ("page", _page(pick["page"])) if "page" in pick else ("link", pick)


def _about(said: dict, branch: Organisation, *, nonce: str) -> About:
    """About a page of the branch's own corner or of the house; the demo puts all of it to the branch."""
    if "about" in said:
        return About(*said["about"], None, nonce)
    page = _page(said["page"])
    return About(page.get_url(), page.title, branch.pk, nonce)


def _page(title: str) -> Page:
    return Page.objects.get(title=title, depth__gt=2)
