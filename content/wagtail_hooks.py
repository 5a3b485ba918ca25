"""The only place where content touches Wagtail's serving and admin."""

from wagtail import hooks

from content.portal.models import PortalPage
from content.portal.views import home


@hooks.register("before_serve_page")
def serve_portal(page, request, serve_args, serve_kwargs):
    return home(request, page) if isinstance(page, PortalPage) else None
