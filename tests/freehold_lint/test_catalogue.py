"""Each rule about the catalogue, on a real server: broken, reported, mended, silent again."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from freehold.ownership import Contract
from freehold_lint.catalogue import RULES, read_catalogue
from tests.freehold_lint.conftest import Estate

pytestmark = pytest.mark.postgresql

ME = "(SELECT nullif(current_setting('freehold.user_id', true), '')::int)"
SECURE = "ALTER TABLE field.plot ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;"
OWN = f"CREATE POLICY own ON field.plot FOR SELECT TO farm@ USING (farmer = {ME});"
# name: what breaks it, what is said, what mends it. All else in the database is as it should be.
CASES: dict[str, tuple[str, list[str], str]] = {
    "L001": (
        "SET LOCAL ROLE field@; ALTER TABLE field.plot ADD part_of int CONSTRAINT part_fk REFERENCES field.plot;"
        "CREATE INDEX half_idx ON field.plot (part_of) WHERE farmer > 0",
        [
            "L001 field.plot (part_of): no index begins with the columns of the foreign key part_fk: each delete over "
            "there reads this whole table."
        ],
        "CREATE INDEX part_idx ON field.plot (part_of) WHERE part_of IS NOT NULL",
    ),
    "L002": (
        "CREATE INDEX again_idx ON field.plot (farmer); CREATE INDEX other_idx ON field.plot (farmer DESC)",
        ["L002 field.plot (again_idx, plot_farmer_idx): these indexes hold the same, and each write pays for each."],
        "DROP INDEX field.again_idx",
    ),
    "L003": (
        "SET LOCAL ROLE wood@; CREATE TABLE wood.log (id int)",
        ["L003 wood.log: the table has no primary key: a row can't be named, and logical replication can't update it."],
        "ALTER TABLE wood.log ADD PRIMARY KEY (id)",
    ),
    "L004": (
        "UPDATE pg_catalog.pg_index SET indisvalid = false WHERE indexrelid = 'field.plot_farmer_idx'::regclass",
        [
            "L004 field.plot_farmer_idx: the index of field.plot is invalid: CREATE INDEX CONCURRENTLY failed. It is "
            "written to and never read."
        ],
        "UPDATE pg_catalog.pg_index SET indisvalid = true WHERE indexrelid = 'field.plot_farmer_idx'::regclass",
    ),
    "L005": (
        "SET LOCAL ROLE wood@; CREATE SEQUENCE wood.tree_id_seq OWNED BY wood.tree.id;"
        "SELECT setval('wood.tree_id_seq', 2000000000)",
        ["L005 wood.tree_id_seq: the sequence has given 2000000000 of 2147483647."],
        "ALTER TABLE wood.tree ALTER id TYPE bigint",
    ),
    "L006": (
        "CREATE SCHEMA attic; CREATE TABLE attic.box (id int PRIMARY KEY)",
        [
            "L006 attic: the ownership map does not have this schema, and 1 tables, views or sequences lie in it, such "
            "as box."
        ],
        "DROP TABLE attic.box",
    ),
    "L007": (
        "CREATE TABLE wood.log (id int PRIMARY KEY); CREATE TYPE wood.kind AS ENUM ('oak');"
        "CREATE FUNCTION wood.count() RETURNS int RETURN 1; REVOKE ALL ON FUNCTION wood.count FROM PUBLIC;"
        "CREATE VIEW wood.low WITH (security_invoker) AS SELECT id FROM wood.tree",
        [
            "L007 wood.log: this table belongs to postgres, and the ownership map says wood.",
            "L007 wood.low: this view belongs to postgres, and the ownership map says wood.",
            "L007 wood.count(): this function belongs to postgres, and the ownership map says wood.",
            "L007 wood.kind: this type belongs to postgres, and the ownership map says wood.",
        ],
        "ALTER TABLE wood.log OWNER TO wood@; ALTER VIEW wood.low OWNER TO wood@; ALTER TYPE wood.kind OWNER TO wood@;"
        "ALTER FUNCTION wood.count OWNER TO wood@",
    ),
    "L008": (
        "UPDATE pg_catalog.pg_extension SET extnamespace = 'public'::regnamespace",  # there may be no other to create
        ["L008 plpgsql: the extension's functions and operators lie in public, which search paths hold."],
        "UPDATE pg_catalog.pg_extension SET extnamespace = 'pg_catalog'::regnamespace",
    ),
    "L009": (
        "SELECT lo_create(4711)",
        [
            "L009 postgres: 1 large objects belong to this role: they lie in no schema, so that the map says nothing "
            "about them."
        ],
        "SELECT lo_unlink(4711)",
    ),
    "L010": (
        OWN,
        ["L010 field.plot: the table has 1 policies, and row-level security is off: none of them holds."],
        SECURE,
    ),
    "L011": (
        f"{SECURE} CREATE POLICY own ON field.plot AS RESTRICTIVE FOR SELECT TO farm@ USING (farmer = {ME})",
        [
            "L011 field.plot: row-level security is on, and no permissive policy is there: nobody sees a row.",
        ],
        "CREATE POLICY owner ON field.plot TO field@ USING (true)",
    ),
    "L012": (
        f"{SECURE} {OWN} ALTER TABLE field.plot NO FORCE ROW LEVEL SECURITY",
        ["L012 field.plot: row-level security does not hold for the table's owner."],
        SECURE,
    ),
    "L013": (
        f"{SECURE} CREATE POLICY own ON field.plot FOR SELECT USING (farmer = {ME})",
        ["L013 field.plot (own): the policy is TO PUBLIC: it holds for every role that ever gets a grant."],
        "ALTER POLICY own ON field.plot TO farm@",
    ),
    "L014": (
        f"{SECURE} CREATE POLICY own ON field.plot FOR UPDATE TO farm@, field@ USING (farmer = {ME}) WITH CHECK (true);"
        "CREATE POLICY more ON field.plot FOR INSERT TO mill@ WITH CHECK (true OR crop = 'OR true');"
        "CREATE POLICY owner ON field.plot TO field@ USING (true) WITH CHECK (true)",
        [
            "L014 field.plot (more): for INSERT the policy holds for every row, so that mill may write any.",
            "L014 field.plot (own): for UPDATE the policy holds for every row, so that farm may write any.",
        ],
        f"ALTER POLICY own ON field.plot WITH CHECK (farmer = {ME});"
        f"ALTER POLICY more ON field.plot WITH CHECK (farmer = {ME} OR crop = 'OR true');"
        "CREATE POLICY back_office ON field.plot FOR DELETE TO mill@ USING (true)",
    ),
    "L015": (
        f"{SECURE} {OWN} CREATE POLICY old ON field.plot TO farm@ USING (farmer = {ME} AND crop = 'rye')",
        [
            "L015 field.plot (farm): for SELECT the policies old, own all hold, and each row is looked at by each.",
        ],
        "ALTER POLICY own ON field.plot TO mill@",
    ),
    "L016": (
        f"{SECURE} CREATE POLICY own ON field.plot FOR SELECT TO farm@ USING (EXISTS (SELECT FROM wood.tree AS t "
        f"WHERE t.id = current_setting('freehold.user_id', true)::int) OR crop = '( SELECT' OR farmer = {ME})",
        ["L016 field.plot (own): current_setting is called for each row and gives the same each time."],
        "DROP POLICY own ON field.plot; CREATE POLICY own ON field.plot FOR SELECT TO farm@ USING (EXISTS (SELECT FROM "
        f"wood.tree AS t WHERE t.id = {ME}))",
    ),
    "L017": (
        f"{SECURE} CREATE POLICY own ON field.plot FOR SELECT TO farm@ USING (crop = {ME}::text OR farmer IN (SELECT "
        f"t.id FROM wood.tree AS t WHERE t.height = {ME}))",
        [
            "L017 field.plot (own): no index begins with field.plot (crop), wood.tree (height), which the policy looks "
            "rows up by."
        ],
        "CREATE INDEX crop_idx ON field.plot (crop, farmer); CREATE INDEX height_idx ON wood.tree (height)",
    ),
    "L018": (
        f"{SECURE} CREATE POLICY own ON field.plot FOR SELECT TO farm@ USING (farmer = {ME} AND "
        "crop = (SELECT current_user::text) OR crop = 'current_user'); CREATE INDEX crop_idx ON field.plot (crop)",
        [
            "L018 field.plot (own): the policy compares with the database's user, which is the same for everyone a "
            "service acts for."
        ],
        f"ALTER POLICY own ON field.plot USING (farmer = {ME} AND crop = 'current_user')",
    ),
    "L019": (
        f"{SECURE} CREATE POLICY own ON field.plot FOR SELECT TO farm@ USING "
        "(farmer = (SELECT current_setting('freehold.user_id')::int))",
        [
            "L019 field.plot (own): current_setting without its second argument is an error where nothing was set.",
        ],
        f"ALTER POLICY own ON field.plot USING (farmer = {ME})",
    ),
    "L020": (
        "SET LOCAL ROLE field@; CREATE FUNCTION field.is_open(int) RETURNS bool LANGUAGE sql "
        "SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT $1 > 0'; "
        "REVOKE ALL ON FUNCTION field.is_open FROM PUBLIC;"
        f"{SECURE} CREATE POLICY own ON field.plot FOR SELECT TO farm@ USING (field.is_open(farmer))",
        [
            "L020 field.plot (own): field.is_open(integer) is VOLATILE: it runs for each row and may say something "
            "else each time."
        ],
        "ALTER FUNCTION field.is_open STABLE",
    ),
    "L021": (
        "SET LOCAL ROLE wood@; CREATE FUNCTION wood.count(int) RETURNS int LANGUAGE sql AS 'SELECT $1';"
        "CREATE FUNCTION wood.bound() RETURNS int RETURN 1; REVOKE ALL ON ALL FUNCTIONS IN SCHEMA wood FROM PUBLIC",
        [
            "L021 wood.count(integer): no search_path is pinned: names in the body mean what the caller's search_path "
            "says."
        ],
        "ALTER FUNCTION wood.count SET search_path = ''",
    ),
    "L022": (
        "SET LOCAL ROLE wood@; CREATE FUNCTION wood.count() RETURNS int LANGUAGE sql SECURITY DEFINER "
        "SET search_path = '' AS 'SELECT 1'; REVOKE ALL ON FUNCTION wood.count FROM PUBLIC",
        [
            'L022 wood.count(): it runs with its owner\'s rights, and its search_path ("") does not end in pg_temp: a '
            "caller's temporary table takes a real one's place."
        ],
        "ALTER FUNCTION wood.count SET search_path = pg_catalog, pg_temp",
    ),
    "L023": (
        "SET LOCAL ROLE wood@; CREATE FUNCTION wood.count() RETURNS int LANGUAGE sql SECURITY DEFINER "
        "SET search_path = pg_catalog, pg_temp AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION wood.count TO PUBLIC",
        ["L023 wood.count(): it runs with its owner's rights, and PUBLIC may execute it."],
        "REVOKE EXECUTE ON FUNCTION wood.count FROM PUBLIC",
    ),
    "L024": (
        "SET LOCAL ROLE wood@; CREATE PROCEDURE wood.fell() BEGIN ATOMIC SELECT 1; END;"
        "GRANT EXECUTE ON PROCEDURE wood.fell TO PUBLIC",
        ["L024 wood.fell(): PUBLIC may execute it."],
        "REVOKE EXECUTE ON PROCEDURE wood.fell FROM PUBLIC",
    ),
    "L025": (
        "CREATE FUNCTION wood.count() RETURNS int LEAKPROOF RETURN 1; ALTER FUNCTION wood.count OWNER TO wood@;"
        "REVOKE ALL ON FUNCTION wood.count FROM PUBLIC",
        ["L025 wood.count(): it is LEAKPROOF: the planner may run it on rows that a policy hides."],
        "ALTER FUNCTION wood.count NOT LEAKPROOF",
    ),
    "L026": (
        "SET LOCAL ROLE wood@; CREATE VIEW wood.low WITH (security_invoker = off) AS SELECT id FROM wood.tree",
        ["L026 wood.low: the view reads with its owner's rights, past the reader's grants and policies."],
        "ALTER VIEW wood.low SET (security_invoker = on)",
    ),
    "L027": (
        "SET LOCAL ROLE wood@; CREATE MATERIALIZED VIEW wood.low AS SELECT id FROM wood.tree;"
        "REVOKE ALL ON wood.low FROM mill@; GRANT SELECT (id) ON wood.low TO farm@",
        ["L027 wood.low: farm may read this materialized view, and no policy holds on it."],
        "REVOKE SELECT (id) ON wood.low FROM farm@",
    ),
    "L028": (
        "SET LOCAL ROLE field@; ALTER TABLE field.plot ADD gate_token text, ADD token_count int;"
        "GRANT SELECT ON field.plot TO mill@, farm@",
        ["L028 field.plot (gate_token): mill may read this column, and its name says that it holds a secret."],
        "REVOKE SELECT ON field.plot FROM mill@; GRANT SELECT (id, token_count) ON field.plot TO mill@",
    ),
    "L029": (
        "SET LOCAL ROLE wood@; CREATE FUNCTION wood.note() RETURNS trigger LANGUAGE plpgsql "
        "SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NULL; END';"
        "REVOKE ALL ON FUNCTION wood.note FROM PUBLIC;"
        "CREATE TRIGGER note AFTER INSERT ON wood.tree FOR EACH ROW EXECUTE FUNCTION wood.note()",
        [
            "L029 wood.tree (trigger note): it runs wood.note(), which is not SECURITY DEFINER with a search_path: "
            "with the rights of whoever asks."
        ],
        "ALTER ROUTINE wood.note() SECURITY DEFINER SET search_path = pg_catalog, pg_temp",
    ),
    "L030": (
        "GRANT REFERENCES ON wood.tree TO field@; GRANT USAGE ON SCHEMA wood TO field@; SET LOCAL ROLE field@;"
        "ALTER TABLE field.plot ADD tree int CONSTRAINT tree_fk REFERENCES wood.tree;"
        "CREATE INDEX tree_idx ON field.plot (tree)",
        [
            "L030 field.plot (tree_fk): the foreign key points at wood.tree (id), and no contract lets field reference "
            "id."
        ],
        "ALTER TABLE field.plot DROP CONSTRAINT tree_fk",
    ),
    "L031": (
        "GRANT USAGE ON SCHEMA wood TO field@; SET LOCAL ROLE field@; CREATE VIEW field.shade "
        "WITH (security_invoker) AS SELECT t.id FROM wood.tree AS t, "
        "field.plot WHERE t.height > 3",
        ["L031 field.shade: the view reads wood.tree (height, id), which no contract shares with field or farm."],
        "DROP VIEW field.shade",
    ),
    "L032": (
        "SET LOCAL ROLE wood@; CREATE FUNCTION wood.note() RETURNS trigger LANGUAGE plpgsql "
        "SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'BEGIN RETURN NULL; END';"
        "REVOKE ALL ON FUNCTION wood.note FROM PUBLIC;"
        "RESET ROLE; CREATE TRIGGER note AFTER INSERT ON field.plot FOR EACH ROW EXECUTE FUNCTION wood.note()",
        [
            "L032 field.plot (note): the trigger runs wood.note(): another owner's code decides what this table's rows "
            "become."
        ],
        "DROP TRIGGER note ON field.plot",
    ),
    "L034": (
        "SET LOCAL ROLE wood@; CREATE TYPE wood.kind AS ENUM ('oak'); CREATE DOMAIN wood.girth AS int;"
        "GRANT USAGE ON SCHEMA wood TO field@; SET LOCAL ROLE field@;"
        "ALTER TABLE field.plot ADD kinds wood.kind[]; ALTER TABLE field.plot ADD girth wood.girth",
        [
            "L034 field.plot (girth): the column has the type wood.girth, and no contract lets field use it.",
            "L034 field.plot (kinds): the column has the type wood.kind, and no contract lets field use it.",
        ],
        "ALTER TABLE field.plot DROP girth; ALTER TABLE field.plot DROP kinds",
    ),
}


def test_every_rule_has_a_case() -> None:
    assert list(CASES) == [rule.id for rule in RULES]


@pytest.mark.parametrize("rule", CASES)
def test_rule_is_broken_reported_mended_and_silent(rule: str, estate: Estate) -> None:
    broken, said, mended = CASES[rule]
    assert estate.tell() == []

    estate.run(broken)
    assert estate.tell() == said

    estate.run(f"RESET ROLE; {mended}")
    assert estate.tell() == []


def test_every_login_may_look(estate: Estate) -> None:
    estate.run(CASES["L007"][0])
    said = estate.tell()

    estate.run("SET LOCAL ROLE mill@")

    assert estate.tell() == said


def test_number_of_queries_is_fixed(estate: Estate) -> None:
    class Counter:
        """Counts what is sent to the cursor it stands before."""

        def __init__(self, cursor: psycopg.Cursor) -> None:
            self.cursor, self.count = cursor, 0

        def execute(self, query: str, params: object) -> None:
            self.count += 1
            self.cursor.execute(query.encode(), params)

        def fetchall(self) -> list[tuple[object, ...]]:
            return self.cursor.fetchall()

    counts = []
    for number in range(2):
        estate.run(f"CREATE TABLE wood.more_{number} (id int PRIMARY KEY)")
        counter = Counter(estate.connection.cursor())
        read_catalogue(counter, estate.ownership)
        counts.append(counter.count)

    assert counts == [len({rule.query for rule in RULES})] * 2


def test_contract_allows_a_foreign_key_and_a_view(estate: Estate) -> None:
    estate.run(CASES["L030"][0])
    estate.run(f"RESET ROLE; {CASES['L031'][0]}")
    assert [line[:4] for line in estate.tell()] == ["L030", "L031"]

    contract = Contract("wood", consumer="field", read={"tree": ("id", "height")}, reference={"tree": ("id",)})
    estate.ownership = replace(estate.ownership, contracts=(*estate.ownership.contracts, contract))

    assert estate.tell() == []


@pytest.mark.parametrize("made", ["VIEW", "MATERIALIZED VIEW"])
def test_view_goes_by_its_owner_whatever_services_may_read(made: str, estate: Estate) -> None:
    estate.run(
        "GRANT USAGE ON SCHEMA wood TO field@; GRANT SELECT ON wood.tree TO field@; SET LOCAL ROLE field@; "
        f"CREATE {made} field.shade AS SELECT id FROM wood.tree"
    )
    said = (
        "L031 field.shade: the view reads wood.tree (id) by the rights of its owner field, with whom no contract "
        "shares that."
    )
    service = Contract("wood", consumer="farm", read={"tree": ("id",)})
    owner = Contract("wood", consumer="field", read={"tree": ("id",)})
    before = estate.ownership.contracts

    estate.ownership = replace(estate.ownership, contracts=(*before, service))
    assert said in estate.tell()
    estate.ownership = replace(estate.ownership, contracts=(*before, owner))
    assert said not in estate.tell()


def test_contract_allows_the_use_of_a_type(estate: Estate) -> None:
    estate.run(CASES["L034"][0])
    assert [line[:4] for line in estate.tell()] == ["L034", "L034"]

    contract = Contract("wood", consumer="field", use=("kind", "girth"))
    estate.ownership = replace(estate.ownership, contracts=(*estate.ownership.contracts, contract))

    assert estate.tell() == []
