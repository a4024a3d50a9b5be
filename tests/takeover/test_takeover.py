"""A database that the release before made, as it was dumped, is taken over: by `migrate`, and nothing is found amiss.

The dumps are made by `make takeover REVISION=…`, from the commit of that release; none of them holds a secret.
"""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from freehold import embedded
from tests.dialect import OWNER

pytestmark = [pytest.mark.first, pytest.mark.xdist_group("takeover")]

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
COUNTED = "SELECT name, version FROM {items}"


def run(url: str, *arguments: str) -> str:
    """Run `manage.py` of this release; give what it prints."""
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


@pytest.fixture
def server() -> Iterator[str]:
    """The path of a server of its own with the old release's roles and database."""
    directory = Path(tempfile.mkdtemp(prefix="old-", dir=os.environ[OWNER]))
    directory.chmod(0o755)
    path = f"{directory}/postgres"
    embedded.start(path)
    restore = ["--dbname=postgres", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1"]
    words, environment = embedded.get_psql(path, [*restore, f"--file={HERE / 'postgresql.sql'}"])
    subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE)
    yield path
    embedded.stop(path)


@pytest.mark.postgresql
def test_database_of_the_release_before_is_taken_over(server: str) -> None:
    url = f"embedded://{server}"

    migrated = run(url, "migrate")

    assert "Applying items.0004_item_version... OK" in migrated
    run(url, "history", "adopt", "app", "auth", "--reason", "of the release before")  # in no record
    assert run(url, "history", "verify") == "No findings.\n"
    assert run(url, "ownership", "check") == "No findings.\n"
    run(url, "check", "--database", "default", "--fail-level", "WARNING")
    with psycopg.connect(embedded.get_url(server)) as root:
        root.execute("UPDATE app.items SET name = 'Tricycle'")
        assert root.execute(COUNTED.format(items="app.items")).fetchall() == [("Tricycle", 4)]


def connect(directory: Path) -> sqlite3.Connection:
    """Open the file, with the one function that Django brings and its check constraints ask."""
    database = sqlite3.connect(directory / "old.db")
    database.create_function("REGEXP", 2, lambda pattern, text: re.search(pattern, text) is not None)
    return database


@pytest.mark.sqlite
def test_file_of_the_release_before_is_taken_over(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    with connect(tmp_path) as database:
        database.executescript((HERE / "sqlite.sql").read_text(encoding="utf-8"))

    migrated = run(url, "migrate")

    assert "Applying items.0004_item_version... OK" in migrated
    assert run(url, "history", "verify") == "No findings.\n"
    with connect(tmp_path) as database:
        database.execute("UPDATE \"app.items\" SET name = 'Tricycle'")
        assert database.execute(COUNTED.format(items='"app.items"')).fetchall() == [("Tricycle", 4)]


@pytest.mark.parametrize("dialect", ["postgresql", "sqlite"])
def test_dump_holds_no_secret(dialect: str) -> None:
    text = (HERE / f"{dialect}.sql").read_text(encoding="utf-8")

    assert not re.search(r"SCRAM-SHA|PASSWORD '|argon2|pbkdf2|md5\$|PRIVATE KEY", text)
    assert "somebody@example.org" in text
