"""What depends on a table that goes to another owner is named and the move refused, or goes on working."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import psycopg
import pytest
from django.db import connections
from pytest_django.fixtures import Settings

from freehold.acting.logins import using_login
from freehold.errors import MigrationError
from freehold.management.commands.movetable import iter_dependents
from freehold.ownership import Contract
from freehold.ownership.lookup import load_ownership
from tests.freehold.migrator.estates import ALIAS
from tests.freehold.operations.moving import maps
from tests.freehold.operations.moving.estates import MOVE, MovingEstate

pytestmark = pytest.mark.postgresql
MAPS = "tests.freehold.operations.moving.maps"
READ = 'Contract("app", consumer="public", read={"runs": ("note",)}) in the ownership map, or drop the '
OWNER = "moving_migrator"
# name: what is made as the old owner, what is said of it, what mends it.
CASES: dict[str, tuple[str, list[str], str]] = {
    "view": (
        "CREATE VIEW public.runs_v AS SELECT note FROM public.runs",
        [f"view public.runs_v, by which {OWNER} has SELECT (note)"],
        "DROP VIEW public.runs_v",
    ),
    "view that counts": (
        "CREATE VIEW public.runs_v AS SELECT count(*) FROM public.runs",
        [f"view public.runs_v, by which {OWNER} has SELECT"],
        "DROP VIEW public.runs_v",
    ),
    "materialized view behind views": (
        "CREATE VIEW public.runs_a AS SELECT note FROM public.runs; CREATE VIEW public.runs_b WITH (security_invoker) "
        "AS SELECT note FROM public.runs_a; CREATE MATERIALIZED VIEW public.runs_c AS SELECT note FROM public.runs_b",
        [
            f"view public.runs_a, by which {OWNER} has SELECT (note)",
            "view public.runs_b (through public.runs_a)",
            "materialized view public.runs_c (through public.runs_b)",
        ],
        "DROP VIEW public.runs_a CASCADE",
    ),
    "invoker view in a materialized view": (
        "CREATE VIEW public.runs_a WITH (security_invoker) AS SELECT note FROM public.runs; "
        "CREATE MATERIALIZED VIEW public.runs_b AS SELECT note FROM public.runs_a",
        [
            "view public.runs_a, by which moving_audit_rw has SELECT (note)",
            f"view public.runs_a, by which {OWNER} has SELECT (note)",
            "view public.runs_a, by which moving_web_rw has SELECT (note)",
            "materialized view public.runs_b (through public.runs_a)",
        ],
        "DROP VIEW public.runs_a CASCADE",
    ),
    "view that is written": (
        "CREATE VIEW public.runs_v AS SELECT id, note FROM public.runs;"
        "GRANT INSERT ON public.runs_v TO moving_guest_rw",
        [f"view public.runs_v, by which {OWNER} has SELECT (id, note) and INSERT"],
        "DROP VIEW public.runs_v",
    ),
    "rule of another table": (
        "CREATE RULE runs_also AS ON INSERT TO public.steps DO ALSO UPDATE public.runs SET seen = 1 WHERE id = 1",
        [f"rule runs_also of public.steps, by which {OWNER} has SELECT (id, seen) and UPDATE"],
        "DROP RULE runs_also ON public.steps",
    ),
    "rule of its own": (
        "CREATE RULE runs_own AS ON INSERT TO public.runs DO ALSO DELETE FROM public.steps WHERE id = 0",
        ["rule runs_own reaches public.steps by the rights of public.runs's owner"],
        "DROP RULE runs_own ON public.runs",
    ),
    "policy of another table": (
        "CREATE POLICY runs_ask ON public.steps FOR SELECT TO moving_guest_rw "
        "USING (EXISTS (SELECT FROM public.runs r WHERE r.id = run_id AND r.seen > 0))",
        ["policy runs_ask of public.steps, by which moving_guest_rw has SELECT (id, seen)"],
        "DROP POLICY runs_ask ON public.steps",
    ),
    "function with a body of SQL": (
        "CREATE FUNCTION public.runs_count() RETURNS bigint SECURITY DEFINER SET search_path = pg_catalog, pg_temp "
        "BEGIN ATOMIC SELECT count(seen) FROM public.runs; END",
        [f"function public.runs_count(), by which {OWNER} has SELECT (seen)"],
        "DROP FUNCTION public.runs_count()",
    ),
    "function that writes": (
        "CREATE FUNCTION public.runs_clear() RETURNS void SECURITY DEFINER SET search_path = pg_catalog, pg_temp "
        "BEGIN ATOMIC DELETE FROM public.runs; END",
        [f"function public.runs_clear(), by which {OWNER} has DELETE"],
        "DROP FUNCTION public.runs_clear()",
    ),
    "trigger": (
        "CREATE FUNCTION public.runs_touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
        "CREATE TRIGGER runs_touch BEFORE UPDATE ON public.runs FOR EACH ROW EXECUTE FUNCTION public.runs_touch()",
        ["trigger runs_touch runs function public.runs_touch(), which stays with moving_migrator"],
        "DROP FUNCTION public.runs_touch() CASCADE",
    ),
    "default": (
        "CREATE FUNCTION public.runs_kind() RETURNS text RETURN 'a'; "
        "ALTER TABLE public.runs ALTER kind SET DEFAULT public.runs_kind()",
        ["column kind runs function public.runs_kind(), which stays with moving_migrator"],
        "ALTER TABLE public.runs ALTER kind SET DEFAULT 'import'; DROP FUNCTION public.runs_kind()",
    ),
    "check": (
        "CREATE FUNCTION public.runs_is(text) RETURNS boolean IMMUTABLE RETURN true; "
        "ALTER TABLE public.runs ADD CONSTRAINT runs_is CHECK (public.runs_is(kind))",
        ["constraint runs_is runs function public.runs_is(text), which stays with moving_migrator"],
        "DROP FUNCTION public.runs_is(text) CASCADE",
    ),
    "partition": (
        "DROP TABLE public.steps; ALTER TABLE public.runs ALTER id DROP IDENTITY;"
        "CREATE TABLE public.runs_whole (LIKE public.runs) PARTITION BY RANGE (id); "
        "ALTER TABLE public.runs_whole ATTACH PARTITION public.runs FOR VALUES FROM (0) TO (99)",
        ["public.runs is a partition of public.runs_whole"],
        "ALTER TABLE public.runs_whole DETACH PARTITION public.runs; DROP TABLE public.runs_whole",
    ),
    "heir": (
        "CREATE TABLE public.runs_more () INHERITS (public.runs)",
        ["public.runs is its child public.runs_more"],
        "DROP TABLE public.runs_more",
    ),
    "sequence of another table": (
        "CREATE SEQUENCE public.runs_number;"
        "ALTER TABLE public.runs ALTER seen SET DEFAULT nextval('public.runs_number')",
        ["column seen draws from sequence public.runs_number, which stays with moving_migrator"],
        "ALTER SEQUENCE public.runs_number OWNED BY public.runs.seen",
    ),
    "its own sequence": (
        "CREATE SEQUENCE public.runs_seq OWNED BY public.runs.seen; "
        "ALTER TABLE public.steps ALTER id DROP IDENTITY, ALTER id SET DEFAULT nextval('public.runs_seq')",
        ["column id of public.steps draws from sequence public.runs_seq, which goes along"],
        "ALTER TABLE public.steps ALTER id DROP DEFAULT",
    ),
    "row type": (
        "ALTER TABLE public.steps ADD was public.runs",
        ["column was of public.steps has the row type of public.runs"],
        "ALTER TABLE public.steps DROP was",
    ),
}
TYPES = {
    "enum": ("CREATE TYPE public.runs_type AS ENUM ('a')", "public.runs_type"),
    "array of an enum": ("CREATE TYPE public.runs_type AS ENUM ('a')", "public.runs_type[]"),
    "domain": ("CREATE DOMAIN public.runs_type AS text", "public.runs_type"),
    "composite": ("CREATE TYPE public.runs_type AS (street text)", "public.runs_type"),
    "multirange": (
        "CREATE TYPE public.runs_type AS RANGE (subtype = int4, multirange_type_name = runs_types)",
        "public.runs_types",
    ),
}


@pytest.fixture(autouse=True)
def tidy(estate: MovingEstate) -> Iterator[None]:
    """Take away what the estate does not know of."""
    yield
    estate.clear()
    estate.query("DROP PUBLICATION IF EXISTS runs_pub")
    estate.query("DROP TYPE IF EXISTS public.runs_type CASCADE")
    estate.query("DROP SEQUENCE IF EXISTS public.runs_number")
    for (function,) in estate.query("SELECT oid::regprocedure::text FROM pg_proc WHERE proname ~ '^runs_'"):
        estate.query(f"DROP FUNCTION {function} CASCADE")


def use(settings: Settings, patch: pytest.MonkeyPatch, *contracts: Contract) -> None:
    """Let the map move the table, without a view, and have these contracts."""
    changed = replace(
        maps.make_map(maps.move_runs(until=None), maps.DOOR, maps.JOBS), contracts=contracts, prefix="moving_"
    )
    patch.setattr(maps, "CHOSEN", changed, raising=False)
    settings.OWNERSHIP = f"{MAPS}.CHOSEN"
    load_ownership.cache_clear()


def refuse(estate: MovingEstate, *arguments: str) -> str:
    """Give why the move is refused; nothing has moved."""
    with pytest.raises(MigrationError) as caught:
        estate.migrate("meadow", *arguments)
    return str(caught.value)


def make(estate: MovingEstate, settings: Settings, patch: pytest.MonkeyPatch, statements: str) -> None:
    """Make the table and what depends on it."""
    estate.make_runs()
    estate.query(f"SET ROLE {OWNER}; {statements}")
    use(settings, patch)
    estate.write_move(MOVE.replace("),", ", view=False),"))


@pytest.mark.parametrize("case", CASES)
def test_what_depends_on_it_is_named_and_refused_until_it_is_mended(
    case: str, estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements, named, mended = CASES[case]
    make(estate, settings, monkeypatch, statements)

    message = refuse(estate)
    estate.query(f"SET ROLE {OWNER}; {mended}")
    left = [name for name, *_ in estate.list_names() if name == "app.runs"]
    estate.migrate("meadow")

    begin = "public.runs can't become app.runs, since what depends on it would fail or change: "
    assert message.startswith(f"{begin}{'; '.join(named)}. The way out: ")
    assert message.endswith("; nothing of the migration was applied")
    assert left == []
    assert estate.as_login("api", "SELECT count(*) FROM app.runs") == [(3,)]


@pytest.mark.parametrize("case", TYPES)
def test_type_of_the_old_schema_wants_a_contract(
    case: str, estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, column = TYPES[case]
    make(estate, settings, monkeypatch, f"{made}; ALTER TABLE public.runs ADD mark {column}")

    message = refuse(estate)
    use(settings, monkeypatch, Contract("public", consumer="app", use=("runs_type",)))
    estate.migrate("meadow")

    assert "column mark has the type public.runs_type. The way out: Contract(" in message
    assert 'Contract("public", consumer="app", use=("runs_type",)) in the ownership map' in message
    assert estate.query(f"SET ROLE moving_app_owner; ALTER TABLE app.runs ADD second {column}") == []


def test_publication_is_named(estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    make(estate, settings, monkeypatch, "SELECT 1")
    estate.query("CREATE PUBLICATION runs_pub FOR TABLE public.runs")

    message = refuse(estate)
    estate.query("ALTER PUBLICATION runs_pub DROP TABLE public.runs")
    estate.query("ALTER PUBLICATION runs_pub ADD TABLES IN SCHEMA app")
    again = refuse(estate)

    assert "publication runs_pub publishes it. The way out: " in message
    assert "publication runs_pub publishes all of schema app. The way out: " in again


def test_contract_lets_views_of_any_depth_go_on(
    estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements = CASES["materialized view behind views"][0]
    make(estate, settings, monkeypatch, f"{statements}; GRANT SELECT ON public.runs_a TO moving_guest_rw")
    message = refuse(estate)

    use(settings, monkeypatch, Contract("app", consumer="public", read={"runs": ("note",)}))
    estate.migrate("meadow")

    assert f"The way out: {READ}view public.runs_a in a migration before; nothing of the migration" in message
    assert estate.query(f"SET ROLE {OWNER}; REFRESH MATERIALIZED VIEW public.runs_c") == []
    assert estate.as_login("web", "SELECT count(*) FROM public.runs_a") == [(3,)]


def test_key_of_another_table_goes_on(
    estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(estate, settings, monkeypatch, "INSERT INTO public.steps (run_id) VALUES (1)")

    estate.migrate("meadow")

    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        estate.as_login("web", "INSERT INTO public.steps (run_id) VALUES (99)")
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        estate.as_login("api", "DELETE FROM app.runs WHERE id = 1")


def test_invoker_view_goes_by_who_reads_it(
    estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(
        estate,
        settings,
        monkeypatch,
        "CREATE VIEW public.runs_v WITH (security_invoker) AS SELECT note FROM public.runs",
    )

    message = refuse(estate)
    contracts = [Contract("app", consumer=name, read={"runs": ("note",)}) for name in ("web", "audit")]
    use(settings, monkeypatch, *contracts)
    estate.migrate("meadow")

    assert "view public.runs_v, by which moving_audit_rw has SELECT (note)" in message
    assert "view public.runs_v, by which moving_web_rw has SELECT (note)" in message
    assert estate.as_login("web", "SELECT count(*) FROM public.runs_v") == [(3,)]


def test_way_down_names_what_the_new_owner_made(
    estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(estate, settings, monkeypatch, "SELECT 1")
    estate.migrate("meadow")
    estate.query("SET ROLE moving_app_owner; CREATE VIEW app.runs_v AS SELECT note FROM app.runs")

    message = refuse(estate, "zero")

    assert message.startswith(
        "app.runs can't become public.runs, since what depends on it would fail or change: view app.runs_v, by which "
        "moving_app_owner has SELECT (note). The way out: "
    )
    estate.query(f"DROP VIEW app.runs_v; ALTER TABLE app.runs OWNER TO {OWNER}")  # before 16 an admin's part
    estate.migrate("meadow", "zero")
    assert ("public.runs", "r", OWNER) in estate.list_names()


def test_command_names_beforehand_what_depends_on_the_table(
    estate: MovingEstate, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(estate, settings, monkeypatch, f"CREATE TYPE public.runs_type AS ENUM ('a'); {CASES['view'][0]}")
    estate.query(f"SET ROLE {OWNER}; ALTER TABLE public.runs ADD mark public.runs_type")
    ownership = maps.make_map(maps.DOOR)

    ((key,),) = estate.query(
        "SELECT conname FROM pg_constraint WHERE conrelid = 'public.steps'::regclass AND contype = 'f'"
    )

    with using_login(connections[ALIAS], "moving_web_rw"):
        steps = list(iter_dependents(connections[ALIAS], ownership, maps.move_runs()))

    assert steps == [
        f'View public.runs_v, by which {OWNER} has SELECT (note): Contract("app", consumer="public", '
        'read={"runs": ("note",)}) in the ownership map, or drop the view public.runs_v in a migration before',
        f'Foreign key {key} of public.steps goes on: Contract("app", consumer="public", reference=…), without '
        "which no other such key can be made",
        'Column mark has the type public.runs_type: Contract("public", consumer="app", use=("runs_type",)) in the '
        "ownership map",
    ]


def test_command_says_that_it_could_not_look(estate: MovingEstate) -> None:
    with using_login(connections[ALIAS], "moving_nobody"):
        (step,) = iter_dependents(connections[ALIAS], maps.NONE, maps.move_runs())

    assert step.startswith(
        "What depends on the table was not looked for, and migrate will refuse it: the database says "
    )
