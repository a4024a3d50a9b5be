"""The whole schema of a database as text, grants and policies included."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from django.db import connections

from freehold import embedded

NAMED_AT_RANDOM = ("\\restrict", "\\unrestrict")  # lines that differ between two dumps of the same


def dump_schema(alias: str) -> str:
    """Give `pg_dump --schema-only` of a database on the tests' server; for SQLite, what its catalogue holds."""
    connection = connections[alias]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name")
            rows = "\n".join(map(str, cursor.fetchall()))
            return re.sub(
                r", (?=\"|CONSTRAINT)|(?=\)'\)$)", ",\n", rows, flags=re.MULTILINE
            )  # a column a line, as pg_dump
    return dump_database(connection.settings_dict["OPTIONS"]["embedded"], connection.settings_dict["NAME"])


def dump_database(path: str, name: str, *options: str) -> str:
    """Give `pg_dump --schema-only` of one database of an embedded server, as its superuser."""
    (psql, *_), environment = embedded.get_psql(path)
    words = [Path(psql).with_name("pg_dump"), "--schema-only", *options, name]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=True)
    return "".join(line for line in done.stdout.splitlines(keepends=True) if not line.startswith(NAMED_AT_RANDOM))
