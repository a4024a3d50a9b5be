"""L029 on each server: code of an owner's in every place where a service runs it, and none that runs as its owner."""

from __future__ import annotations

import pytest

from freehold_lint.catalogue import list_catalogue_findings
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql

CODE = """
    SET ROLE field@;
    CREATE FUNCTION field.same(int) RETURNS int LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog, pg_temp
        AS 'BEGIN RETURN $1; END';
    CREATE FUNCTION field.own(int) RETURNS int LANGUAGE plpgsql IMMUTABLE SECURITY DEFINER
        SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN $1; END';
    CREATE FUNCTION field.bare(int) RETURNS int LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RETURN $1; END';
    CREATE FUNCTION field.less(int, int) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
    CREATE OPERATOR field.<<< (LEFTARG = int, RIGHTARG = int, FUNCTION = field.less);
    RESET ROLE;
"""
PLACES = {
    "default of id": "ALTER TABLE field.hedge ALTER id SET DEFAULT {call}",
    "generated column more": "ALTER TABLE field.hedge ADD more int GENERATED ALWAYS AS ({call}) STORED",
    "constraint held": "ALTER TABLE field.hedge ADD CONSTRAINT held CHECK ({call} > 0)",
    "index by_it": "CREATE INDEX by_it ON field.hedge (({call}))",
    "index those": "CREATE INDEX those ON field.hedge (id) WHERE {call} > 0",
    "policy mine": "CREATE POLICY mine ON field.hedge USING ({call} > 0)",
    "rule ring": "CREATE RULE ring AS ON DELETE TO field.hedge DO ALSO SELECT {call}",
    "index excluded": "ALTER TABLE field.hedge ADD CONSTRAINT excluded EXCLUDE (({call}) WITH =)",
}


def tell(estate: Estate, statement: str) -> list[str]:
    """Give what L029 says once a statement has run as the owner; it is taken back."""
    with estate.connect() as session, session.transaction(force_rollback=True):
        session.execute(f"SET LOCAL ROLE field_{estate.tag}")
        session.execute(statement.encode())
        found = list_catalogue_findings(session.cursor(), estate.ownership)
    return [f"{each.object}: {each.message}" for each in found if each.rule == "L029"]


@pytest.fixture(scope="module")
def coded(made: Estate) -> Estate:
    """An estate with functions of each kind."""
    made.execute(CODE)
    return made


@pytest.mark.parametrize("place", PLACES)
def test_code_in_every_place_of_a_table_is_found(coded: Estate, place: str) -> None:
    call = "field.same(1)" if place.startswith(("default", "rule")) else "field.same(id)"
    said = "which is not SECURITY DEFINER with a search_path: with the rights of whoever asks."
    assert tell(coded, PLACES[place].format(call=call)) == [
        f"field.hedge ({place}): it runs field.same(integer), {said}"
    ]
    assert tell(coded, PLACES[place].format(call=call.replace("same", "own"))) == []
    assert tell(coded, PLACES[place].format(call=call.replace("field.same", "pg_catalog.abs"))) == []


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        (
            "CREATE VIEW field.low WITH (security_invoker) AS SELECT field.same(id) FROM field.hedge",
            "field.low (its text)",
        ),
        (
            "CREATE DOMAIN field.good AS int CONSTRAINT good CHECK (field.same(VALUE) > 0)",
            "field.good (constraint good)",
        ),
        ("CREATE DOMAIN field.given AS int DEFAULT field.same(1)", "field.given (default)"),
        ("CREATE TABLE field.split (id int) PARTITION BY LIST ((field.same(id)))", "field.split (partition key)"),
        ("ALTER TABLE field.hedge ADD CONSTRAINT few CHECK (id OPERATOR(field.<<<) 9)", "field.hedge (constraint few)"),
        ("ALTER TABLE field.hedge ALTER id SET DEFAULT field.bare(1)", "field.hedge (default of id)"),
        (
            "ALTER TABLE field.hedge ADD word text DEFAULT query_to_xml('TABLE secret', true, true, '')::text",
            "field.hedge (default of word)",
        ),
        (
            "ALTER TABLE field.hedge ADD CONSTRAINT sly CHECK (set_config('role', 'x', true) > '')",
            "field.hedge (constraint sly)",
        ),
    ],
)
def test_what_is_like_it_is_found(coded: Estate, statement: str, found: str) -> None:
    (line,) = tell(coded, statement)
    assert line.partition(":")[0] == found


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE MATERIALIZED VIEW field.low AS SELECT field.same(id) FROM field.hedge",
        "ALTER TABLE field.hedge ADD word text DEFAULT now()::text, ADD CHECK (lower(word) <> '' AND id < 9)",
        "CREATE FUNCTION field.alone() RETURNS int RETURN field.same(1)",
    ],
)
def test_what_nobody_else_runs_is_silent(coded: Estate, statement: str) -> None:
    assert tell(coded, statement) == []
