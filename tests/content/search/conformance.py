"""modelsearch's own suite for backends, run by `test_conformance.py` in a process with settings of its own."""

from django.test import TestCase
from modelsearch.tests.test_backends import BackendTests

from tests.content.search.conformance_books import hold_meetings, name_animals, shelve_books


class TestOurBackend(BackendTests, TestCase):
    backend_path = "content.search.backend"
    fixtures: list[str] = []

    @classmethod
    def setUpTestData(cls) -> None:
        shelve_books()
        hold_meetings()
        name_animals()
