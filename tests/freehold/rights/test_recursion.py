"""What `freehold.E037` takes for a circle PostgreSQL refuses, and nothing else of its kind."""

from __future__ import annotations

import psycopg
import pytest

from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql

OWN = "keeper = (SELECT pg_catalog.current_setting('freehold.user_id', true))"
ITSELF = "NOT EXISTS (SELECT FROM field.plot other WHERE other.id = plot.id)"
CASES = {
    "reading asks itself": (f"FOR SELECT TO farm@ USING ({ITSELF})", "", "SELECT * FROM field.plot", True),
    "adding asks itself, reading has a sub-select": (
        f"FOR SELECT TO farm@ USING ({OWN})",
        f"FOR INSERT TO farm@ WITH CHECK ({ITSELF})",
        "INSERT INTO field.plot (id) VALUES (9)",
        True,
    ),
    "adding asks itself, reading has none": (
        "FOR SELECT TO farm@ USING (keeper = 'one')",
        f"FOR INSERT TO farm@ WITH CHECK ({ITSELF})",
        "INSERT INTO field.plot (id) VALUES (9)",
        False,
    ),
    "a sub-select of no table": (f"FOR SELECT TO farm@ USING ({OWN})", "", "SELECT * FROM field.plot", False),
}


@pytest.mark.parametrize(("reading", "adding", "statement", "is_refused"), CASES.values(), ids=CASES)
def test_server_refuses_what_the_check_reports(
    estate: Estate, reading: str, adding: str, statement: str, is_refused: bool
) -> None:
    estate.make()
    estate.execute("DROP POLICY own ON field.plot; CREATE POLICY reading ON field.plot " + reading)
    if adding:
        estate.execute(f"CREATE POLICY adding ON field.plot {adding}")
    if is_refused:
        with pytest.raises(psycopg.errors.InvalidObjectDefinition, match="infinite recursion"):
            estate.execute(statement, "farm")
    else:
        estate.execute(statement, "farm")
