"""Installations that the tests may kill."""

from collections.abc import Iterator

import pytest

from tests.processes.installation import Installation, copy_to


@pytest.fixture
def installation(tmp_path, prepared) -> Iterator[Installation]:
    """An empty installation, prepared, not started."""
    copy_to(tmp_path, prepared)
    installation = Installation(tmp_path)
    yield installation
    installation.clean_up()
