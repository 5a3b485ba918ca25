"""The feedback box at the foot of every page, as template tags: the page hands over its name and its unit."""

import html
from dataclasses import dataclass

from django.template import Context, Node, NodeList
from django.template.base import Parser, Token
from django.utils import timezone

from members.feedback.about import form_key, sign_about


@dataclass(frozen=True)
class Box:
    about: str
    key: str


class PageName(Node):
    """Writes the title of the page, and remembers it for the box."""

    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> str:
        written = self.nodelist.render(context)
        context["page_name"] = html.unescape(written).strip()
        return written


def page_name(parser: Parser, token: Token) -> PageName:
    nodelist = parser.parse(("endpage_name",))
    parser.delete_first_token()
    return PageName(nodelist)


def feedback_box(context: Context) -> Box:
    """What the form carries. A page may name itself otherwise by `about_title` and `about_path`: where its title
    or its address tells of a person, it must.
    """
    path = context.get("about_path") or context["request"].path
    page = context.get("page")
    signed = sign_about(
        path=path,
        title=context.get("about_title") or context.get("page_name") or path,
        organisation_id=getattr(page, "organisation_id", None),
        is_study=getattr(page, "is_answered_by_lecturers", False),
        now=timezone.now(),
    )
    return Box(about=signed, key=form_key(path))
