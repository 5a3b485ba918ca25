import pytest


@pytest.fixture(autouse=True)
def own_index(settings, tmp_path):
    """Each test has an index of its own."""
    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    return settings.SEARCH_INDEX_DIR
