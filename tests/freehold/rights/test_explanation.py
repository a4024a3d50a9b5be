"""`explain`: who may do what there, and which line of the map says so."""

from __future__ import annotations

import pytest

from freehold.errors import OwnershipError
from freehold.rights.explanation import explain
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql


def tell(estate: Estate, name: str) -> list[str]:
    """Give the lines of an explanation, without the tag and with single spaces."""
    with estate.connect() as session:
        text = explain(session, estate.ownership, name.replace("@", f"_{estate.tag}"))
    return [" ".join(line.split()) for line in estate.plain(text).splitlines()]


def test_table_names_owner_services_contracts_and_policies(made: Estate) -> None:
    lines = tell(made, "field.plot")

    assert lines == [
        "field.plot: table",
        "field owns it Schema 'field'",
        "farm SELECT, INSERT, UPDATE, DELETE Service 'farm' writes 'field'",
        "mill SELECT Service 'mill' reads 'field'",
        "inn SELECT (id, keeper) Contract 'field' for 'inn'",
        "wood REFERENCES (id) Contract 'field' for 'wood'",
        "row-level security on, forced",
        "policy looking: SELECT to inn mill using (secret IS NULL)",
        "policy own: ALL to farm using (keeper = (SELECT nullif(pg_catalog.current_setting('freehold.user_id', true), "
        "''))) check (keeper = (SELECT nullif(pg_catalog.current_setting('freehold.user_id', true), '')))",
        "policy owner: ALL to field using (true) check (true)",
    ]


def test_column_names_those_who_may_use_it(made: Estate) -> None:
    lines = tell(made, "field.plot.keeper")

    assert lines[0] == "field.plot (keeper): table"
    assert "inn SELECT (keeper) Contract 'field' for 'inn'" in lines
    assert not any("REFERENCES" in line for line in lines)


@pytest.mark.parametrize("name", ["field.area", "field.area(integer)"])
def test_function_is_found_with_and_without_its_arguments(name: str, made: Estate) -> None:
    assert tell(made, name) == [
        "field.area(integer): function",
        "field owns it Schema 'field'",
        "farm EXECUTE Service 'farm' writes 'field'",
        "inn EXECUTE Contract 'field' for 'inn'",
    ]


def test_role_names_what_it_may(made: Estate) -> None:
    lines = tell(made, "inn@")

    assert lines == [
        "inn: role of the map, CONNECTIONS=40 LOGIN",
        "database estate CONNECT logins of the map may connect",
        "field.area(integer) EXECUTE Contract 'field' for 'inn'",
        "field.plot SELECT (id, keeper) Contract 'field' for 'inn'",
        "schema field USAGE Contract 'field' for 'inn'",
        "policy looking on field.plot for SELECT",
    ]


def test_drift_is_told_with_what_it_is_about(made: Estate) -> None:
    made.execute("GRANT DELETE ON wood.tree TO stranger@; REVOKE SELECT ON wood.tree FROM mill@")

    table, stranger = tell(made, "wood.tree"), tell(made, "stranger@")
    made.apply()

    assert "stranger DELETE no line of the map" in table
    assert "mill SELECT Service 'mill' writes 'wood' (and it is not granted)" in table
    assert "drift D012: wood.tree: mill does not hold SELECT; declared: mill holds SELECT" in table
    assert stranger == [
        "stranger: role that the map does not know, no attribute",
        "wood.tree DELETE no line of the map",
        "drift D014: wood.tree: stranger holds DELETE; declared: no such right",
    ]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("field.plott", "did you mean field.plot?"),
        ("xyzzy", "name a role, or schema.table, schema.table.column, schema.function"),
    ],
)
def test_name_of_nothing_is_refused_with_what_comes_near(name: str, hint: str, made: Estate) -> None:
    with pytest.raises(OwnershipError) as caught:
        tell(made, name)

    assert made.plain(str(caught.value)) == f"there is no role and no object '{name}' in database 'estate': {hint}"
