"""Extensions in a schema of their own, off the search path. One is written here: the wheel's server brings none."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.postgres.operations import CreateExtension
from django.db import migrations as m, models

from tests.freehold.backends.conftest import Connect, make_schemas
from tests.freehold.backends.labs import Lab
from tests.freehold.backends.postgresql.catalogue import list_names, read_catalogue
from tests.freehold.backends.postgresql.changes import table, text

pytestmark = pytest.mark.postgresql

CONTROL = "default_version = '1'\nrelocatable = true\n"
SCRIPT = """
CREATE DOMAIN lab_word AS text CHECK (value <> '');
CREATE OPERATOR CLASS lab_ops FOR TYPE text USING btree AS
    OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 bttextcmp(text, text);
CREATE COLLATION lab_low (provider = builtin, locale = 'C');
"""
FIND = """
    SELECT o.opcname, n.nspname FROM pg_index i
    JOIN pg_opclass o ON o.oid = i.indclass[0] JOIN pg_namespace n ON n.oid = o.opcnamespace
    WHERE i.indexrelid = %s::regclass
"""


class WordField(models.TextField):
    """A column of the extension's type."""

    def db_type(self, connection: Any) -> str:
        return "ext.lab_word"


@pytest.fixture
def lab(connect: Connect) -> Iterator[Lab]:
    """A lab on a server that finds the extension `lab`; schema `ext` is known and not on the search path."""
    connection = connect("scratch", search_path="beta", schemas=["alpha", "beta", "ext"])
    if connection.pg_version < 180000:
        pytest.skip("before PostgreSQL 18 an extension lies in the server's own directory")
    make_schemas(connection, "alpha", "beta", "ext")
    with tempfile.TemporaryDirectory(prefix="freehold-extension-") as name, connection.cursor() as cursor:
        directory = Path(name, "extension")
        directory.mkdir()
        for path, content in ((directory / "lab.control", CONTROL), (directory / "lab--1.sql", SCRIPT)):
            path.write_text(content)
            path.chmod(0o644)
        for each in (Path(name), directory):
            each.chmod(0o755)  # as root the server runs under another account, which must read it
        cursor.execute("SELECT pg_catalog.set_config('extension_control_path', %s, false)", [f"{name}:$system"])
        yield Lab(connection, "alpha")
        cursor.execute("DROP EXTENSION IF EXISTS lab CASCADE")


def test_index_type_and_collation_of_an_extension_are_used_from_its_schema(lab: Lab) -> None:
    index = models.Index(fields=["name"], opclasses=["ext.lab_ops"], name="item_name_idx")
    fields = [("name", text(db_collation="ext.lab_low")), ("word", WordField(null=True))]

    lab.forwards(m.RunSQL("CREATE EXTENSION lab SCHEMA ext"), CreateExtension("lab"), table(lab.t, "item", *fields))
    lab.forwards(m.AddIndex("item", index), m.AlterField("item", "word", WordField(null=True, db_index=True)))
    lab.rows("item").create(name="a", word="b")

    assert lab.rows("item").filter(name="a", word="b").count() == 1
    with lab.connection.cursor() as cursor:
        cursor.execute(FIND, ["alpha.item_name_idx"])
        assert cursor.fetchall() == [("lab_ops", "ext")]
        description = lab.connection.introspection.get_table_description(cursor, "alpha.item")
        assert [column.collation for column in description] == [None, "ext.lab_low", None]
        lab.forwards(m.RemoveIndex("item", "item_name_idx"), m.AlterField("item", "word", WordField(null=True)))
        assert list_names(read_catalogue(cursor, "alpha"), "indexes") == ["item_pkey"]


def test_extension_without_a_schema_goes_where_a_bare_name_is_made_and_goes_again(lab: Lab) -> None:
    with lab.connection.cursor() as cursor:
        lab.forwards(CreateExtension("lab"))
        cursor.execute("SELECT extnamespace::regnamespace::text FROM pg_extension WHERE extname = 'lab'")
        assert cursor.fetchall() == [("beta",)]

        lab.backwards(1)
        cursor.execute("SELECT 1 FROM pg_extension WHERE extname = 'lab'")
        assert cursor.fetchall() == []
