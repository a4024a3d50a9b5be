"""Apply on real servers: as a superuser, as an admin with CREATEROLE, as the migrator; what it stops at."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from freehold.errors import OwnershipError
from freehold.ownership import Contract, Schema
from freehold.ownership.comparable import DatabasePolicy, RowSecurity
from freehold.rights import alignment, execution
from tests.freehold.estates import make_login
from tests.freehold.rights.estates import OBJECTS, Estate

pytestmark = pytest.mark.postgresql


def refuse(estate: Estate, user: str = "", **options: int) -> str:
    """Apply, which must fail; give the message without the tag."""
    with pytest.raises(OwnershipError) as caught:
        estate.apply(user, **options)
    return estate.plain(str(caught.value))


# --- A new database --------------------------------------------------------------------------------------------------
def test_apply_makes_of_a_new_database_what_is_declared(estate: Estate) -> None:
    names = {(each.rule, estate.plain(each.object)) for each in estate.check()}
    done = estate.apply().done

    assert {("D001", "role field"), ("D001", "role farm"), ("D007", "schema field")} <= names
    assert ("D026", "field.plot") in names
    assert estate.plain(done[0]) == "create role field"
    # What is left is about tables that nobody has made.
    assert {each.rule for each in estate.check()} == {"D025", "D026"}
    assert estate.plain(estate.plan()).splitlines()[0] == "-- By hand:"


def test_plan_of_a_new_database_can_be_pasted(estate: Estate) -> None:
    plan = estate.plan()
    estate.execute_script(plan)

    assert "PASSWORD" not in plan
    assert "-- create login farm (apply gives it a password; in psql: \\password)" in estate.plain(plan)
    assert {each.rule for each in estate.check()} == {"D025", "D026"}
    assert estate.apply().done == []


def test_admin_with_createrole_applies_what_a_superuser_applies(estate: Estate) -> None:
    keeper = make_login(estate.database, f"keeper_{estate.tag}", "CREATEROLE")
    estate.execute("ALTER DATABASE estate@ OWNER TO keeper@")
    with psycopg.connect(**{**keeper, "dbname": estate.database["dbname"]}, autocommit=True) as session:
        alignment.apply_ownership(session, estate.ownership)
        estate.execute(OBJECTS)
        estate.execute("GRANT SELECT ON field.plot TO stranger@; GRANT SELECT ON field.hedge TO PUBLIC")
        alignment.apply_ownership(session, estate.ownership)
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            session.execute(f"SET ROLE steward_{estate.tag}")

    assert estate.tell() == []


# --- Rows ------------------------------------------------------------------------------------------------------------
def test_table_without_its_policies_is_closed_and_open_with_them(estate: Estate) -> None:
    estate.apply()
    estate.execute(OBJECTS)
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        as_farm(estate, "SELECT count(*) FROM field.plot")

    estate.apply()

    estate.execute("SET ROLE field@; INSERT INTO field.plot (keeper) VALUES ('ann'), ('bob'), ('ann')")
    assert as_farm(estate, "SELECT count(*) FROM field.plot") == [(0,)]
    assert as_farm(estate, "SET freehold.user_id = 'ann'; SELECT count(*) FROM field.plot")[-1] == (2,)
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="row-level security policy"):
        as_farm(estate, "SET freehold.user_id = 'ann'; INSERT INTO field.plot (keeper) VALUES ('bob')")


def as_farm(estate: Estate, statements: str) -> list[tuple[object, ...]]:
    """Run statements as the service's login; the last one's rows."""
    estate.execute("ALTER ROLE farm@ PASSWORD 'sesame'")
    parameters = {**estate.database, "user": f"farm_{estate.tag}", "password": "sesame"}
    parameters.pop("passfile", None)
    with psycopg.connect(**parameters, autocommit=True) as session:
        *before, last = statements.split("; ")
        for statement in before:
            session.execute(statement.encode())
        cursor = session.execute(last.encode())
        return cursor.fetchall() if cursor.description else []


# --- As the migrator -------------------------------------------------------------------------------------------------
def test_migrator_does_what_it_may_and_names_what_needs_an_admin(made: Estate) -> None:
    made.execute(
        "GRANT DELETE ON wood.tree TO farm@; ALTER ROLE farm@ CREATEDB; ALTER TABLE field.hedge OWNER TO postgres"
    )
    made.execute("GRANT SELECT ON field.hedge TO inn@; GRANT TEMPORARY ON DATABASE estate@ TO mill@")
    plan = made.plain(made.plan("steward"))

    applied = made.apply("steward")

    assert [made.plain(line) for line in applied.done] == ["revoke DELETE on wood.tree from farm"]
    assert {made.plain(change.says) for change in applied.admins} == {
        "hand field.hedge from postgres to field",
        "revoke SELECT on field.hedge from inn",
        "revoke TEMPORARY on database estate from mill",
        "alter role farm: NOCREATEDB",
    }
    assert "--   ALTER ROLE" in plan
    assert made.apply("steward").done == []
    made.apply()
    assert made.tell() == []


def test_service_may_apply_nothing(made: Estate) -> None:
    made.execute("GRANT DELETE ON wood.tree TO farm@")

    message = refuse(made, "farm")

    assert message.startswith("apply as farm could not become steward for the while: that needs CREATEROLE")
    made.apply()


# --- What it stops at ------------------------------------------------------------------------------------------------
def test_plan_that_takes_more_than_its_limit_stops_and_does_nothing(made: Estate) -> None:
    made.execute("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA field TO mill@, stranger@")
    before = made.tell()

    message = refuse(made, max_revokes=20)

    assert message == (
        "the plan takes 21 privileges (12 from stranger, 9 from mill), and at most 20 are taken at once: see "
        "`manage.py ownership plan`, then say --max-revokes 21; nothing was changed"
    )
    assert made.tell() == before
    assert made.apply(max_revokes=21).done
    assert made.tell() == []


def test_without_taking_all_a_plan_gives_and_says_how_much_it_kept(made: Estate) -> None:
    made.execute(
        "GRANT SELECT, INSERT ON ALL TABLES IN SCHEMA field TO stranger@; REVOKE SELECT ON wood.tree FROM mill@"
    )

    applied = made.apply("steward", max_revokes=3, takes_all=False)

    assert ([made.plain(line) for line in applied.done], applied.kept) == (["grant SELECT on wood.tree to mill"], 6)
    assert {line.partition(" ")[0] for line in made.tell()} == {"D014"}
    made.apply()
    assert made.tell() == []


def test_what_everyone_holds_by_postgresqls_default_is_not_counted(estate: Estate) -> None:
    estate.apply()
    estate.execute("SET ROLE field@; ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC")
    estate.execute(
        "SET ROLE field@; "
        + "; ".join(f"CREATE FUNCTION field.f{n}() RETURNS int LANGUAGE sql AS 'SELECT 1'" for n in range(5))
    )

    assert any("PUBLIC" in line for line in estate.apply(max_revokes=0).done)


def test_plan_that_locks_out_its_applier_stops(made: Estate) -> None:
    keeper = make_login(made.database, f"keeper_{made.tag}", "CREATEROLE")
    made.execute("GRANT CONNECT ON DATABASE estate@ TO keeper@")
    with (
        psycopg.connect(**{**keeper, "dbname": made.database["dbname"]}, autocommit=True) as session,
        pytest.raises(OwnershipError) as caught,
    ):
        alignment.apply_ownership(session, made.ownership)

    assert made.plain(str(caught.value)) == (
        "the plan locks out keeper, who applies it (revoke CONNECT on database estate from keeper): apply it as "
        "someone else with --admin-url, or change the map; nothing was changed"
    )
    made.apply()
    made.execute("DROP ROLE keeper@")
    assert made.tell() == []


def test_applier_who_enters_as_everyone_does_stops(made: Estate) -> None:
    keeper = make_login(made.database, f"keeper_{made.tag}", "CREATEROLE")
    made.execute("GRANT CONNECT ON DATABASE estate@ TO PUBLIC")
    with (
        psycopg.connect(**{**keeper, "dbname": made.database["dbname"]}, autocommit=True) as session,
        pytest.raises(OwnershipError, match="locks out keeper"),
    ):
        alignment.apply_ownership(session, made.ownership)

    made.apply()
    made.execute("DROP ROLE keeper@")
    assert made.tell() == []


# --- What goes along -------------------------------------------------------------------------------------------------
def test_right_that_was_passed_on_goes_with_the_right_to_pass_it_on(made: Estate) -> None:
    made.execute(
        "GRANT SELECT ON wood.tree TO mill@ WITH GRANT OPTION; SET ROLE mill@; GRANT SELECT ON wood.tree TO farm@"
    )

    assert [line.partition(";")[0] for line in made.tell()] == [
        "D016 wood.tree: farm holds SELECT, given by mill",
        "D016 wood.tree: mill holds SELECT and may pass it on",
    ]
    made.execute_script(made.plan())
    assert (made.tell(), made.plan()) == ([], "")


def test_column_made_anew_gets_its_grants_again(made: Estate) -> None:
    made.execute("ALTER TABLE field.plot DROP COLUMN keeper CASCADE; ALTER TABLE field.plot ADD COLUMN keeper text")

    assert {line.partition(" ")[0] for line in made.tell()} == {"D012", "D022"}
    made.apply("steward")
    assert made.tell() == []


def test_schema_that_no_map_names_is_found_and_left(made: Estate) -> None:
    made.execute("CREATE SCHEMA zoo")

    (found,) = made.check()

    assert (found.rule, found.message) == ("D010", "owned by postgres; declared: no such schema")
    assert "DROP SCHEMA zoo CASCADE" in found.hint
    assert "BEGIN" not in made.plan()
    made.apply()
    made.execute("DROP SCHEMA zoo")
    assert made.tell() == []


def test_name_with_a_line_break_ends_no_comment(made: Estate) -> None:
    made.execute('CREATE TABLE field."a\nDROP TABLE field.plot; --" (id int)')
    made.execute_script(made.plan("steward"))
    made.execute_script(made.plan())

    assert made.tell() == []
    made.execute('DROP TABLE field."a\nDROP TABLE field.plot; --"')


def test_function_with_a_long_signature_is_granted(made: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    signature = f"sow({', '.join(['timestamp with time zone'] * 4)})"
    contract = Contract("field", consumer="inn", call=(signature,))
    monkeypatch.setattr(made, "ownership", replace(made.ownership, contracts=(*made.ownership.contracts, contract)))
    made.execute(f"SET ROLE field_{made.tag}; CREATE FUNCTION field.{signature} RETURNS int LANGUAGE sql AS 'SELECT 1'")

    made.apply("steward")

    assert made.tell() == []
    made.execute(f"DROP FUNCTION field.{signature}")


def test_what_an_extension_brings_is_its_own(made: Estate) -> None:
    if not made.execute("SELECT FROM pg_catalog.pg_available_extensions WHERE name = 'pgcrypto' UNION ALL SELECT"):
        pytest.skip("no extension to make")
    try:
        made.execute("CREATE EXTENSION pgcrypto SCHEMA public")
    except psycopg.Error:
        pytest.skip("this server brings no extension")
    assert made.tell() == []
    made.execute("DROP EXTENSION pgcrypto")


def test_role_that_is_taken_out_of_the_map_loses_what_it_held(made: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    services = tuple(replace(each, reads=()) if each.name == "mill" else each for each in made.ownership.services)
    narrowed = replace(made.ownership, services=services)
    monkeypatch.setattr(made, "ownership", narrowed)

    lines = made.tell()
    made.apply()

    assert "D013 schema field: mill holds USAGE; declared: no such right" in lines
    assert "D019 tables that sea makes in sea: mill gets SELECT; declared: no such default" in lines
    assert made.tell() == []
    monkeypatch.undo()
    made.apply()


def test_database_from_before_policies_loses_its_default_privileges(made: Estate) -> None:
    made.execute(
        "SET ROLE field@; "
        "ALTER DEFAULT PRIVILEGES IN SCHEMA field GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO farm@; "
        "ALTER DEFAULT PRIVILEGES IN SCHEMA field GRANT USAGE, SELECT ON SEQUENCES TO farm@; "
        "ALTER DEFAULT PRIVILEGES IN SCHEMA field GRANT EXECUTE ON FUNCTIONS TO farm@; "
        "ALTER DEFAULT PRIVILEGES IN SCHEMA field GRANT SELECT ON TABLES TO mill@"
    )

    done = made.apply("steward", max_revokes=0).done

    assert [made.plain(line) for line in done] == [
        "revoke EXECUTE from farm on functions that field makes in field",
        "revoke SELECT, USAGE from farm on sequences that field makes in field",
        "revoke SELECT, INSERT, UPDATE, DELETE from farm on tables that field makes in field",
        "revoke SELECT from mill on tables that field makes in field",
    ]
    assert made.tell() == []


# --- External schemas ------------------------------------------------------------------------------------------------
def test_tool_of_an_external_schema_makes_tables_that_services_may_read(made: Estate) -> None:
    made.execute(
        "SET ROLE sea@; CREATE TABLE sea.boat (id int); ALTER TABLE sea.boat ENABLE ROW LEVEL SECURITY", "fisher"
    )

    assert made.tell() == []
    assert made.execute("SELECT has_table_privilege('mill@', 'sea.boat', 'SELECT')") == [(True,)]
    made.execute("DROP TABLE sea.boat")


# --- What stands beside models ---------------------------------------------------------------------------------------
def test_policy_that_is_declared_otherwise_is_made_anew(made: Estate) -> None:
    before = list(made.policies)
    made.policies[2] = DatabasePolicy("field", "plot", "looking", "SELECT", (f"inn_{made.tag}",), "id > 0")
    made.row_security.append(RowSecurity("wood", "tree"))

    lines = made.tell()
    done = [made.plain(line) for line in made.apply("steward").done]

    assert [line.partition(" ")[0] for line in lines] == ["D020", "D023"]
    assert "create policy looking anew on field.plot for SELECT to inn" in done
    assert made.tell() == []
    made.policies[:] = before
    made.row_security.pop()
    made.apply("steward")
    assert made.tell() == []


def test_policy_that_names_what_no_migration_made_yet_waits_and_the_table_stays_closed(made: Estate) -> None:
    before = list(made.policies)
    made.policies[0] = DatabasePolicy("field", "plot", "own", "ALL", (f"farm_{made.tag}",), "owner_id = 1")
    made.policies[2] = DatabasePolicy("field", "plot", "looking", "SELECT", (f"inn_{made.tag}",), "field.shown(id)")
    made.execute("DROP POLICY looking ON field.plot; GRANT DELETE ON wood.tree TO farm@")

    applied = made.apply("steward")

    assert applied.waiting == [
        "policy looking on field.plot: function field.shown(integer) does not exist",
        'policy own on field.plot: column "owner_id" does not exist',
    ]
    assert [made.plain(line) for line in applied.done] == ["revoke DELETE on wood.tree from farm"]
    assert [line.partition(":")[0] for line in made.tell()] == [
        "D022 field.plot policy looking",
        "D023 field.plot policy own",
    ]
    made.policies[:] = before
    made.apply("steward")
    assert made.tell() == []


def test_restrictive_policy_does_not_wait(made: Estate) -> None:
    made.policies.append(
        DatabasePolicy("field", "plot", "never", "SELECT", (f"farm_{made.tag}",), "owner_id = 1", permissive=False)
    )

    with pytest.raises(psycopg.errors.UndefinedColumn):
        made.apply("steward")
    made.policies.pop()
    assert made.tell() == []


def test_grant_without_effect_is_reported_and_nothing_stays(made: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    made.execute("REVOKE SELECT ON wood.tree FROM mill@; GRANT DELETE ON wood.tree TO farm@")
    monkeypatch.setattr(execution, "apply_changes", lambda cursor, changes, *rest, **words: [])

    message = refuse(made)

    assert message == (
        "apply as postgres had no effect on: grant SELECT on wood.tree to mill, revoke DELETE on wood.tree from farm; "
        "nothing was changed. Run it as a superuser"
    )
    monkeypatch.undo()
    made.apply()
    assert made.tell() == []


def test_contract_on_what_does_not_exist_is_named(made: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = Contract("wood", consumer="inn", read={"tree": ("id", "bark")}, call=("fell(int)",))
    monkeypatch.setattr(made, "ownership", replace(made.ownership, contracts=(*made.ownership.contracts, contract)))

    assert [line for line in made.tell() if line.startswith("D025")] == [
        "D025 wood.tree (bark): no such column; declared: SELECT (bark)",
        "D025 wood.fell(integer): no such function; declared: EXECUTE",
    ]
    monkeypatch.undo()


def test_schema_that_is_missing_is_made(made: Estate, monkeypatch: pytest.MonkeyPatch) -> None:
    schemas = (*made.ownership.schemas, Schema("moor", owner=f"moor_{made.tag}", comment="wet"))
    monkeypatch.setattr(made, "ownership", replace(made.ownership, schemas=schemas))

    assert [line.partition(";")[0] for line in made.tell()][:3] == [
        "D001 role moor: no such role",
        "D003 role steward: no member of moor",
        "D007 schema moor: no such schema",
    ]
    made.execute_script(made.plan())
    assert (made.tell(), made.plan()) == ([], "")
    monkeypatch.undo()
    made.execute("DROP SCHEMA moor; DROP OWNED BY moor@; DROP ROLE moor@")
