"""Other passwords while services go on: in each file just before the server takes it; as before where it refuses."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.core.management import call_command
from django.db import OperationalError
from pytest_django import DjangoDbBlocker

from freehold.backends.postgresql import rereading
from freehold.errors import OwnershipError
from freehold.passfile import PassfileError, find_password, list_entries, set_password
from freehold.rights import passwords
from freehold.rights.passwords import rotate_passwords, write_own_files
from tests.freehold.backends.conftest import open_alias
from tests.freehold.halls import TAG, Hall

pytestmark = pytest.mark.postgresql
FARM, MILL = f"farm_{TAG}", f"mill_{TAG}"
SETS = "the password of {} stays as it was: "


@pytest.fixture
def directory(hall: Hall, tmp_path: Path) -> Path:
    """A directory with a password file for each of two services."""
    write_own_files([FARM, MILL], hall.passfile, "127.0.0.1", tmp_path)
    return tmp_path


@pytest.fixture
def admin(hall: Hall) -> Iterator[psycopg.Connection]:
    with psycopg.connect(**hall.database, autocommit=True) as connection:
        yield connection


def read(path: Path, login: str) -> str | None:
    return find_password(path, user=login, host="127.0.0.1")


def connect(hall: Hall, path: Path) -> None:
    """Connect as farm by Django's connection, with the password of a file."""
    entry = hall.get_entry("farm")
    entry["OPTIONS"]["passfile"] = str(path)
    with open_alias("hall", entry) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_each_service_has_a_file_with_its_line_alone(hall: Hall, directory: Path) -> None:
    lines = {path.name: [each.user for each in list_entries(path)] for path in directory.iterdir() if path.is_file()}

    assert {name: users for name, users in lines.items() if users} == {FARM: [FARM], MILL: [MILL]}
    assert (directory / FARM).stat().st_mode & 0o777 == 0o600
    assert read(directory / FARM, FARM) == read(hall.passfile, FARM)


def test_file_for_a_pooler_names_its_host(hall: Hall, directory: Path, admin: psycopg.Connection) -> None:
    write_own_files([MILL], hall.passfile, "127.0.0.1", directory, "pooler")
    rotate_passwords(admin, [FARM], hall.passfile, "127.0.0.1", directory, "pooler")

    for login in (FARM, MILL):
        found = {each.host: each.password for each in list_entries(directory / login)}
        assert found["pooler"] == read(hall.passfile, login)


def test_rotation_changes_those_that_are_named_and_each_file(
    hall: Hall, directory: Path, admin: psycopg.Connection
) -> None:
    before = {login: read(hall.passfile, login) for login in (FARM, MILL)}
    done = rotate_passwords(admin, [FARM], hall.passfile, "127.0.0.1", directory)

    assert done == [f"set another password of {FARM}"]
    assert read(hall.passfile, FARM) == read(directory / FARM, FARM) != before[FARM]
    assert read(hall.passfile, MILL) == before[MILL]
    connect(hall, directory / FARM)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**hall.database, "user": FARM, "password": before[FARM]})


def test_process_that_connects_while_the_password_changes_waits_for_it(
    hall: Hall, directory: Path, admin: psycopg.Connection, django_db_blocker: DjangoDbBlocker
) -> None:
    faults: list[Exception] = []
    started = threading.Event()

    def work() -> None:
        started.set()
        try:
            with django_db_blocker.unblock():
                connect(hall, directory / FARM)
        except Exception as error:
            faults.append(error)

    thread = threading.Thread(target=work)
    with admin.transaction():
        admin.execute(f"ALTER ROLE {FARM} PASSWORD 'another'")  # type: ignore[call-overload]
        for path in (hall.passfile, directory / FARM):
            set_password(path, user=FARM, password="another")
        thread.start()
        started.wait()
        time.sleep(0.15)
    thread.join()

    assert faults == []


@pytest.mark.parametrize(("age", "pauses"), [(3600, 0), (0, 3)])
def test_wrong_password_of_a_file_is_tried_again_while_the_file_is_new(
    hall: Hall, directory: Path, age: int, pauses: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = directory / FARM
    set_password(path, user=FARM, password="wrong")
    os.utime(path, (time.time() - age,) * 2)
    waits: list[float] = []
    monkeypatch.setattr(rereading.time, "sleep", waits.append)

    with pytest.raises(OperationalError, match="password authentication failed"):
        connect(hall, path)

    assert len(waits) == pauses


def test_rotation_that_is_refused_leaves_every_file_as_it_was(hall: Hall, directory: Path) -> None:
    before = [(path, path.read_bytes()) for path in (hall.passfile, directory / MILL)]
    mill = {**hall.database, "user": MILL, "passfile": str(directory / MILL)}

    with psycopg.connect(**mill, autocommit=True) as service, pytest.raises(OwnershipError) as refused:
        rotate_passwords(service, [FARM], hall.passfile, "127.0.0.1", directory)

    assert str(refused.value) == f"{SETS.format(FARM)}permission denied to alter role"
    assert [(path, path.read_bytes()) for path, _ in before] == before
    connect(hall, directory / FARM)


def test_rotation_whose_file_cant_be_written_leaves_the_password(
    hall: Hall, tmp_path: Path, admin: psycopg.Connection
) -> None:
    (tmp_path / FARM).mkdir()
    before = read(hall.passfile, FARM)

    with pytest.raises(PassfileError) as refused:
        rotate_passwords(admin, [FARM], hall.passfile, "127.0.0.1", tmp_path)

    assert str(refused.value).startswith(f"{tmp_path / FARM} can't be ")
    assert read(hall.passfile, FARM) == before
    connect(hall, hall.passfile)


def test_server_that_is_lost_at_the_end_says_to_run_it_once_more(
    hall: Hall, directory: Path, admin: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(path: Path, **given: str) -> None:
        set_password(path, **given)
        admin.execute("SELECT pg_terminate_backend(pg_backend_pid())")

    monkeypatch.setattr(passwords, "set_password", cut)
    with pytest.raises(OwnershipError) as refused:
        rotate_passwords(admin, [FARM], directory / FARM, "127.0.0.1")
    monkeypatch.undo()

    assert str(refused.value) == (
        f"the server was lost while it took another password of {FARM}: run it once more, so that both hold the same "
        "again"
    )
    with psycopg.connect(**hall.database, autocommit=True) as again:
        rotate_passwords(again, [FARM], hall.passfile, "127.0.0.1", directory)
    connect(hall, directory / FARM)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nobody"], "nobody is no login of the map: write one of "),
        ([], "it was not said what to do: write --rotate, --to DIRECTORY, or both"),
        (["--to", "{tmp}", "--passfile", "{tmp}/none"], "has no password of "),
    ],
)
def test_command_that_cant_is_one_line(hall: Hall, tmp_path: Path, arguments: list[str], message: str) -> None:
    with pytest.raises(OwnershipError) as refused:
        call_command("ownership", "passwords", *(each.format(tmp=tmp_path) for each in arguments), stdout=StringIO())

    assert message in str(refused.value)
    assert "\n" not in str(refused.value)
