"""What was changed by hand: `check` names exactly that, the plan mends exactly that, a second plan is empty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from freehold.rights.look import TITLES, find_drift
from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql
DOCS = Path(__file__).resolve().parents[3] / "docs" / "drift.md"

# Damage, what is found, and what the statements say that mend it.
DAMAGES = [
    # Roles
    (
        "ALTER ROLE farm@ CREATEDB",
        "D002 role farm: CONNECTIONS=40 CREATEDB LOGIN; declared: CONNECTIONS=40 LOGIN",
        ["ALTER ROLE farm NOCREATEDB;"],
    ),
    (
        "ALTER ROLE mill@ BYPASSRLS",
        "D002 role mill: BYPASSRLS CONNECTIONS=40 LOGIN; declared: CONNECTIONS=40 LOGIN",
        ["ALTER ROLE mill NOBYPASSRLS;"],
    ),
    ("ALTER ROLE field@ LOGIN", "D002 role field: LOGIN; declared: no attribute", ["ALTER ROLE field NOLOGIN;"]),
    (
        "ALTER ROLE mill@ NOLOGIN",
        "D002 role mill: CONNECTIONS=40; declared: CONNECTIONS=40 LOGIN",
        ["ALTER ROLE mill LOGIN;"],
    ),
    (
        "ALTER ROLE mill@ CONNECTION LIMIT -1",
        "D002 role mill: LOGIN; declared: CONNECTIONS=40 LOGIN",
        ["ALTER ROLE mill CONNECTION LIMIT 40;"],
    ),
    (
        "ALTER ROLE mill@ CONNECTION LIMIT 3 CREATEDB",
        "D002 role mill: CONNECTIONS=3 CREATEDB LOGIN; declared: CONNECTIONS=40 LOGIN",
        ["ALTER ROLE mill CONNECTION LIMIT 40;", "ALTER ROLE mill NOCREATEDB;"],
    ),
    (
        "ALTER ROLE steward@ CONNECTION LIMIT 1",
        "D002 role steward: CONNECTIONS=1 LOGIN; declared: LOGIN",
        ["ALTER ROLE steward CONNECTION LIMIT -1;"],
    ),
    (
        "ALTER ROLE field@ CONNECTION LIMIT 5",
        "D002 role field: CONNECTIONS=5; declared: no attribute",
        ["ALTER ROLE field CONNECTION LIMIT -1;"],
    ),
    (
        "REVOKE wood@ FROM steward@",
        "D003 role steward: no member of wood; declared: may become wood",
        ["GRANT wood TO steward"],
    ),
    (
        "GRANT wood@ TO steward@ WITH ADMIN OPTION",
        "D003 role steward: member of wood with SET, ADMIN; declared: with SET",
        [],
    ),
    (
        "GRANT field@ TO mill@",
        "D004 role mill: member of field with SET; declared: no such membership",
        ["REVOKE field FROM mill"],
    ),
    (
        "GRANT pg_read_all_data TO farm@",
        "D004 role farm: member of pg_read_all_data with SET; declared: no such membership",
        ["REVOKE pg_read_all_data FROM farm"],
    ),
    (
        "ALTER ROLE steward@ IN DATABASE estate@ RESET search_path",
        "D005 role steward: search_path: not set; declared: public",
        ["ALTER ROLE steward IN DATABASE estate SET search_path = public;"],
    ),
    (
        "ALTER ROLE farm@ IN DATABASE estate@ SET search_path = wood, field",
        "D005 role farm: search_path: wood, field; declared: field, public",
        ["ALTER ROLE farm IN DATABASE estate SET search_path = field, public;"],
    ),
    *(
        (
            f"ALTER ROLE farm@ IN DATABASE estate@ {damage}",
            f"D005 role farm: {name}: {held}; declared: {value}",
            [f"ALTER ROLE farm IN DATABASE estate SET {name} = '{value}';"],
        )
        for damage, name, held, value in [
            ("SET statement_timeout = '1ms'", "statement_timeout", "1ms", "60s"),
            ("RESET lock_timeout", "lock_timeout", "not set", "10s"),
            (
                "SET idle_in_transaction_session_timeout = 0",
                "idle_in_transaction_session_timeout",
                "0",
                "60s",
            ),
        ]
    ),
    (
        "ALTER ROLE farm@ SET statement_timeout = '1ms'",
        "D006 role farm: statement_timeout set everywhere: 1ms; declared: no such setting",
        ["ALTER ROLE farm RESET statement_timeout;"],
    ),
    (
        "ALTER ROLE steward@ IN DATABASE estate@ SET lock_timeout = '1s'",
        "D006 role steward: lock_timeout set here: 1s; declared: no such setting",
        ["ALTER ROLE steward IN DATABASE estate RESET lock_timeout;"],
    ),
    (
        "ALTER ROLE farm@ SET row_security = off",
        "D006 role farm: row_security set everywhere: off; declared: no such setting",
        ["ALTER ROLE farm RESET row_security;"],
    ),
    (
        "ALTER ROLE farm@ IN DATABASE estate@ SET freehold.user_id = 'x'",
        "D006 role farm: freehold.user_id set here: x; declared: no such setting",
        ["ALTER ROLE farm IN DATABASE estate RESET freehold.user_id;"],
    ),
    # Schemas and owners
    (
        "ALTER SCHEMA wood OWNER TO postgres",
        "D008 schema wood: owned by postgres; declared: owned by wood",
        ["ALTER SCHEMA wood OWNER TO wood;"],
    ),
    (
        "COMMENT ON SCHEMA field IS 'x'",
        "D009 schema field: comment 'x'; declared: comment 'what grows'",
        ["SET ROLE field; COMMENT ON SCHEMA field IS 'what grows'; RESET ROLE;"],
    ),
    *(
        (
            f"ALTER {kind} {name} OWNER TO postgres",
            f"D011 {label}: owned by postgres; declared: owned by field",
            [f"ALTER {keyword} {label} OWNER TO field;"],
        )
        for kind, keyword, name, label in [
            ("TABLE", "TABLE", "field.plot", "field.plot"),
            ("VIEW", "VIEW", "field.tall", "field.tall"),
            ("SEQUENCE", "SEQUENCE", "field.ticket", "field.ticket"),
            ("FUNCTION", "ROUTINE", "field.area", "field.area(integer)"),
            ("TYPE", "TYPE", "field.crop", "field.crop"),
            ("DOMAIN", "DOMAIN", "field.acre", "field.acre"),
        ]
    ),
    # Rights
    (
        "REVOKE UPDATE, DELETE ON field.plot FROM farm@",
        "D012 field.plot: farm does not hold UPDATE, DELETE; declared: farm holds UPDATE, DELETE",
        ["SET ROLE field; GRANT UPDATE, DELETE ON TABLE field.plot TO farm; RESET ROLE;"],
    ),
    (
        "REVOKE SELECT (keeper) ON field.plot FROM inn@",
        "D012 field.plot: inn does not hold SELECT (keeper); declared: inn holds SELECT (keeper)",
        ["SET ROLE field; GRANT SELECT (keeper) ON TABLE field.plot TO inn; RESET ROLE;"],
    ),
    (
        "REVOKE USAGE ON SCHEMA field FROM farm@",
        "D012 schema field: farm does not hold USAGE; declared: farm holds USAGE",
        ["SET ROLE field; GRANT USAGE ON SCHEMA field TO farm; RESET ROLE;"],
    ),
    (
        "GRANT TRUNCATE, TRIGGER ON wood.tree TO mill@",
        "D013 wood.tree: mill holds TRIGGER, TRUNCATE; declared: no such right",
        ["SET ROLE wood; REVOKE TRIGGER, TRUNCATE ON TABLE wood.tree FROM mill; RESET ROLE;"],
    ),
    (
        "GRANT SELECT (secret), UPDATE (keeper, id) ON field.plot TO inn@",
        "D013 field.plot: inn holds SELECT (secret), UPDATE (id, keeper); declared: no such right",
        [
            "SET ROLE field; REVOKE SELECT (secret) ON TABLE field.plot FROM inn; RESET ROLE;",
            "SET ROLE field; REVOKE UPDATE (id, keeper) ON TABLE field.plot FROM inn; RESET ROLE;",
        ],
    ),
    (
        "GRANT SELECT ON field.plot TO inn@",
        "D013 field.plot: inn holds SELECT; declared: no such right",
        [
            "SET ROLE field; REVOKE SELECT ON TABLE field.plot FROM inn; RESET ROLE;",
            "SET ROLE field; GRANT SELECT (id, keeper) ON TABLE field.plot TO inn; RESET ROLE;",
        ],
    ),
    (
        "GRANT CREATE ON SCHEMA wood TO mill@",
        "D013 schema wood: mill holds CREATE; declared: no such right",
        ["SET ROLE wood; REVOKE CREATE ON SCHEMA wood FROM mill; RESET ROLE;"],
    ),
    (
        "GRANT TEMPORARY ON DATABASE estate@ TO mill@",
        "D013 database estate: mill holds TEMPORARY; declared: no such right",
        ["REVOKE TEMPORARY ON DATABASE estate FROM mill;"],
    ),
    (
        "GRANT UPDATE ON SEQUENCE field.ticket TO farm@",
        "D013 field.ticket: farm holds UPDATE; declared: no such right",
        ["SET ROLE field; REVOKE UPDATE ON SEQUENCE field.ticket FROM farm; RESET ROLE;"],
    ),
    (
        "GRANT SELECT ON field.hedge TO steward@",
        "D013 field.hedge: steward holds SELECT; declared: no such right",
        ["SET ROLE field; REVOKE SELECT ON TABLE field.hedge FROM steward; RESET ROLE;"],
    ),
    (
        "GRANT SELECT ON field.plot TO stranger@",
        "D014 field.plot: stranger holds SELECT; declared: no such right",
        ["SET ROLE field; REVOKE SELECT ON TABLE field.plot FROM stranger; RESET ROLE;"],
    ),
    (
        "GRANT INSERT (keeper) ON field.plot TO stranger@",
        "D014 field.plot: stranger holds INSERT (keeper); declared: no such right",
        ["SET ROLE field; REVOKE INSERT (keeper) ON TABLE field.plot FROM stranger; RESET ROLE;"],
    ),
    (
        "GRANT CONNECT ON DATABASE estate@ TO stranger@",
        "D014 database estate: stranger holds CONNECT; declared: no such right",
        ["REVOKE CONNECT ON DATABASE estate FROM stranger;"],
    ),
    (
        "GRANT SELECT ON sea.fish TO stranger@",
        "D014 sea.fish: stranger holds SELECT; declared: no such right",
        ["SET ROLE sea; REVOKE SELECT ON TABLE sea.fish FROM stranger; RESET ROLE;"],
    ),
    (
        "GRANT SELECT ON field.hedge TO PUBLIC",
        "D015 field.hedge: PUBLIC holds SELECT; declared: no such right",
        ["SET ROLE field; REVOKE SELECT ON TABLE field.hedge FROM PUBLIC; RESET ROLE;"],
    ),
    (
        "GRANT EXECUTE ON FUNCTION field.area TO PUBLIC",
        "D015 field.area(integer): PUBLIC holds EXECUTE; declared: no such right",
        ["SET ROLE field; REVOKE EXECUTE ON ROUTINE field.area(integer) FROM PUBLIC; RESET ROLE;"],
    ),
    (
        "GRANT CONNECT ON DATABASE estate@ TO PUBLIC",
        "D015 database estate: PUBLIC holds CONNECT; declared: no such right",
        ["REVOKE CONNECT ON DATABASE estate FROM PUBLIC;"],
    ),
    (
        "GRANT SELECT ON wood.tree TO mill@ WITH GRANT OPTION",
        "D016 wood.tree: mill holds SELECT and may pass it on; declared: no right to pass it on",
        ["SET ROLE wood; REVOKE GRANT OPTION FOR SELECT ON TABLE wood.tree FROM mill CASCADE; RESET ROLE;"],
    ),
    (
        "REVOKE USAGE ON TYPE field.crop FROM PUBLIC",
        "D012 field.crop: PUBLIC does not hold USAGE; declared: PUBLIC holds USAGE",
        ["SET ROLE field; GRANT USAGE ON TYPE field.crop TO PUBLIC; RESET ROLE;"],
    ),
    (
        "REVOKE INSERT ON field.hedge FROM field@",
        "D017 field.hedge: its owner field lacks INSERT; declared: all rights of an owner",
        ["SET ROLE field; GRANT INSERT ON TABLE field.hedge TO field; RESET ROLE;"],
    ),
    # By default
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE sea@ IN SCHEMA sea REVOKE SELECT ON TABLES FROM mill@",
        "D018 tables that sea makes in sea: mill gets no SELECT; declared: mill gets SELECT",
        ["SET ROLE sea; ALTER DEFAULT PRIVILEGES IN SCHEMA sea GRANT SELECT ON TABLES TO mill; RESET ROLE;"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE field@ REVOKE SELECT ON TABLES FROM field@",
        "D018 tables that field makes: field gets no SELECT; declared: field gets SELECT",
        ["SET ROLE field; ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO field; RESET ROLE;"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE wood@ REVOKE ALL ON SEQUENCES FROM wood@",
        "D018 sequences that wood makes: wood gets no SELECT, UPDATE, USAGE; declared: wood gets SELECT, UPDATE, USAGE",
        ["SET ROLE wood; ALTER DEFAULT PRIVILEGES GRANT SELECT, UPDATE, USAGE ON SEQUENCES TO wood; RESET ROLE;"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE steward@ REVOKE EXECUTE ON FUNCTIONS FROM steward@",
        "D018 functions that steward makes: steward gets no EXECUTE; declared: steward gets EXECUTE",
        ["ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO steward;"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE field@ IN SCHEMA field GRANT SELECT ON TABLES TO farm@",
        "D019 tables that field makes in field: farm gets SELECT; declared: no such default",
        ["SET ROLE field; ALTER DEFAULT PRIVILEGES IN SCHEMA field REVOKE SELECT ON TABLES FROM farm; RESET ROLE;"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE field@ GRANT EXECUTE ON FUNCTIONS TO PUBLIC",
        "D019 functions that field makes: PUBLIC gets EXECUTE; declared: no such default",
        ["SET ROLE field; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC; RESET ROLE;"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA wood GRANT INSERT ON TABLES TO stranger@",
        "D019 tables that postgres makes in wood: stranger gets INSERT; declared: no such default",
        ["ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA wood REVOKE INSERT ON TABLES FROM stranger;"],
    ),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE postgres GRANT INSERT ON TABLES TO mill@",
        "D019 tables that postgres makes: mill gets INSERT; declared: no such default",
        ["ALTER DEFAULT PRIVILEGES FOR ROLE postgres REVOKE INSERT ON TABLES FROM mill;"],
    ),
    # Row security
    (
        "ALTER TABLE field.plot DISABLE ROW LEVEL SECURITY",
        "D020 field.plot: row-level security off, forced; declared: row-level security on, forced",
        ["SET ROLE field; ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY; RESET ROLE;"],
    ),
    (
        "ALTER TABLE field.plot NO FORCE ROW LEVEL SECURITY",
        "D020 field.plot: row-level security on, not forced; declared: row-level security on, forced",
        ["SET ROLE field; ALTER TABLE field.plot FORCE ROW LEVEL SECURITY; RESET ROLE;"],
    ),
    (
        "ALTER TABLE field.hedge ENABLE ROW LEVEL SECURITY",
        "D021 field.hedge: row-level security on, not forced; declared: row-level security off",
        ["SET ROLE field; ALTER TABLE field.hedge DISABLE ROW LEVEL SECURITY; RESET ROLE;"],
    ),
    (
        "DROP POLICY looking ON field.plot",
        "D022 field.plot policy looking: no such policy; declared: SELECT to inn mill using (secret IS NULL)",
        [
            "SET ROLE field; CREATE POLICY looking ON field.plot AS PERMISSIVE FOR SELECT TO inn, mill "
            "USING (secret IS NULL); RESET ROLE;"
        ],
    ),
    *(
        (
            statement,
            f"D023 field.plot policy looking: {found}; declared: SELECT to inn mill using (secret IS NULL)",
            [
                "SET ROLE field; DROP POLICY looking ON field.plot; CREATE POLICY looking ON field.plot AS PERMISSIVE "
                "FOR SELECT TO inn, mill USING (secret IS NULL); RESET ROLE;",
            ],
        )
        for statement, found in [
            ("ALTER POLICY looking ON field.plot USING (true)", "SELECT to inn mill using true"),
            ("ALTER POLICY looking ON field.plot TO inn@", "SELECT to inn using (secret IS NULL)"),
            ("COMMENT ON POLICY looking ON field.plot IS NULL", "SELECT to inn mill using (secret IS NULL)"),
            (
                "DROP POLICY looking ON field.plot; "
                "CREATE POLICY looking ON field.plot AS RESTRICTIVE FOR SELECT TO inn@, mill@ USING (secret IS NULL)",
                "restrictive SELECT to inn mill using (secret IS NULL)",
            ),
        ]
    ),
    (
        "CREATE POLICY all_of_it ON field.plot USING (true)",
        "D024 field.plot policy all_of_it: ALL to PUBLIC using true; declared: no such policy",
        ["SET ROLE field; DROP POLICY all_of_it ON field.plot; RESET ROLE;"],
    ),
    # What shows rows past policies
    (
        "SET ROLE field@; CREATE VIEW field.low AS SELECT id FROM field.plot; GRANT SELECT ON field.low TO farm@",
        "D031 field.low: farm holds SELECT; declared: no such right, since it reads field.plot as its owner, past the "
        "reader's policies: ALTER VIEW field.low SET (security_invoker = true)",
        ["SET ROLE field; REVOKE SELECT ON TABLE field.low FROM farm; RESET ROLE;"],
    ),
    # The history's guard
    (
        "GRANT UPDATE, TRUNCATE ON public.migration_history TO steward@",
        "D027 public.migration_history: its owner steward holds UPDATE, TRUNCATE; declared: no right to rewrite it",
        ["SET ROLE steward; REVOKE UPDATE, TRUNCATE ON TABLE public.migration_history FROM steward; RESET ROLE;"],
    ),
    (
        "GRANT UPDATE (link) ON public.migration_history TO steward@",
        "D027 public.migration_history: its owner steward holds UPDATE; declared: no right to rewrite it",
        ["SET ROLE steward; REVOKE UPDATE ON TABLE public.migration_history FROM steward; RESET ROLE;"],
    ),
    (
        "SET ROLE steward@; REVOKE INSERT ON public.migration_history FROM steward@",
        "D017 public.migration_history: its owner steward lacks INSERT; declared: all rights of an owner",
        ["GRANT INSERT ON TABLE public.migration_history TO steward;"],
    ),
    *(
        (
            statement,
            f"D028 public.migration_history trigger migration_history_{name}append_only: {found}; "
            "declared: refuses what is not an insert",
            [
                "SET ROLE steward; CREATE OR REPLACE FUNCTION public.refuse_history_change() RETURNS trigger",
                "CREATE OR REPLACE TRIGGER migration_history_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON",
            ],
        )
        for statement, name, found in [
            ("DROP TRIGGER migration_history_append_only ON public.migration_history", "", "no such trigger"),
            (
                "ALTER TABLE public.migration_history DISABLE TRIGGER migration_history_rows_append_only",
                "rows_",
                "disabled",
            ),
            (
                "ALTER TABLE public.migration_history ENABLE TRIGGER migration_history_append_only",
                "",
                "enabled, not for replication",
            ),
            (
                "CREATE OR REPLACE TRIGGER migration_history_append_only BEFORE TRUNCATE ON public.migration_history "
                "FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change();"
                "ALTER TABLE public.migration_history ENABLE ALWAYS TRIGGER migration_history_append_only",
                "",
                "CREATE TRIGGER migration_history_append_only BEFORE TRUNCATE ON public.migration_history "
                "FOR EACH STATEMENT EXECUTE FUNCTION public.refuse_history_change()",
            ),
        ]
    ),
    (
        "CREATE TRIGGER swallow BEFORE INSERT ON public.migration_history "
        "FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
        "D028 public.migration_history trigger swallow: CREATE TRIGGER swallow BEFORE INSERT ON "
        "public.migration_history FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger(); "
        "declared: no such trigger",
        ["SET ROLE steward; DROP TRIGGER swallow ON public.migration_history; RESET ROLE;"],
    ),
    # Foreign objects
    (
        "CREATE TYPE wood.leaf AS (x int)",
        "D011 wood.leaf: owned by postgres; declared: owned by wood",
        ["ALTER TYPE wood.leaf OWNER TO wood;"],
    ),
]
LEFT = {"CREATE TYPE wood.leaf AS (x int)": "DROP TYPE wood.leaf"}


@pytest.mark.parametrize(("damage", "finding", "hints"), DAMAGES, ids=[damage[0] for damage in DAMAGES])
def test_damage_is_named_exactly_and_mended_exactly(damage: str, finding: str, hints: list[str], made: Estate) -> None:
    made.execute(damage)
    (found,) = made.check()
    plan = made.plan()
    made.execute_script(plan)

    assert made.plain(f"{found.rule} {found.object}: {found.message}") == finding
    for hint in hints:
        assert hint in made.plain(found.hint).replace('"', "")
    assert (made.tell(), made.plan()) == ([], "")
    if damage in LEFT:
        made.execute(LEFT[damage])


def test_function_of_the_guard_that_does_nothing_is_two_findings(made: Estate) -> None:
    made.execute(
        "CREATE OR REPLACE FUNCTION public.refuse_history_change() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NEW; END'"
    )

    found = made.tell()
    made.execute_script(made.plan())

    assert found == [
        f"D028 public.migration_history trigger migration_history_{name}append_only: its function is another; "
        "declared: refuses what is not an insert"
        for name in ("", "rows_")
    ]
    assert made.tell() == []


BORROWED = """
    SET ROLE field@;
    CREATE FUNCTION field.lend() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE CONSTRAINT TRIGGER lend AFTER INSERT ON field.hedge DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION field.lend();
    REVOKE ALL ON FUNCTION field.lend() FROM PUBLIC;
    GRANT EXECUTE ON FUNCTION field.lend() TO farm@;
