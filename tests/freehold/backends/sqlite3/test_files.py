"""A file that SQLite could not use is named before SQLite sees it."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from freehold.backends.sqlite3.base import check_file, make_closed
from freehold.errors import DatabaseURLError
from freehold.filetrust import FileTrustError
from tests.freehold.embedded.processes import Child, get_ordinary_account, needs_root


@pytest.fixture
def directory() -> Iterator[Path]:
    """A directory that every account can pass through."""
    with tempfile.TemporaryDirectory(prefix="freehold-files-") as name:
        os.chmod(name, 0o755)
        yield Path(name)


def complain(name: str) -> str:
    """Give what is said against the file; nothing for one that will do."""
    try:
        check_file(name)
    except DatabaseURLError as error:
        return str(error)
    return ""


def complain_as_user(path: Path) -> str:
    """Give what is said to a person who is not root."""
    return Child(complain, str(path), account=get_ordinary_account() if os.geteuid() == 0 else None).wait()


def test_file_missing_empty_or_database_will_do(directory: Path) -> None:
    (directory / "empty.db").touch()
    with sqlite3.connect(directory / "full.db") as connection:
        connection.execute("CREATE TABLE item (id integer)")
    connection.close()

    names = [
        ":memory:",
        "file:memory?mode=memory",
        *(str(directory / each) for each in ("new.db", "empty.db", "full.db")),
    ]
    assert [complain(name) for name in names] == ["", "", "", "", ""]


def test_file_with_space_will_do(directory: Path) -> None:
    assert complain(str(directory / "my local.db")) == ""


def test_directory_is_refused(directory: Path) -> None:
    assert complain(str(directory)) == f"DATABASE_URL names {directory}, which is a directory: name a file in it"


def test_file_in_missing_directory_is_refused(directory: Path) -> None:
    assert complain(str(directory / "none" / "local.db")) == (
        f"DATABASE_URL names {directory}/none/local.db, but there is no directory {directory}/none: make it first"
    )


def test_file_that_is_no_database_is_refused(directory: Path) -> None:
    path = directory / "notes.txt"
    path.write_text("no database at all")

    assert complain(str(path)) == f"DATABASE_URL names {path}, which is no SQLite database: name another file"
    assert path.read_text() == "no database at all"


def test_file_in_read_only_directory_is_refused(directory: Path) -> None:
    directory.chmod(0o555)

    assert complain_as_user(directory / "local.db") == (
        f"DATABASE_URL names {directory}/local.db, but {directory} can't be written: see who owns it"
    )


def test_file_read_only_is_refused(directory: Path) -> None:
    path = directory / "local.db"
    path.touch(0o444)
    directory.chmod(0o777)

    assert complain_as_user(path) == f"DATABASE_URL names {path}, but {path} can't be written: see who owns it"


@pytest.mark.parametrize("umask", [0o022, 0o000])
def test_file_that_is_made_is_for_its_owner_alone(tmp_path: Path, umask: int) -> None:
    before = os.umask(umask)
    try:
        make_closed(str(tmp_path / "local.db"))
    finally:
        os.umask(before)

    assert stat.S_IMODE((tmp_path / "local.db").stat().st_mode) == 0o600
    make_closed(str(tmp_path / "local.db"))
    make_closed(":memory:")


@pytest.mark.parametrize(
    ("found", "kept"), [(0o644, 0o600), (0o604, 0o600), (0o640, 0o600), (0o666, 0o660), (0o660, 0o660), (0o600, 0o600)]
)
@pytest.mark.parametrize("suffix", ["", "-journal", "-wal", "-shm"])
def test_file_of_an_earlier_release_is_closed_to_others(tmp_path: Path, suffix: str, found: int, kept: int) -> None:
    """A group that may write was let in by somebody; one that may read was by the umask."""
    for name in ("local.db", f"local.db{suffix}"):
        (tmp_path / name).touch()
        (tmp_path / name).chmod(found)

    make_closed(str(tmp_path / "local.db"))

    assert stat.S_IMODE((tmp_path / f"local.db{suffix}").stat().st_mode) == kept


def test_link_beside_the_file_is_not_followed_to_another(tmp_path: Path) -> None:
    (tmp_path / "local.db").touch(0o600)
    (tmp_path / "page").touch()
    (tmp_path / "page").chmod(0o644)
    (tmp_path / "local.db-wal").symlink_to("page")

    make_closed(str(tmp_path / "local.db"))

    assert stat.S_IMODE((tmp_path / "page").stat().st_mode) == 0o644


def test_file_that_is_closed_keeps_the_locks_of_its_connections(tmp_path: Path) -> None:
    """To open and close it would end those of this process (sqlite.org/howtocorrupt.html, section 2.2)."""
    path = tmp_path / "local.db"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("CREATE TABLE held (id int)")
    writer.execute("BEGIN IMMEDIATE")
    path.chmod(0o644)

    make_closed(str(path))

    code = f"import sqlite3; sqlite3.connect({str(path)!r}, timeout=0, isolation_level=None).execute('BEGIN IMMEDIATE')"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert said.stderr.endswith("sqlite3.OperationalError: database is locked\n")
    writer.close()


@needs_root
def test_file_of_another_account_keeps_its_rights(tmp_path: Path) -> None:
    path = tmp_path / "local.db"
    path.touch()
    path.chmod(0o644)
    os.chown(path, get_ordinary_account().pw_uid, -1)
    os.chown(tmp_path, get_ordinary_account().pw_uid, -1)

    make_closed(str(path))

    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_file_that_is_a_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "local.db")

    with pytest.raises(FileTrustError, match=r"local\.db is no plain file"):
        make_closed(str(tmp_path / "local.db"))
