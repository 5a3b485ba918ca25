"""Hands the corners' models to Django."""

from content.articles.models import ArticlePage
from content.portal.models import NoticePage, PortalPage, TopicPage, UnitPage
from content.search.models import IndexChange

__all__ = ["ArticlePage", "IndexChange", "NoticePage", "PortalPage", "TopicPage", "UnitPage"]
