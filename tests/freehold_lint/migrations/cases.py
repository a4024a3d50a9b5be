"""One case for each rule: what breaks it, every finding that gives, and what is done instead."""

from __future__ import annotations

from dataclasses import dataclass

LOST = "the running release names the column in each SELECT and INSERT of the table."
ALIKE = "rows that are there, or that the running release writes, may be alike: then it fails."
READ = "every row is read under a lock that keeps everyone out (ACCESS EXCLUSIVE)."
INDEX = "nobody writes to the table until every row is in the index (SHARE)."


@dataclass(frozen=True)
class Case:
    """Operations that break a rule, the findings, and operations that do not break it. `left` are the rules that those
    break yet; `atomic` and `atomic_then` say whether the migrations are."""

    broken: str
    said: tuple[str, ...]
    mended: str
    left: tuple[str, ...] = ()
    atomic: bool = True
    atomic_then: bool = True


def sql(*statements: str) -> str:
    """Give operations that run statements."""
    return "".join(f"migrations.RunSQL({each!r}, ''),\n" for each in statements)


def add(definition: str) -> str:
    """Give an operation that adds a field `extra`."""
    return f'migrations.AddField("Stone", "extra", {definition}),'


def alter(name: str, definition: str) -> str:
    """Give an operation that alters a field."""
    return f'migrations.AlterField("Stone", "{name}", {definition}),'


UNUSED = """
migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("Stone", "size")]),
"""
CHECK = 'models.CheckConstraint(condition=models.Q(("size__lt", 9)), name="stones_small_check")'
KEY = 'models.ForeignKey("runs.Wall", models.CASCADE, db_column="wall_number", null=True)'

