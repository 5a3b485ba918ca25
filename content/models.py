"""Hands the corners' models to Django."""

from content.articles.models import ArticlePage
from content.portal.models import PortalPage

__all__ = ["ArticlePage", "PortalPage"]