"""
UNBORROWED = "DROP TRIGGER lend ON field.hedge; DROP FUNCTION field.lend()"


def test_code_that_runs_as_whoever_writes_is_named_and_silent_once_it_runs_as_its_owner(made: Estate) -> None:
    made.execute(BORROWED)
    (found,) = made.check(anew=False)
    mended = "ALTER ROUTINE field.lend() SECURITY DEFINER SET search_path = pg_catalog, pg_temp"

    assert made.plain(f"{found.rule} {found.object}: {found.message}") == (
        "D040 field.hedge (trigger lend): runs field.lend() with the rights of whoever uses it; "
        "declared: its owner's rights"
    )
    assert made.plain(found.hint) == (
        f'{mended}, as the owner of its schema; or let it run: lets_run=("lend()",) of Schema("field")'
    )
    made.execute(mended)
    assert made.check(anew=False) == []
    made.execute("ALTER ROUTINE field.lend() OWNER TO postgres")
    assert [each[:4] for each in made.tell()] == ["D011", "D040"]
    made.execute(UNBORROWED)


def test_code_that_the_map_lets_run_is_silent(made: Estate) -> None:
    made.execute(BORROWED)
    schemas = [replace(each, lets_run=("lend()",)) if each.name == "field" else each for each in made.ownership.schemas]
    with made.connect() as session:
        found = find_drift(session, replace(made.ownership, schemas=tuple(schemas)), anew=True)
    made.execute(UNBORROWED)

    assert found == []


def test_every_rule_has_its_entry() -> None:
    headings = [line[3:] for line in DOCS.read_text().splitlines() if line.startswith("## D")]

    assert headings == list(TITLES)


def test_every_rule_is_broken_and_mended_here() -> None:
    shown = {finding.partition(" ")[0] for _, finding, _ in DAMAGES}

    elsewhere = {"D001", "D007", "D010", "D025", "D026", "D029", "D030", "D032", "D033", "D034", "D035", "D040", "D041"}
    assert set(TITLES) - shown == elsewhere
