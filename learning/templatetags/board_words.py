"""Cells of the board, for its tables."""

from django import template

from learning.board import cells

register = template.Library()
register.simple_tag(cells.unit_cells)
register.simple_tag(cells.state)
register.simple_tag(cells.address)
