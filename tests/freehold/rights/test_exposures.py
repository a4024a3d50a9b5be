"""What shows a protected table's rows without its policies, on real servers: no service gets a right on it."""

from __future__ import annotations

import psycopg
import pytest

from tests.freehold.rights.estates import Estate

pytestmark = pytest.mark.postgresql

# field.plot is protected. What is called open_… shows nothing of it, or by its policies.
RELATIONS = """
    SET ROLE field@;
    INSERT INTO field.plot (keeper, secret) VALUES ('one', 'of one'), ('two', 'of two');
    CREATE TABLE field.meadow () INHERITS (field.plot);
    CREATE TABLE field.pasture () INHERITS (field.meadow);
    INSERT INTO field.pasture (id, keeper) VALUES (7, 'two');
    CREATE VIEW field.grown AS SELECT * FROM field.pasture;
    CREATE VIEW field.seen AS SELECT id, secret FROM field.plot;
    CREATE VIEW field.twice AS SELECT * FROM field.seen;
    CREATE MATERIALIZED VIEW field.kept AS SELECT * FROM field.twice;
    CREATE VIEW field.of_kept AS SELECT * FROM field.kept;
    CREATE VIEW field.open_window WITH (security_invoker = true) AS SELECT * FROM field.plot;
    CREATE VIEW field.open_behind AS SELECT * FROM field.open_window;
    CREATE MATERIALIZED VIEW field.copied AS SELECT * FROM field.open_window;
    CREATE VIEW field.ruled WITH (security_invoker = true) AS SELECT * FROM field.plot;
    CREATE RULE steal AS ON INSERT TO field.ruled DO INSTEAD UPDATE field.plot SET secret = 'stolen';
    CREATE TABLE field.bell (id int);
    CREATE RULE ring AS ON INSERT TO field.bell DO ALSO UPDATE field.plot SET secret = 'stolen';
    CREATE TABLE field.open_bell (id int);
    CREATE RULE ring AS ON INSERT TO field.open_bell DO ALSO INSERT INTO field.hedge VALUES (new.id);
    CREATE TABLE field.open_hedge () INHERITS (field.hedge);
    CREATE MATERIALIZED VIEW field.open_copy AS SELECT * FROM field.hedge;
    RESET ROLE;
"""
CLOSED = ("meadow", "pasture", "grown", "seen", "twice", "kept", "of_kept", "copied", "ruled", "bell")
OPEN = ("plot", "open_window", "open_behind", "open_bell", "open_hedge", "open_copy", "tall", "hedge")
PARTITIONS = """
    SET ROLE field@;
    DROP TABLE field.plot;
    CREATE TABLE field.plot (id int, at date, keeper text, secret text) PARTITION BY RANGE (at);
    CREATE TABLE field.plot_2026 PARTITION OF field.plot FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
        PARTITION BY LIST (id);
    CREATE TABLE field.plot_2026_1 PARTITION OF field.plot_2026 FOR VALUES IN (1, 2);
    INSERT INTO field.plot VALUES (1, '2026-03-01', 'one', 'of one'), (2, '2026-03-01', 'two', 'of two');
    RESET ROLE;
"""


def ask(estate: Estate, statement: str, user: str = "farm", keeper: str = "one") -> list[tuple[object, ...]] | None:
    """Give the rows that a login is shown as a keeper; None where it has no right. Nothing of it is kept."""
    with estate.connect(user) as session, session.transaction(force_rollback=True):
        session.execute(f"SET LOCAL freehold.user_id = '{keeper}'".encode())
        try:
            cursor = session.execute(statement.encode())
        except psycopg.errors.InsufficientPrivilege:
            return None
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def shown(made: Estate) -> Estate:
    """An estate with something of each kind, brought in line."""
    made.execute(RELATIONS)
    made.apply("steward")
    return made


@pytest.mark.parametrize("name", CLOSED)
@pytest.mark.parametrize("user", ["farm", "mill", "inn", "all"])
def test_service_reads_and_writes_nothing_of_what_shows_protected_rows(shown: Estate, name: str, user: str) -> None:
    assert ask(shown, f"SELECT * FROM field.{name}", user) is None
    if "kept" not in name and name != "copied":  # nobody writes a copy
        assert ask(shown, f"INSERT INTO field.{name} (id) VALUES (1)", user) is None
        assert ask(shown, f"DELETE FROM field.{name}", user) is None


@pytest.mark.parametrize("name", OPEN)
def test_service_reads_what_shows_none_or_goes_by_policies(shown: Estate, name: str) -> None:
    assert ask(shown, f"SELECT * FROM field.{name}") is not None


def test_parent_and_window_show_the_rows_that_policies_let_through(shown: Estate) -> None:
    assert ask(shown, "SELECT keeper FROM field.plot") == [("one",)]
    assert ask(shown, "SELECT keeper FROM field.open_behind") == [("one",)]
    assert ask(shown, "SELECT keeper FROM field.plot", keeper="two") == [("two",), ("two",)]


def test_nothing_is_a_finding_where_no_right_is_held(shown: Estate) -> None:
    assert shown.tell() == []