CASES: dict[str, Case] = {
    # --- destructive ---------------------------------------------------------------------------------------------
    "M001": Case(
        'migrations.DeleteModel("Stone"),',
        (
            "M001 app.stones: its rows are lost; the way down makes an empty one.",
            "M104 app.stones: the running release has a model of this table.",
        ),
        'migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Stone")]),',
    ),
    "M002": Case(
        sql("ALTER TABLE app.stones DROP COLUMN size"),
        (
            "M002 app.stones (size): what the column holds is lost; the way down makes an empty one.",
            f"M103 app.stones (size): {LOST}",
        ),
        UNUSED,
    ),
    "M003": Case(
        sql("DROP SCHEMA lost"),
        (
            "M003 lost: all that lies in the schema is lost.",
            "M110 lost: the running release may still use the schema.",
        ),
        sql("CREATE SCHEMA found"),
    ),
    "M004": Case(
        sql("DELETE FROM app.stones"),
        ("M004 app.stones: every row is lost: DELETE has no condition.",),
        sql("DELETE FROM app.stones WHERE size = 0"),
    ),
    "M005": Case(
        sql("DROP TRIGGER t ON app.stones", "DROP RULE r ON app.stones", "DROP CAST (text AS int) CASCADE"),
        ("M005 object: CASCADE takes all that depends on it, other owners' too.",),
        sql("DROP CAST (text AS int)"),
    ),
    "M006": Case(
        sql("DROP SEQUENCE app.numbers"),
        ("M006 app.numbers: with the sequence goes what only it knows: a position, or columns of its types.",),
        sql("CREATE SEQUENCE app.numbers"),
    ),
    "M007": Case(
        'migrations.RemoveConstraint("Stone", "stones_size_check"),',
        (
            "M007 app.stones (stones_size_check): rows that break the check may come in from now on, and then it can't "
            "be put back.",
        ),
        "",
    ),
    "M008": Case(
        "migrations.RunPython(work),",
        ("M008 RunPython: RunPython has no way back, so that `rollback` ends here.",),
        "migrations.RunPython(work, migrations.RunPython.noop),",
    ),
    "M009": Case(
        sql("CREATE TABEL app.heaps (id uuid)"),
        (
            "M009 SQL: PostgreSQL does not understand it, and nobody sees what it does: syntax error at or near "
            '"TABEL".',
        ),
        sql("CREATE TABLE app.heaps (id uuid)"),
    ),
    # --- incompatible --------------------------------------------------------------------------------------------
    "M101": Case(
        'migrations.AlterModelTable("Stone", "app.pebbles"),',
        ("M101 app.stones: the running release goes on asking for app.stones, which is app.pebbles now.",),
        'migrations.RenameModel("Stone", "Pebble"),',
    ),
    "M102": Case(
        'migrations.RenameField("Stone", "size", "weight"),',
        ("M102 app.stones (size): the running release goes on reading and writing size, which is weight now.",),
        """
        migrations.AlterField("Stone", "size", models.IntegerField(null=True, db_column="size")),
        migrations.RenameField("Stone", "size", "weight"),
        """,
    ),
    "M103": Case(
        'migrations.RemoveField("Stone", "code"),',
        (
            "M002 app.stones (code): what the column holds is lost; the way down makes an empty one.",
            f"M103 app.stones (code): {LOST}",
        ),
        UNUSED,
    ),
    "M104": Case(
        sql("DROP TABLE app.walls"),
        (
            "M001 app.walls: its rows are lost; the way down makes an empty one.",
            "M104 app.walls: the running release has a model of this table.",
        ),
        sql("DROP TABLE app.heaps"),
        left=("M001",),
    ),
    "M105": Case(
        add("models.IntegerField(default=1)"),
        ("M105 app.stones (extra): an INSERT of the running release leaves the column out, and it may not be NULL.",),
        add("models.IntegerField(default=1, db_default=1)"),
    ),
    "M106": Case(
        alter("size", "models.TextField(null=True)"),
        (
            "M106 app.stones (size): the running release reads and writes another type than text, which was integer.",
            "M204 app.stones (size): a value that does not fit text makes it fail, or is cut off.",
            "M307 app.stones (size): the table and its indexes are written anew, and everyone kept out (ACCESS "
            "EXCLUSIVE).",
        ),
        alter("size", "models.BigIntegerField(null=True)"),
        left=("M307",),
    ),
    "M107": Case(
        alter("size", "models.IntegerField()"),
        (
            "M107 app.stones (size): the running release may still write NULL.",
            "M202 app.stones (size): it fails if one row holds NULL.",
            f"M308 app.stones (size): {READ}",
        ),
        "",
    ),
    "M108": Case(
        alter("name", "models.CharField(max_length=20, null=True)"),
        ("M108 app.stones (name): the running release does not expect NULL where it reads the column.",),
        alter("name", "models.CharField(max_length=20, blank=True)"),
    ),
    "M109": Case(
        alter("code", "models.TextField()"),
        (
            "M109 app.stones (code): the running release relies on it where it leaves the column out, or writes "
            "DEFAULT.",
        ),
        alter("code", 'models.TextField(db_default="x")'),
    ),
    "M110": Case(
        sql("DROP VIEW app.heavy"),
        ("M110 app.heavy: the running release may still use the view.",),
        sql("CREATE OR REPLACE VIEW app.heavy AS SELECT s.id FROM app.stones s"),
    ),
    "M111": Case(
        sql("ALTER TABLE auth.user ALTER COLUMN email TYPE citext"),
        (
            "M106 auth.user (email): the running release reads and writes another type than citext.",
            "M111 auth.user (email): api relies on it by contract.",
            "M204 auth.user (email): a value that does not fit citext makes it fail, or is cut off.",
            "M307 auth.user (email): the table and its indexes are written anew, and everyone kept out (ACCESS "
            "EXCLUSIVE).",
        ),
        sql("ALTER TABLE auth.user ALTER COLUMN password TYPE citext"),
        left=("M106", "M204", "M307"),
    ),
    # --- data-dependent ------------------------------------------------------------------------------------------
    "M201": Case(
        sql("CREATE UNIQUE INDEX CONCURRENTLY i ON app.stones (name)"),
        (f"M201 app.stones (i): {ALIKE}",),
        sql("CREATE INDEX CONCURRENTLY i ON app.stones (name)"),
        atomic=False,
        atomic_then=False,
    ),
    "M202": Case(
        sql("ALTER TABLE app.stones ALTER COLUMN size SET NOT NULL"),
        (
            "M107 app.stones (size): the running release may still write NULL.",
            "M202 app.stones (size): it fails if one row holds NULL.",
            f"M308 app.stones (size): {READ}",
        ),
        sql("ALTER TABLE app.stones ADD CONSTRAINT c CHECK (size IS NOT NULL) NOT VALID"),
    ),
    "M203": Case(
        f'migrations.AddConstraint("Stone", {CHECK}),',
        (
            "M203 app.stones (stones_small_check): rows that are there may break the check: then it fails.",
            f"M305 app.stones (stones_small_check): {READ}",
        ),
        f'postgresql.AddConstraintNotValid("Stone", {CHECK}),',
    ),
    "M204": Case(
        alter("name", "models.CharField(max_length=10)"),
        (
            "M106 app.stones (name): the running release reads and writes another type than varchar(10), which was "
            "varchar(20).",
            "M204 app.stones (name): a value that does not fit varchar(10) makes it fail, or is cut off.",
            "M307 app.stones (name): the table and its indexes are written anew, and everyone kept out (ACCESS "
            "EXCLUSIVE).",
        ),
        alter("name", "models.CharField(max_length=30)"),
    ),
    "M205": Case(
        add("models.IntegerField()"),
        (
            "M105 app.stones (extra): an INSERT of the running release leaves the column out, and it may not be NULL.",
            "M205 app.stones (extra): it may not be NULL and has no default: it fails if there is one row.",
        ),
        add("models.IntegerField(null=True)"),
    ),
    # --- blocking ------------------------------------------------------------------------------------------------
    "M301": Case(
        'migrations.AddIndex("Stone", models.Index(fields=["size"], name="stones_size_idx")),',
        (f"M301 app.stones (stones_size_idx): {INDEX}",),
        'postgresql.AddIndexConcurrently("Stone", models.Index(fields=["size"], name="stones_size_idx")),',
        atomic_then=False,
    ),
    "M302": Case(
        'migrations.RemoveIndex("Stone", "stones_name_idx"),',
        (
            "M302 app.stones (stones_name_idx): everyone waits for the table while this waits for its readers (ACCESS "
            "EXCLUSIVE).",
        ),
        'postgresql.RemoveIndexConcurrently("Stone", "stones_name_idx"),',
        atomic_then=False,
    ),
    "M303": Case(
        'migrations.AddConstraint("Stone", models.UniqueConstraint(fields=["name"], name="u")),',
        (
            f"M201 app.stones (u): {ALIKE}",
            "M303 app.stones (u): the unique builds an index, and keeps everyone out until it is (ACCESS EXCLUSIVE).",
        ),
        sql("ALTER TABLE app.stones ADD CONSTRAINT u UNIQUE USING INDEX i"),
    ),
    "M304": Case(
        sql("ALTER TABLE app.stones ADD CONSTRAINT f FOREIGN KEY (wall_number) REFERENCES app.walls (id)"),
        (
            "M203 app.stones (f): rows that are there may break the foreign key: then it fails.",
            "M304 app.stones (f): nobody writes to this table, or to the one it points at, until every row is looked "
            "up (SHARE ROW EXCLUSIVE).",
        ),
        sql("ALTER TABLE app.stones ADD CONSTRAINT f FOREIGN KEY (wall_number) REFERENCES app.walls (id) NOT VALID"),
    ),
    "M305": Case(
        add("models.PositiveIntegerField(null=True)"),
        (f"M305 app.stones (extra): {READ}",),
        add("models.IntegerField(null=True)"),
    ),
    "M306": Case(
        add("models.UUIDField(db_default=RandomUUID())"),
        (
            "M306 app.stones (extra): each row gets a value of its own, so that the table is written anew, and "
            "everyone kept out (ACCESS EXCLUSIVE).",
        ),
        add("models.DateTimeField(db_default=Now())"),
    ),
    "M307": Case(
        alter("size", "models.BigIntegerField(null=True)"),
        (
            "M307 app.stones (size): the table and its indexes are written anew, and everyone kept out (ACCESS "
            "EXCLUSIVE).",
        ),
        alter("name", "models.TextField()"),
    ),
    "M308": Case(
        alter("size", "models.IntegerField(db_default=1)"),
        (
            "M107 app.stones (size): the running release may still write NULL.",
            f"M308 app.stones (size): {READ}",
            "M311 app.stones (size): each row is written anew, and stays locked until the transaction ends.",
            "M314 app.stones (size): app.stones is locked in the same transaction, for as long as this takes or until "
            "rows' checks are done.",
        ),
        sql(
            "ALTER TABLE app.stones ADD CONSTRAINT c CHECK (size IS NOT NULL) NOT VALID",
            "ALTER TABLE app.stones VALIDATE CONSTRAINT c",
            "ALTER TABLE app.stones ALTER COLUMN size SET NOT NULL",
            "ALTER TABLE app.stones DROP CONSTRAINT c",
        ),
        left=("M107", "M202"),
        atomic_then=False,
    ),
    "M309": Case(
        sql("REINDEX TABLE app.stones"),
        ("M309 app.stones: REINDEX keeps others off the table until it is done.",),
        sql("REINDEX TABLE CONCURRENTLY app.stones"),
        atomic_then=False,
    ),
    "M310": Case(
        sql("ALTER TABLE app.stones DETACH PARTITION app.stones_2020"),
        ("M310 app.stones: everyone waits for the whole table (ACCESS EXCLUSIVE).",),
        sql("ALTER TABLE app.stones DETACH PARTITION app.stones_2020 CONCURRENTLY"),
        atomic_then=False,
    ),
    "M311": Case(
        sql("UPDATE app.stones SET size = 1"),
        ("M311 app.stones: each row is written anew, and stays locked until the transaction ends.",),
        sql("UPDATE app.stones SET size = 1 WHERE id BETWEEN 1 AND 1000"),
    ),
    "M312": Case(
        'postgresql.AddIndexConcurrently("Stone", models.Index(fields=["size"], name="stones_size_idx")),',
        (
            "M312 app.stones (stones_size_idx): PostgreSQL refuses it inside a transaction, and the migration is "
            "atomic.",
        ),
        'postgresql.AddIndexConcurrently("Stone", models.Index(fields=["size"], name="stones_size_idx")),',
        atomic_then=False,
    ),
    "M313": Case(
        add("models.IntegerField(null=True)")
        + 'migrations.AddField("Wall", "height", models.IntegerField(null=True)),',
        ("M313 app.walls (height): it waits for a lock on this table, and keeps everyone off app.stones meanwhile.",),
        add("models.IntegerField(null=True)"),
    ),
    "M314": Case(
        add("models.IntegerField(null=True)") + "migrations.RunPython(work, migrations.RunPython.noop),",
        (
            "M314 work: app.stones is locked in the same transaction, for as long as this takes or until rows' checks "
            "are done.",
        ),
        "migrations.RunPython(work, migrations.RunPython.noop),",
    ),
    "M315": Case(
        sql("ALTER TYPE app.colour ADD VALUE 'red'", "UPDATE app.stones SET code = 'red' WHERE id = 1"),
        ("M315 app.stones: the transaction adds 'red' to its type, and can't use it before it ends.",),
        sql("ALTER TYPE app.colour ADD VALUE 'red'"),
    ),
    "M316": Case(
        sql("COMMIT"),
        ("M316 COMMIT: COMMIT ends or opens what the migrator has around the migration and its record.",),
        sql("SAVEPOINT here"),
    ),
    "M317": Case(
        f'postgresql.AddConstraintNotValid("Stone", {CHECK}),'
        'postgresql.ValidateConstraint("Stone", "stones_small_check"),',
        ("M317 app.stones (stones_small_check): the lock that adding it took is held while every row is read.",),
        f'postgresql.AddConstraintNotValid("Stone", {CHECK}),',
    ),
    "M318": Case(
        sql("ALTER TABLE app.stones ATTACH PARTITION app.walls FOR VALUES IN (1)"),
        (
            "M318 app.stones: every row of app.walls is read under a lock that keeps everyone out of it (ACCESS "
            "EXCLUSIVE).",
        ),
        sql(
            "ALTER TABLE app.walls ADD CONSTRAINT one CHECK (id = 1) NOT VALID",
            "ALTER TABLE app.walls VALIDATE CONSTRAINT one",
            "ALTER TABLE app.stones ATTACH PARTITION app.walls FOR VALUES IN (1)",
        ),
        atomic_then=False,
    ),
    "M319": Case(
        sql("RESET ROLE; CREATE TABLE app.heaps (id uuid)"),
        (
            "M319 RESET ROLE: it says RESET ROLE, and a migration runs as its schema's owner alone: `migrate` refuses it.",
        ),
        sql("CREATE TABLE app.heaps (id uuid)"),
    ),
    # --- types of SQL's own --------------------------------------------------------------------------------------
    "M401": Case(
        sql("CREATE TABLE app.heaps (id bigserial PRIMARY KEY)"),
        (
            "M401 app.heaps: id bigserial: the sequence has rights and an owner of its own, and anyone may write the "
            "column past it.",
        ),
        sql("CREATE TABLE app.heaps (id bigint GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY)"),
    ),
    "M402": Case(
        sql("ALTER TABLE app.stones ADD COLUMN note varchar(50)"),
        ("M402 app.stones (note): note varchar(50): another length is another type, and its check another lock.",),
        sql("ALTER TABLE app.stones ADD COLUMN note text"),
    ),
    "M403": Case(
        sql("CREATE TABLE app.heaps (id uuid PRIMARY KEY, at timestamp)"),
        ("M403 app.heaps: at timestamp: which moment it means is the reader's guess.",),
        sql("CREATE TABLE app.heaps (id uuid PRIMARY KEY, at timestamptz)"),
    ),
    "M404": Case(
        sql("CREATE TABLE app.heaps (id uuid PRIMARY KEY, code char(3))"),
        ("M404 app.heaps: code char(3): it is filled up with spaces, which comparisons then leave out.",),
        sql("CREATE TABLE app.heaps (id uuid PRIMARY KEY, code text)"),
    ),
    "M405": Case(
        sql("CREATE TABLE app.heaps (id int PRIMARY KEY)"),
        ("M405 app.heaps: id integer: a key of 32 bits or fewer ends, and a wider one rewrites the table.",),
        sql("CREATE TABLE app.heaps (id bigint PRIMARY KEY, height int)"),
    ),
}

