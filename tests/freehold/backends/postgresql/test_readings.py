"""What Django does beside migrating comes out as on a stock Django with bare names, and touches no decoy."""

from __future__ import annotations

from typing import Any

import pytest

from tests.freehold.backends.conftest import Connect, make_schemas
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import read_catalogue
from tests.freehold.backends.postgresql.readings import READINGS, count, furnish

pytestmark = pytest.mark.postgresql


@pytest.fixture
def stock(connect: Connect) -> Lab:
    """A stock Django whose one schema is on the search path."""
    connection = connect("stock", engine="django.db.backends.postgresql", search_path="stock")
    make_schemas(connection, "stock")
    return Lab(connection, "stock", prefix="")


@pytest.mark.parametrize("name", READINGS)
def test_reading_in_schema_gives_that_of_stock_django(name: str, stock: Lab, scratch: Any) -> None:
    alpha, beta = Lab(scratch, "alpha"), Lab(scratch, "beta")
    for lab in (stock, alpha, beta):
        furnish(lab)
    with scratch.cursor() as cursor:
        decoy = read_catalogue(cursor, "beta")
    rows = count(beta)

    expected = READINGS[name](stock)
    found = READINGS[name](alpha)

    assert found == expected
    with scratch.cursor() as cursor:
        assert read_catalogue(cursor, "beta") == decoy
    assert count(beta) == rows
