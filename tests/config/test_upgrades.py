"""docs/operations.md, "Another release of PostgreSQL": from a PostgreSQL 15 to the wheel's, by the page's own lines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from freehold import embedded
from freehold.embedded.accounts import find_account
from freehold.embedded.binaries import get_installation
from freehold.embedded.programs import Account
from freehold.passfile import find_password
from tests.config.processes import ROOT, Visitor, serving
from tests.freehold.embedded.processes import wait_for
from tests.freehold.ownership.conftest import PROGRAMS_15

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("upgrades")]

PAGE = (ROOT / "docs" / "operations.md").read_text()
USER = "user@freehold.example"
WRITTEN = "UPDATE app.items SET updated_at = updated_at + interval '1 s'"
UNFINISHED = "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate <> 'r'"
TABLES = """
    SELECT format('%I.%I', schemaname, tablename) FROM pg_tables
    WHERE schemaname !~ '^pg_' AND schemaname <> 'information_schema'
"""
SEQUENCES = "SELECT schemaname, sequencename, last_value FROM pg_sequences ORDER BY 1, 2"
NOT_CARRIED = {"limits.counters"}  # unlogged


def list_blocks(heading: str) -> list[str]:
    """Give the blocks of commands below a heading of the page, up to the next one."""
    text = PAGE.split(f"#### {heading}\n")[1].split("\n##")[0]
    return [block.replace("\\\n", " ") for block in re.findall(r"^```sh\n(.*?)^```", text, re.MULTILINE | re.DOTALL)]


class Machine:
    """Two servers, and what a person types."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.old = str(directory / "old")
        self.account = find_account(directory / "old" / "data")
        self.programs = get_installation(self.account, major=18).bin
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
            "PATH": f"{self.programs}:{Path(sys.executable).parent}:{os.defpath}",
            "DEBUG": "1",
            "OLD_BIN": str(PROGRAMS_15),
            "NEW_BIN": str(self.programs),
            "OLD_DATA": f"{self.old}/data",
        }

    def start(self, path: str) -> str:
        """Start a server, of 15 where it is the old one; give its superuser's URL."""
        with pytest.MonkeyPatch.context() as patch:
            if path == self.old:
                patch.setenv("PG_BIN", str(PROGRAMS_15))
            return embedded.get_url(path)

    def take(self, path: str) -> None:
        """Start the old server and the one in `path`; have the page's variables name them."""
        new = self.start(path)
        address = embedded.get_address(path)
        self.environment |= {
            "OLD": self.start(self.old),
            "NEW": new,
            "DATABASE_URL": f"postgresql://{address['host']}:{address['port']}/freehold",
            "PGPASSFILE": f"{path}.pgpass",
        }

    def run(self, line: str, account: Account | None = None, **more: str) -> str:
        """Run a line of the page; give what it prints."""
        done = subprocess.run(
            ["/bin/bash", "-c", f"set -o pipefail; {line}"],
            cwd="/" if account else ROOT,
            env={**self.environment, **more},
            capture_output=True,
            text=True,
            timeout=120,
            **(account.options if account else {}),
        )
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"
        return done.stdout

    def follow(self, heading: str, block: int = 0) -> list[str]:
        """Run a block of the page line by line; give what each prints."""
        lines = list_blocks(heading)[block].replace("freehold.dump", str(self.directory / "dump"))
        lines = lines.replace("freehold.schema", str(self.directory / "schema"))
        return [self.run(line) for line in lines.splitlines()]

    def read(self, which: str, question: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(self.environment[which]) as session:
            return session.execute(question).fetchall()  # type: ignore[arg-type]

    def count(self, which: str) -> dict[str, int]:
        """Give the number of rows of each table."""
        tables = [name for (name,) in self.read(which, TABLES) if name not in NOT_CARRIED]
        counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in tables)
        return dict(self.read(which, counted))


