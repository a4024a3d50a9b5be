"""What travels is looked at with a map without proofs: what is told can be read back, whoever it names."""

import pytest
from pytest_django.fixtures import Settings


@pytest.fixture(autouse=True)
def believing(settings: Settings) -> None:
    """Use the project's map without its proofs; test_shown.py takes it back."""
    settings.OWNERSHIP = "tests.config.believing.OWNERSHIP"