# What SQL is read as: a statement by itself in an atomic migration, and the rules that find something in it.
# fmt: off
STATEMENTS: list[tuple[str, list[str]]] = [
    ("DROP TABLE app.heaps CASCADE", ["M001", "M005"]),
    ("TRUNCATE app.stones", ["M004"]),
    ("TRUNCATE app.stones CASCADE", ["M004", "M005"]),
    ("DROP OWNED BY someone", ["M003", "M110"]),
    ("DROP DATABASE everything", ["M003"]),
    ("DROP TYPE app.colour", ["M006", "M110"]),
    ("DROP EXTENSION citext", ["M006"]),
    ("ALTER TABLE app.stones DROP CONSTRAINT c", ["M007"]),
    ("ALTER TABLE app.stones RENAME TO pebbles", ["M101"]),
    ("ALTER TABLE app.stones SET SCHEMA auth", ["M101"]),
    ("ALTER TABLE auth.user RENAME COLUMN email TO mail", ["M102", "M111"]),
    ("ALTER TABLE app.stones RENAME COLUMN unheard_of TO x", []),
    ("ALTER VIEW app.heavy RENAME TO v", ["M110"]),
    ("DROP FUNCTION auth.session_principal(text)", ["M110", "M111"]),
    ("ALTER TYPE app.colour RENAME VALUE 'a' TO 'b'", ["M110"]),
    ("ALTER TYPE app.colour ADD VALUE 'b'", []),
    ("DROP TABLE auth.user", ["M001", "M104", "M111"]),
    ("ALTER TABLE app.stones ADD COLUMN n int NOT NULL", ["M105", "M205"]),
    ("ALTER TABLE app.stones ADD COLUMN n int NOT NULL DEFAULT 1", []),
    ("ALTER TABLE app.stones ADD COLUMN n int DEFAULT NULL", []),
    ("ALTER TABLE app.stones ADD COLUMN n timestamptz DEFAULT now()", []),
    ("ALTER TABLE app.stones ADD COLUMN n timestamptz DEFAULT CURRENT_TIMESTAMP", []),
    ("ALTER TABLE app.stones ADD COLUMN n timestamptz DEFAULT clock_timestamp()", ["M306"]),
    ("ALTER TABLE app.stones ADD COLUMN n bigint GENERATED ALWAYS AS IDENTITY", ["M306"]),
    ("ALTER TABLE app.stones ADD COLUMN n int GENERATED ALWAYS AS (size + 1) STORED", ["M306"]),
    ("ALTER TABLE app.stones ADD COLUMN n int GENERATED ALWAYS AS (size + 1) VIRTUAL", []),
    ("ALTER TABLE app.stones ADD COLUMN n bigint UNIQUE", ["M303"]),
    ("ALTER TABLE app.stones ADD COLUMN n bigint CHECK (n > 0)", ["M305"]),
    ("ALTER TABLE app.stones ADD COLUMN n bigint REFERENCES app.walls (id)", []),
    ("ALTER TABLE app.stones ADD COLUMN n bigint DEFAULT 1 REFERENCES app.walls (id)", ["M304"]),
    ("ALTER TABLE app.stones ALTER COLUMN size DROP NOT NULL", ["M108"]),
    ("ALTER TABLE app.stones ALTER COLUMN size DROP DEFAULT", ["M109"]),
    ("ALTER TABLE app.stones ALTER COLUMN size SET DEFAULT 1", []),
    ("ALTER TABLE app.stones ADD PRIMARY KEY (id)", ["M201", "M303"]),
    ("ALTER TABLE app.stones ADD EXCLUDE USING gist (name WITH =)", ["M201", "M303"]),
    ("ALTER TABLE app.stones ADD CONSTRAINT n NOT NULL size", ["M107", "M202", "M308"]),
    ("ALTER TABLE app.stones ADD CONSTRAINT n NOT NULL size NOT VALID", []),
    ("ALTER TABLE app.stones SET (fillfactor = 50)", []),
    ("CREATE INDEX i ON app.stones (size)", ["M301"]),
    ("CREATE INDEX CONCURRENTLY i ON app.stones (size)", ["M312"]),
    ("DROP INDEX app.i", ["M302"]),
    ("VACUUM FULL app.stones", ["M309", "M312"]),
    ("VACUUM (FULL false) app.stones", ["M312"]),
    ("CLUSTER app.stones USING i", ["M309"]),
    ("LOCK TABLE app.stones", ["M309"]),
    ("REFRESH MATERIALIZED VIEW app.v", ["M309"]),
    ("REFRESH MATERIALIZED VIEW CONCURRENTLY app.v", []),
    ("REINDEX INDEX app.i", ["M309"]),
    ("INSERT INTO app.stones (name) VALUES ('x')", []),
    ("BEGIN", ["M316"]),
    ("DELETE FROM app.stones WHERE true", ["M004"]),
    ("WITH gone AS (DELETE FROM app.stones WHERE id IS NOT NULL RETURNING id) SELECT id FROM gone", ["M004"]),
    ("DELETE FROM app.stones WHERE size IS NOT NULL", []),  # which some rows lack
    ("EXPLAIN ANALYZE UPDATE app.stones SET size = 1 WHERE 1 = 1", ["M311"]),
    ("MERGE INTO app.stones USING app.walls ON true WHEN MATCHED THEN DELETE", ["M004"]),
    ("MERGE INTO app.stones s USING app.walls w ON s.id = w.id WHEN MATCHED THEN DELETE", []),
    ("DO $$ DECLARE c app.colour; BEGIN DELETE FROM app.stones WHERE 1=1; RETURN; END $$", ["M004"]),
    ("DO $$ BEGIN EXECUTE 'DELETE FROM app.stones'; END $$", ["M004"]),
    ("DO $$ BEGIN DELETE FORM app.stones; END $$", ["M009"]),
    ("SELECT pg_catalog.set_config('role'::text, 'auth_owner', true)", ["M319"]),
    ("SELECT set_config(setting_name => E'role', new_value => 'auth_owner', is_local => true)", ["M319"]),
    ("DO $$ BEGIN SET LOCAL SESSION AUTHORIZATION auth_owner; END $$", ["M319"]),
    ("SET LOCAL statement_timeout = '1s'", []),
    ("ALTER TABLE app.stones SET UNLOGGED", ["M309"]),
    ("ALTER TABLE app.stones SET TABLESPACE fast, SET ACCESS METHOD heap", ["M309", "M309"]),
    ("ALTER TABLE app.stones ALTER COLUMN size SET EXPRESSION AS (id + 1)", ["M309"]),
    ("ALTER TABLE ALL IN TABLESPACE slow SET TABLESPACE fast", ["M309"]),
    ("ALTER MATERIALIZED VIEW app.v SET ACCESS METHOD heap", ["M309"]),
    ("CREATE TABLE app.t PARTITION OF app.stones FOR VALUES IN (1)", ["M318"]),
    ("CREATE TABLE app.t (id int); ALTER TABLE app.stones ATTACH PARTITION app.t DEFAULT", []),
    ("CREATE TABLE app.t AS SELECT 1; ALTER TABLE app.t ADD COLUMN n int NOT NULL", []),
    ("DO $$ BEGIN IF true THEN ALTER TABLE app.stones ADD COLUMN n int NOT NULL DEFAULT 1; "
     "DELETE FROM app.stones; END IF; END $$", ["M004", "M314"]),
    ("CREATE TABLE app.t (a bigint, b smallint, PRIMARY KEY (b))", ["M405"]),
    ("ALTER TABLE app.stones ALTER COLUMN size TYPE varchar(9)", ["M106", "M204", "M307", "M402"]),
]
# fmt: on