@pytest.fixture(scope="module")
def old() -> Iterator[Machine]:
    """A PostgreSQL 15 in use: migrated, filled, its ownership as declared."""
    if not (PROGRAMS_15 / "postgres").exists():
        pytest.skip(f"PostgreSQL 15 is not installed in {PROGRAMS_15}")
    directory = Path(tempfile.mkdtemp(prefix="freehold-upgrade-"))
    directory.chmod(0o755)
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("PG_BIN", raising=False)
        machine = Machine(directory)
        own = {"DATABASE_URL": f"embedded://{machine.old}", "PG_BIN": str(PROGRAMS_15)}
        try:
            machine.run("python manage.py quickstart --no-serve", **own)
            machine.run("python manage.py ownership check", **own)
            machine.environment["OLD"] = machine.start(machine.old)
            with psycopg.connect(machine.environment["OLD"], autocommit=True) as session:
                session.execute("ALTER SYSTEM SET wal_level = logical")
            embedded.stop(machine.old)
            yield machine
        finally:
            for path in directory.glob("*/pgpass"):
                embedded.stop(str(path.parent))
            shutil.rmtree(directory)


def check_rows(machine: Machine) -> None:
    """Hold the new server's rows, and where its sequences stand, against the old one's."""
    assert machine.count("NEW") == machine.count("OLD")
    assert machine.read("NEW", SEQUENCES) == machine.read("OLD", SEQUENCES)


def check_all_is_well(machine: Machine, directory: Path) -> None:
    """Do what is left on the new server, and use it; what was to be found before is found."""
    applied, adopted, migrated, checked, verified = machine.follow("After each of the three")

    by_hand = {line.split()[2] for line in applied.splitlines() if "by hand:" in line}
    assert by_hand == {"trigger"}
    assert all(line.startswith("Adopted trigger ") for line in adopted.splitlines())
    assert migrated.splitlines()[-1].strip() == "No migrations to apply."
    assert (checked.strip(), verified.strip()) == ("No findings.", "No findings.")
    passfile = machine.environment["PGPASSFILE"]
    with serving(directory, "web", machine.environment["DATABASE_URL"], DEBUG="1", PGPASSFILE=passfile) as site:
        visitor = Visitor()
        assert visitor.open(f"{site.url}/readyz").text.strip() == "ok"
        visitor.sign_in(site, USER)
        probed = visitor.probe(site)
        assert (probed["login"], probed["principal"]) == ("web_rw", "user")


def test_dump_of_15_is_restored_into_18(old: Machine, tmp_path: Path) -> None:
    old.take(str(old.directory / "restored"))

    old.follow("Dump and restore")

    check_rows(old)
    check_all_is_well(old, tmp_path)


def test_15_is_turned_into_18_by_pg_upgrade(old: Machine, tmp_path: Path) -> None:
    path = old.directory / "upgraded"
    passfile = shutil.copy(Path(old.old, "pgpass"), make_place(path, old.account) / "pgpass")
    password = find_password(Path(passfile), user="postgres", host="127.0.0.1") or ""
    old.start(old.old)
    embedded.stop(old.old)

    for line in list_blocks("pg_upgrade")[0].splitlines():
        old.run(f"cd {path}; {line}", old.account, NEW_DATA=f"{path}/data", PGPASSWORD=password)

    shutil.copyfile(Path(old.old, "data", "pg_hba.conf"), path / "data" / "pg_hba.conf")
    old.take(str(path))
    old.environment["PGPASSFILE"] = passfile
    check_rows(old)
    check_all_is_well(old, tmp_path)


def make_place(path: Path, account: Account | None) -> Path:
    """Make a directory that the account may write."""
    path.mkdir()
    if account:
        os.chown(path, account.uid, account.gid)
    return path


def test_15_is_replicated_to_18_while_it_is_written(old: Machine, tmp_path: Path) -> None:
    old.take(str(old.directory / "replica"))

    *_, not_ready = old.follow("Logical replication")
    with psycopg.connect(old.environment["OLD"], autocommit=True) as session:
        session.execute(WRITTEN)
    wait_for(lambda: old.read("NEW", UNFINISHED) == [(0,)], 60)
    caught_up, *rest = list_blocks("Logical replication")[1].splitlines()
    wait_for(lambda: old.run(caught_up).strip() == "t", 60)
    for line in rest:
        old.run(line)

    assert not_ready.strip().isdigit()
    check_rows(old)
    check_all_is_well(old, tmp_path)
    with psycopg.connect(old.environment["OLD"], autocommit=True) as session:
        session.execute("DROP PUBLICATION upgrade")
