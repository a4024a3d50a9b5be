"""A migration that leaves its owner's role, or takes from consumers what contracts share, whatever its text says."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.db import ProgrammingError, connections
from pytest_django.fixtures import Settings

from freehold.migrator import boundaries
from freehold.rights.borrowed import Spans, list_borrowed_in
from freehold.sqlfiles import fetch_rows
from tests.freehold.migrator import maps
from tests.freehold.migrator.estates import ALIAS, Estate
from tests.freehold.migrator.test_executor import refuse

pytestmark = pytest.mark.postgresql

BACK = "SET LOCAL ROLE app_owner"
SAYS = "migration meadow.0001_meadow says {}, and runs as app_owner alone; nothing of it was applied: "
DID = (
    "migration meadow.0001_meadow, run as app_owner, {} by another role or another's rights; nothing of it was applied"
)
# A role is put together at run time, so that no text has it.
HIDDEN = (
    "DO $$ BEGIN EXECUTE 'SET LO' || 'CAL RO' || 'LE {role}'; {act}; "
    "EXECUTE 'SET LO' || 'CAL RO' || 'LE app_owner'; END $$"
)


def write_manor(estate: Estate) -> None:
    """Write migrations that make tables and a function of `auth`."""
    estate.write_table("manor", "0001_manor", "Manor", "auth.manor")
    estate.write_sql(
        "manor",
        "0002_more",
        "CREATE FUNCTION auth.zz_hidden() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "CREATE TABLE auth.zz_other (id serial PRIMARY KEY, word text)",
    )


@pytest.fixture
def manor(estate: Estate) -> Estate:
    """The estate with these applied."""
    write_manor(estate)
    estate.migrate("manor")
    return estate


def write(estate: Estate, *statements: str) -> None:
    estate.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", *statements)


def assert_nothing_done(estate: Estate) -> None:
    assert "app.meadow" not in estate.tables
    assert "meadow.0001_meadow" not in estate.applied
    assert estate.history[-1][3] == "failed"


# --- Words -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("script", "says"),
    [
        (
            f"SET LOCAL ROLE migrator; SET LOCAL ROLE auth_owner; ALTER TABLE auth.manor ADD x int; {BACK}",
            "SET LOCAL ROLE",
        ),
        (f"SET ROLE auth_owner; SELECT 1; {BACK}", "SET ROLE"),
        (f"set /* a */ local -- b\n role auth_owner; SELECT 1; {BACK}", "SET LOCAL ROLE"),
        (f"RESET ROLE; {BACK}", "RESET ROLE"),
        (f"SELECT set_config('role', 'auth_owner', true); {BACK}", "SET_CONFIG('ROLE'"),
        (f"SELECT pg_catalog.set_config ('role', 'none', true); {BACK}", "SET_CONFIG('ROLE'"),
        (f"SET SESSION AUTHORIZATION migrator; {BACK}", "SET SESSION AUTHORIZATION"),
        (f"SET LOCAL SESSION AUTHORIZATION migrator; {BACK}", "SET LOCAL SESSION AUTHORIZATION"),
        ("UPDATE pg_settings SET setting = 'auth_owner' WHERE name = 'role'; " + BACK, "UPDATE PG_SETTINGS"),
        ("DO $x$ BEGIN SET LOCAL ROLE auth_owner; PERFORM 1; SET LOCAL ROLE app_owner; END $x$", "SET LOCAL ROLE"),
        ("DO 'BEGIN SET LOCAL ROLE auth_owner; SET LOCAL ROLE app_owner; END'", "SET LOCAL ROLE"),
        (f'SET LOCAL "role" TO auth_owner; {BACK}', 'SET LOCAL "ROLE"'),
        (f'RESET "role"; {BACK}', 'RESET "ROLE"'),
    ],
)
def test_role_that_comes_back_is_refused_by_its_words(script: str, says: str, manor: Estate) -> None:
    write(manor, script)

    assert refuse(manor, "meadow").startswith(SAYS.format(says))
    assert_nothing_done(manor)


@pytest.mark.parametrize(
    ("statement", "did"),
    [
        (HIDDEN.format(role="migrator", act="ALTER ROLE migrator PASSWORD NULL"), ", run as app_owner, changed a role"),
        (
            "CREATE TABLE app.meadow (n bigint REFERENCES auth.manor)",
            " leaves app.meadow (meadow_n_fkey) with",
        ),
    ],
    ids=["role", "key"],
)
def test_operation_of_the_engines_that_moves_nothing_is_held_as_others(statement: str, did: str, manor: Estate) -> None:
    manor.write("meadow", "0001_meadow", f"RunPostgreSQL({statement!r}, migrations.RunSQL.noop),")

    assert refuse(manor, "meadow").startswith(f"migration meadow.0001_meadow{did}")
    assert_nothing_done(manor)


def test_what_code_puts_off_to_the_end_is_looked_at_too(manor: Estate) -> None:
    later = HIDDEN.format(role="auth_owner", act="ALTER TABLE auth.manor ADD x int")
    manor.write(
        "meadow", "0001_meadow", f"migrations.RunPython(lambda apps, editor: editor.deferred_sql.append({later!r})),"
    )

    assert refuse(manor, "meadow").startswith(DID.format("changed auth.manor"))
    assert_nothing_done(manor)


def test_server_that_counted_past_32_bits_of_transactions_is_looked_at(manor: Estate) -> None:
    with connections[ALIAS].cursor() as cursor:
        for since in (str(2**32 + 5), str(7 * 2**32)):
            spans = Spans([since], [None])
            assert list_borrowed_in(connections[ALIAS], maps.LOTS, spans) == []
            assert fetch_rows(cursor, boundaries.__file__, "written_code", **spans._asdict())


def test_role_in_python_that_comes_back_is_refused(manor: Estate) -> None:
    manor.write(
        "meadow",
        "0001_meadow",
        """
        migrations.RunSQL("CREATE TABLE app.meadow ()"),
        migrations.RunPython(lambda apps, editor: [
            editor.connection.connection.execute(each)
            for each in (
                "SET LOCAL ROLE auth_owner", "INSERT INTO auth.manor (name) VALUES ('x')", "SET LOCAL ROLE app_owner"
            )
        ]),
        """,
    )

    assert refuse(manor, "meadow").startswith(DID.format("wrote auth.manor"))
    assert_nothing_done(manor)


def test_role_on_the_way_down_is_refused(manor: Estate) -> None:
    back = HIDDEN.format(role="auth_owner", act="ALTER TABLE auth.manor ADD x int")
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", back=back)
    manor.migrate("meadow")

    assert refuse(manor, "meadow", "zero").startswith(DID.format("changed auth.manor"))
    assert "meadow.0001_meadow" in manor.applied


# --- Traces ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "act", "did"),
    [
        ("auth_owner", "ALTER TABLE auth.manor ADD x int", "changed auth.manor"),
        ("auth_owner", "ALTER TABLE auth.manor ALTER name SET DEFAULT 7::text", "changed auth.manor"),
        ("auth_owner", "ALTER TABLE auth.manor ENABLE ROW LEVEL SECURITY", "changed auth.manor"),
        ("auth_owner", "CREATE POLICY p ON auth.manor USING (true)", "changed auth.manor"),
        ("auth_owner", "GRANT SELECT ON auth.manor TO api_rw", "changed auth.manor"),
        ("auth_owner", "GRANT SELECT (name) ON auth.manor TO api_rw", "changed auth.manor"),
        ("auth_owner", "TRUNCATE auth.manor", "changed auth.manor"),
        ("auth_owner", "GRANT SELECT (word) ON auth.zz_other TO api_rw", "changed auth.zz_other"),
        ("auth_owner", "CREATE INDEX zz ON auth.zz_other (word)", "changed auth.zz"),
        ("auth_owner", "COMMENT ON TABLE auth.zz_other IS ''x''", "changed auth.zz_other"),
        (
            "auth_owner",
            "CREATE OR REPLACE FUNCTION auth.zz_hidden() RETURNS int LANGUAGE sql AS ''SELECT 2''",
            "changed auth.zz_hidden()",
        ),
        ("auth_owner", "ALTER FUNCTION auth.zz_hidden() SECURITY DEFINER", "changed auth.zz_hidden()"),
        ("auth_owner", "CREATE TYPE auth.zz_kind AS ENUM (''a'')", "changed type auth._zz_kind"),
        ("auth_owner", "GRANT CREATE ON SCHEMA auth TO app_owner", "changed schema auth"),
        ("auth_owner", "DROP FUNCTION auth.zz_hidden()", "dropped a function of auth"),
        ("auth_owner", "DROP TABLE auth.zz_other", "dropped a relation of auth"),
        (
            "auth_owner",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA auth GRANT SELECT ON TABLES TO api_rw",
            "changed default privileges of auth_owner",
        ),
        ("auth_owner", "INSERT INTO auth.zz_other VALUES (1)", "wrote auth.zz_other"),
        ("auth_owner", "DELETE FROM auth.manor", "wrote auth.manor"),
        ("auth_owner", "PERFORM setval(''auth.zz_other_id_seq'', 9)", "wrote auth.zz_other_id_seq"),
        ("auth_owner", "PERFORM FROM auth.zz_other", "read auth.zz_other"),
        ("migrator", "DELETE FROM public.django_migrations", "wrote public.django_migrations"),
        ("migrator", "CREATE TABLE public.zz_new ()", "changed public.zz_new"),
        ("migrator", "ALTER ROLE migrator SET work_mem = ''64kB''", "changed settings of migrator"),
        ("migrator", "ALTER ROLE migrator PASSWORD ''x''", "changed a role"),
    ],
)
def test_what_was_done_as_another_owner_is_refused_by_its_traces(role: str, act: str, did: str, manor: Estate) -> None:
    write(manor, HIDDEN.format(role=role, act=act.replace("''", "'")))

    assert refuse(manor, "meadow").startswith(DID.format(did))
    assert_nothing_done(manor)


ACT = "CREATE FUNCTION app.zz_act() RETURNS int LANGUAGE sql SET {} FROM CURRENT AS {quote}SELECT 1{quote}"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (ACT.format("ROLE", quote="'"), SAYS.format("SET ROLE")),
        (
            "DO $$ BEGIN EXECUTE '" + ACT.format("RO' || 'LE", quote="''") + "'; END $$",
            DID.format("made a function that sets its role: app.zz_act()"),
        ),
    ],
    ids=["in words", "put together"],
)
def test_function_of_ones_own_that_sets_its_role_is_refused(statement: str, said: str, manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "CREATE TABLE app.meadow ()", statement)

    assert refuse(manor, "meadow").startswith(said)
    assert_nothing_done(manor)


def test_what_an_owner_may_do_beside_others_is_let_through(manor: Estate) -> None:
    manor.write_sql(
        "meadow",
        "0001_meadow",
        "CREATE TABLE app.meadow (id int PRIMARY KEY, manor_id bigint REFERENCES auth.manor ON DELETE CASCADE)",
        "INSERT INTO app.meadow SELECT 1, NULL",
        "ALTER TABLE app.meadow ADD role text DEFAULT 'reset role'",
        "UPDATE app.meadow SET role = 'admin'",
        "UPDATE ONLY app.meadow AS m SET \"role\" = ''",
        "COMMENT ON TABLE app.meadow IS 'who may set role and who may reset all'",
        back="DROP TABLE IF EXISTS app.meadow",
    )
    manor.migrate("meadow")
    manor.migrate("meadow", "zero")
    manor.migrate("meadow")
    manor.write_sql(
        "manor", "0003_rows", "INSERT INTO auth.manor (id, name) VALUES (7, 'x')", "DELETE FROM auth.manor WHERE id = 7"
    )
    manor.migrate("manor")

    assert manor.applied[-2:] == ["meadow.0001_meadow", "manor.0003_rows"]


def test_rows_of_a_table_tied_by_a_key_are_refused_where_no_delete_was_carried_on(manor: Estate) -> None:
    manor.write_sql(
        "meadow", "0001_meadow", "CREATE TABLE app.meadow (manor_id bigint REFERENCES auth.manor ON DELETE CASCADE)"
    )
    manor.migrate("meadow")
    hidden = HIDDEN.format(role="app_owner", act="DELETE FROM app.meadow").replace(
        "LE app_owner'; END", "LE auth_owner'; END"
    )
    manor.write_sql("manor", "0003_rows", hidden)

    assert refuse(manor, "manor").startswith(
        "migration manor.0003_rows, run as auth_owner, wrote app.meadow by another"
    )


def test_role_in_a_migration_without_a_transaction_is_refused(manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", "SET ROLE auth_owner", atomic=False)
    assert "says SET ROLE" in refuse(manor, "meadow")
    act = HIDDEN.format(role="auth_owner", act="ALTER TABLE auth.zz_other ADD x int")
    manor.write_sql("meadow", "0002_more", act, atomic=False)
    (manor.directory / manor.package / "meadow" / "0001_meadow.py").write_text(
        (manor.directory / manor.package / "meadow" / "0001_meadow.py")
        .read_text()
        .replace("SET ROLE auth_owner", "SELECT 1")
    )
    manor.forget_modules()

    message = refuse(manor, "meadow")

    assert re.match(r"migration meadow.0002_more, run as app_owner, changed auth.zz_other by another role", message)
    assert "parts of it may be applied, since it is not atomic" in message


# --- Code that runs as whoever uses a table --------------------------------------------------------------------------
LETTING = replace(
    maps.LOTS,
    schemas=tuple(replace(each, lets_run=("zz_lend()",)) if each.name == "app" else each for each in maps.LOTS.schemas),
)
LENT = (
    "CREATE FUNCTION app.zz_lend({}) RETURNS {} LANGUAGE plpgsql IMMUTABLE {} AS 'BEGIN RETURN {}; END'",
    "SECURITY DEFINER SET search_path = pg_catalog, pg_temp",
)
MEADOW = "CREATE TABLE app.meadow (id int PRIMARY KEY, word text)"
TRIGGER = LENT[0].format("", "trigger", "{}", "NULL")
FUNCTION = LENT[0].format("a int", "int", "{}", "1")
PLACES = [
    (TRIGGER, "CREATE TRIGGER t AFTER UPDATE ON app.meadow EXECUTE FUNCTION app.zz_lend()"),
    (
        TRIGGER,
        "CREATE CONSTRAINT TRIGGER t AFTER INSERT ON app.meadow DEFERRABLE INITIALLY DEFERRED FOR EACH ROW "
        "EXECUTE FUNCTION app.zz_lend()",
    ),
    (FUNCTION, "ALTER TABLE app.meadow ALTER id SET DEFAULT app.zz_lend(1)"),
    (FUNCTION, "ALTER TABLE app.meadow ADD CHECK (app.zz_lend(id) > 0)"),
    (FUNCTION, "ALTER TABLE app.meadow ADD more int GENERATED ALWAYS AS (app.zz_lend(id)) STORED"),
    (FUNCTION, "CREATE INDEX ON app.meadow (app.zz_lend(id))"),
    (FUNCTION, "CREATE RULE r AS ON DELETE TO app.meadow DO ALSO SELECT app.zz_lend(1)"),
    (FUNCTION, "CREATE POLICY p ON app.meadow USING (app.zz_lend(id) > 0)"),
]


@pytest.mark.parametrize(("function", "use"), PLACES)
def test_code_that_would_run_as_whoever_uses_a_table_is_refused(function: str, use: str, manor: Estate) -> None:
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use)

    message = refuse(manor, "meadow")

    assert message.startswith("migration meadow.0001_meadow lets app.meadow (")
    assert "with the rights of whoever uses it; nothing of it was applied: ALTER ROUTINE app.zz_lend(" in message
    assert_nothing_done(manor)


def test_code_that_runs_as_its_owner_is_let_through_until_it_does_not(manor: Estate) -> None:
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(LENT[1]), use)
    manor.migrate("meadow")
    manor.write_sql("meadow", "0002_more", "ALTER FUNCTION app.zz_lend() SECURITY INVOKER")

    assert refuse(manor, "meadow").startswith(
        "migration meadow.0002_more lets app.meadow (trigger t) run app.zz_lend()"
    )


def test_code_that_the_map_lets_run_is_let_through(manor: Estate, settings: Settings) -> None:
    settings.OWNERSHIP = "tests.freehold.migrator.test_boundaries.LETTING"
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use)

    manor.migrate("meadow")

    assert "meadow.0001_meadow" in manor.applied


def test_code_that_a_later_migration_mends_is_history(manor: Estate) -> None:
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use)
    manor.write_sql("meadow", "0002_more", f"ALTER FUNCTION app.zz_lend() {LENT[1]}")
    manor.migrate("meadow")

    assert manor.applied[-1] == "meadow.0002_more"


def test_what_was_refused_at_the_last_is_refused_again(manor: Estate) -> None:
    """Those before it are applied, and it alone is what is left to run."""
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use)
    manor.write_sql("meadow", "0002_more", "SELECT 1")

    refused = [refuse(manor, "meadow") for _ in range(3)]

    says = "migration meadow.0002_more lets app.meadow (trigger t) run app.zz_lend()"
    assert [each.startswith(says) for each in refused] == [True] * 3
    assert manor.applied[-1] == "meadow.0001_meadow"
    (manor.directory / manor.package / "meadow" / "0002_more.py").unlink()
    manor.write_sql("meadow", "0002_mend", f"ALTER FUNCTION app.zz_lend() {LENT[1]}")
    manor.forget_modules()
    manor.migrate("meadow")
    assert manor.applied[-1] == "meadow.0002_mend"


def test_refusal_is_not_forgotten_for_another_failure(manor: Estate) -> None:
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use)
    manor.write_sql("meadow", "0002_more", "SELECT 1")
    refused = refuse(manor, "meadow")
    path = manor.directory / manor.package / "meadow" / "0002_more.py"
    text = path.read_text()
    path.write_text(text.replace("SELECT 1", "SELECT nothing"))
    manor.forget_modules()
    with pytest.raises(ProgrammingError, match="nothing"):
        manor.migrate("meadow")
    path.write_text(text)
    manor.forget_modules()

    assert refuse(manor, "meadow") == refused


def test_code_that_a_savepoint_made_is_refused(manor: Estate) -> None:
    """Its rows have numbers of their own, beyond that of the transaction."""
    function, use = PLACES[0]
    made = (f"{MEADOW}; SAVEPOINT one; SAVEPOINT two", function.format(""), use, "RELEASE SAVEPOINT two")
    manor.write_sql("meadow", "0001_meadow", *made, "RELEASE SAVEPOINT one")

    assert refuse(manor, "meadow").startswith(
        "migration meadow.0001_meadow lets app.meadow (trigger t) run app.zz_lend()"
    )
    assert_nothing_done(manor)


def test_what_was_refused_without_a_transaction_is_refused_again(manor: Estate) -> None:
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use, atomic=False)

    refused = [refuse(manor, "meadow") for _ in range(3)]

    says = "migration meadow.0001_meadow lets app.meadow (trigger t) run app.zz_lend()"
    assert [each.startswith(says) for each in refused] == [True] * 3


def test_code_of_another_app_that_is_mended_later_is_not_held_against_one_that_ends_between(manor: Estate) -> None:
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use)
    between = ("CREATE TABLE auth.zz_between (id int CHECK (id > 0))",)
    manor.write_sql("manor", "0003_between", *between, after=(("meadow", "0001_meadow"),))
    mended = f"ALTER FUNCTION app.zz_lend() {LENT[1]}"
    manor.write_sql("meadow", "0002_more", mended, after=(("manor", "0003_between"),))
    manor.migrate("meadow")

    assert manor.applied[-2:] == ["manor.0003_between", "meadow.0002_more"]


def test_code_that_none_mends_is_missed_at_the_last(manor: Estate) -> None:
    function, use = PLACES[0]
    manor.write_sql("meadow", "0001_meadow", MEADOW, function.format(""), use)
    manor.write_sql("meadow", "0002_more", "SELECT 1")

    assert refuse(manor, "meadow").startswith(
        "migration meadow.0002_more lets app.meadow (trigger t) run app.zz_lend()"
    )
