"""The only place where content touches Wagtail's serving and admin."""

from wagtail import hooks

from content.portal.models import OpenPage, PortalPage
from content.portal.views import home, open_page


@hooks.register("before_serve_page")
def serve_portal(page, request, serve_args, serve_kwargs):
    """Models know no visitor: the portal answers for its own pages, and asks who may see them."""
    if isinstance(page, PortalPage):
        return home(request, page)
    return open_page(request, page) if isinstance(page, OpenPage) else None
