"""Extensions in a schema of their own, and types of one schema that another uses."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from freehold.ownership import Contract, Ownership
from freehold.ownership.validation import list_problems
from freehold.rights.bootstrap import bootstrap
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql
# What an extension brings that is written without its schema. Servers without contrib have none but plpgsql.
BROUGHT = """
    CREATE TYPE ext.shade AS ENUM ('dark', 'light');
    CREATE FUNCTION ext.likeness(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE RETURN a = b;
    CREATE OPERATOR ext.%%% (LEFTARG = text, RIGHTARG = text, FUNCTION = ext.likeness);
    ALTER EXTENSION plpgsql ADD TYPE ext.shade;
    ALTER EXTENSION plpgsql ADD FUNCTION ext.likeness(text, text);
    ALTER EXTENSION plpgsql ADD OPERATOR ext.%%% (text, text)
"""


@pytest.fixture
def extended(estate: Estate) -> Estate:
    """An estate with what an extension brought in the schema that the map names."""
    estate.ownership = replace(estate.ownership, extensions="ext")
    estate.make()
    estate.execute(BROUGHT)
    return estate


def test_extensions_schema_is_made_and_used_by_owners_and_services(extended: Estate) -> None:
    with extended.connect("steward") as session:  # as a migration: the migrator, as the owner of its schema
        session.execute(f"SET ROLE field_{extended.tag}".encode())
        session.execute("CREATE TABLE field.bag (data shade DEFAULT 'dark')")
    extended.apply()

    assert extended.tell() == []
    for login in ("farm", "mill"):  # one with a search_path of its own, one without
        assert extended.execute("SELECT 'dark'::shade < 'light', 'a' %%% 'a'", login) == [(True, True)]
    assert extended.execute("SHOW search_path", "all") == [("public, ext",)]
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        extended.execute("CREATE TABLE ext.mine (id int)", "farm")
    with extended.connect("steward") as session, pytest.raises(psycopg.errors.InsufficientPrivilege):
        session.execute("CREATE FUNCTION ext.mine() RETURNS int RETURN 1")


def test_right_on_what_an_extension_brought_is_drift(extended: Estate) -> None:
    extended.execute("GRANT CREATE ON SCHEMA ext TO farm@; GRANT EXECUTE ON FUNCTION ext.likeness TO mill@")

    assert [line.split(";")[0] for line in extended.tell()] == [
        "D013 ext.likeness(text, text): mill holds EXECUTE",
        "D013 schema ext: farm holds CREATE",
    ]
    extended.execute_script(extended.plan())
    assert extended.tell() == []


def test_contract_lets_call_what_an_extension_brought(estate: Estate) -> None:
    estate.make()
    estate.execute(BROUGHT.replace("ext.", "field."))
    estate.execute("REVOKE EXECUTE ON FUNCTION field.likeness FROM PUBLIC")
    contract = Contract("field", consumer="inn", read={"plot": ("id", "keeper")}, call=("likeness(text, text)",))
    estate.ownership = replace(estate.ownership, contracts=(*estate.ownership.contracts[:-1], contract))

    assert estate.tell()[0].startswith("D012 field.likeness(text, text): inn does not hold EXECUTE")
    estate.execute_script(estate.plan())
    assert [each for each in estate.tell() if "likeness" in each] == []


def test_missing_schema_of_extensions_is_made_by_bootstrap(estate: Estate) -> None:
    estate.ownership = replace(estate.ownership, extensions="ext")
    with estate.connect() as admin:
        before = [each for each in estate.tell() if each.startswith("D007 schema ext")]
        bootstrap(admin, estate.ownership, estate.passfile)
        again = bootstrap(admin, estate.ownership, estate.passfile)

    assert before == ["D007 schema ext: no such schema; declared: the schema of extensions"]
    assert again == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("field", "Ownership: extensions names 'field', which is a Schema of the map"),
        ("pg_ext", "Ownership: extensions 'pg_ext' belongs to PostgreSQL itself"),
        ("My Ext", "Ownership: extensions 'My Ext' is no plain name"),
    ],
)
def test_name_that_is_no_schema_for_extensions_is_refused(estate: Estate, name: str, problem: str) -> None:
    (found,) = list_problems(replace(estate.ownership, extensions=name))

    assert found.startswith(problem)


# --- Types ----------------------------------------------------------------------------------------------------------
def share(estate: Estate, *names: str, consumer: str = "wood") -> Ownership:
    """Give the map with a contract about types of `field`."""
    others = [each for each in estate.ownership.contracts if (each.schema, each.consumer) != ("field", consumer)]
    return replace(estate.ownership, contracts=(*others, Contract("field", consumer=consumer, use=names)))


@pytest.mark.parametrize("kind", ["crop", "crop[]", "acre", "field.pair", "field.span"])
def test_type_of_another_schema_makes_a_column_where_a_contract_says_so(estate: Estate, kind: str) -> None:
    estate.make()
    estate.execute(
        "SET ROLE field@; CREATE TYPE field.pair AS (a int, b int); CREATE TYPE field.span AS RANGE (subtype = int4)"
    )
    kind = kind if "." in kind else f"field.{kind}"
    before = estate.ownership
    estate.ownership = replace(before, contracts=())
    estate.apply()
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="schema field"):
        make_column(estate, kind)
    estate.ownership = replace(before, contracts=share(estate, "crop", "acre", "pair", "span").contracts)
    estate.apply()
    make_column(estate, kind)

    estate.apply()
    assert estate.tell() == []


def make_column(estate: Estate, kind: str) -> None:
    with estate.connect("steward") as session:
        session.execute(f"SET ROLE wood_{estate.tag}".encode())
        session.execute(f"ALTER TABLE wood.tree ADD COLUMN used {kind}".encode())


def test_type_that_does_not_exist_waits_for_a_migration(estate: Estate) -> None:
    estate.make()
    estate.ownership = share(estate, "crop", "fruit", consumer="inn")
    estate.apply()

    assert estate.tell() == ["D025 field.fruit: no such type; declared: USAGE"]