@pytest.mark.parametrize(
    ("statement", "finding"),
    [
        (
            "GRANT SELECT ON field.meadow TO farm@",
            "D031 field.meadow: farm holds SELECT; declared: no such right, since it inherits from field.plot, whose "
            "policies do not hold here: ask field.plot, or declare policies for it too",
        ),
        (
            "GRANT SELECT (id) ON field.twice TO inn@",
            "D031 field.twice: inn holds SELECT (id); declared: no such right, since it reads field.seen as its owner, "
            "past the reader's policies: ALTER VIEW field.twice SET (security_invoker = true)",
        ),
        (
            "GRANT SELECT ON field.copied TO PUBLIC",
            "D031 field.copied: PUBLIC holds SELECT; declared: no such right, since it keeps rows of "
            "field.open_window, and knows no policies: let a SECURITY DEFINER function say who gets which",
        ),
        (
            "GRANT INSERT ON field.bell TO mill@",
            "D031 field.bell: mill holds INSERT; declared: no such right, since its rule reaches field.plot as its "
            "owner, past policies: make a trigger of the rule",
        ),
    ],
)
def test_right_that_is_held_is_a_finding_that_apply_mends(shown: Estate, statement: str, finding: str) -> None:
    shown.execute(statement)
    assert shown.tell() == [finding]
    shown.apply("steward")
    assert shown.tell() == []


@pytest.fixture
def parted(estate: Estate) -> Estate:
    """An estate whose protected table has partitions."""
    estate.make()
    estate.execute(PARTITIONS)
    estate.apply("steward")
    return estate


def test_partition_is_closed_and_its_parent_is_asked(parted: Estate) -> None:
    assert parted.tell() == []
    assert ask(parted, "SELECT secret FROM field.plot") == [("of one",)]
    for name in ("plot_2026", "plot_2026_1"):
        assert ask(parted, f"SELECT secret FROM field.{name}") is None
        assert ask(parted, f"UPDATE field.{name} SET secret = 'stolen'") is None


def test_partition_made_at_night_is_closed_before_and_after_the_next_run(parted: Estate) -> None:
    night = "CREATE TABLE field.plot_2027 PARTITION OF field.plot FOR VALUES FROM ('2027-01-01') TO ('2028-01-01')"
    parted.execute(f"SET ROLE field@; {night}")
    assert ask(parted, "SELECT * FROM field.plot_2027") is None
    assert parted.tell() == []
    assert parted.apply("steward").done == []
    assert ask(parted, "SELECT * FROM field.plot_2027") is None


def test_table_that_becomes_a_partition_loses_its_rights(parted: Estate) -> None:
    parted.execute("SET ROLE field@; CREATE TABLE field.loose (LIKE field.plot)")
    parted.apply("steward")
    assert ask(parted, "SELECT * FROM field.loose") == []
    attach = "ALTER TABLE field.plot ATTACH PARTITION field.loose FOR VALUES FROM ('2028-01-01') TO ('2029-01-01')"
    parted.execute(f"SET ROLE field@; {attach}")
    assert {each.partition(":")[0] for each in parted.tell()} == {"D031 field.loose"}
    parted.apply("steward")
    assert ask(parted, "SELECT * FROM field.loose") is None
    assert ask(parted, "SELECT secret FROM field.plot") == [("of one",)]


def test_view_that_is_given_another_text_is_looked_at_anew(parted: Estate) -> None:
    parted.execute("CREATE OR REPLACE VIEW field.tall AS SELECT id FROM field.plot")
    assert {each.partition(":")[0] for each in parted.tell()} == {"D031 field.tall"}
    parted.apply("steward")
    assert ask(parted, "SELECT * FROM field.tall") is None
    parted.execute("ALTER VIEW field.tall SET (security_invoker = true)")
    assert {each.partition(":")[0] for each in parted.tell()} == {"D012 field.tall"}
    parted.apply("steward")
    assert ask(parted, "SELECT * FROM field.tall") == [(1,)]


def test_parent_of_a_protected_table_is_closed(estate: Estate) -> None:
    estate.make()
    estate.execute("SET ROLE field@; CREATE TABLE field.ground (id int NOT NULL, keeper text, secret text)")
    estate.execute("SET ROLE field@; ALTER TABLE field.plot INHERIT field.ground")
    estate.apply("steward")
    estate.execute("INSERT INTO field.plot (keeper, secret) VALUES ('two', 'of two')")
    assert ask(estate, "SELECT * FROM field.ground") is None
    assert ask(estate, "SELECT * FROM field.plot") == []
    assert estate.tell() == []


def test_child_with_policies_of_its_own_is_open(estate: Estate) -> None:
    estate.make()
    estate.execute("SET ROLE field@; CREATE TABLE field.meadow () INHERITS (field.plot)")
    estate.execute("INSERT INTO field.meadow (id, keeper) VALUES (1, 'one'), (2, 'two')")
    estate.protect("meadow")
    estate.apply("steward")
    assert estate.tell() == []
    assert ask(estate, "SELECT id FROM field.meadow") == [(1,)]


def test_view_of_a_schema_that_no_map_names_is_looked_through(estate: Estate) -> None:
    estate.make()
    estate.execute("CREATE SCHEMA attic; CREATE VIEW attic.hole AS SELECT * FROM field.plot")
    estate.execute("GRANT USAGE ON SCHEMA attic TO field@; GRANT SELECT ON attic.hole TO field@")
    estate.execute("SET ROLE field@; CREATE VIEW field.through AS SELECT * FROM attic.hole")
    estate.apply("steward")
    assert ask(estate, "SELECT * FROM field.through") is None


def test_policies_of_a_view_are_a_finding(estate: Estate) -> None:
    estate.make()
    estate.protect("tall")
    assert estate.tell() == [
        "D022 field.tall: a view, which can have none; declared: policies looking, own, owner",
    ]


def test_explain_says_why_a_service_gets_nothing(shown: Estate) -> None:
    assert shown.explain("field.meadow").splitlines()[-2:] == [
        "  no service gets what its schema gives, since it inherits from field.plot, whose policies do not hold here: "
        "ask field.plot, or declare policies for it too",
        "  row-level security off",
    ]
