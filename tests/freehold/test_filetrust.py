"""Nobody is led to write elsewhere: not by links, pipes or second names; and what is written is for its owner alone."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from config.environment.dotenv import write_dotenv
from config.environment.secret_key import read_or_make
from config.quickstart.first_start import FirstStart
from freehold.embedded.directories import Directory, write_file
from freehold.embedded.launches import _open_log
from freehold.errors import FreeholdError
from freehold.filelocks import open_for_lock
from freehold.filetrust import FileTrustError, check_trusted, make_file, open_trusted, resolve_trusted
from freehold.passfile import close_to_others, set_password
from tests.freehold.embedded.processes import Child, get_ordinary_account, needs_root

WRITERS: dict[str, Callable[[Path], object]] = {
    "passwords": lambda path: set_password(path, user="web_rw", password="x"),
    "closing": close_to_others,
    "lock": open_for_lock,
    "log": lambda path: _open_log(make_directory_of(path)),
    "any": lambda path: open_trusted(path, os.O_WRONLY | os.O_APPEND),
    "look": check_trusted,
}


def make_directory_of(log: Path) -> Directory:
    directory = Directory(log.parent)
    directory.log = log
    return directory


def get_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.fixture
def precious(tmp_path: Path) -> Path:
    """A file of root's, or of whoever runs this, that nobody is to reach by another name."""
    path = tmp_path / "precious"
    path.write_text("kept\n")
    path.chmod(0o644)
    return path


@pytest.fixture
def theirs(tmp_path: Path) -> Path:
    """A directory of another account."""
    directory = tmp_path / "theirs"
    directory.mkdir()
    os.chown(directory, get_ordinary_account().pw_uid, -1)
    return directory


def refuse(write: Callable[[Path], object], path: Path) -> str:
    with pytest.raises(FreeholdError) as caught:
        write(path)
    return str(caught.value)


@needs_root
@pytest.mark.parametrize("name", WRITERS)
def test_root_does_not_follow_the_link_of_another_account(name: str, theirs: Path, precious: Path) -> None:
    path = theirs / "file"
    path.symlink_to(precious)
    os.chown(path, get_ordinary_account().pw_uid, -1, follow_symlinks=False)

    said = refuse(WRITERS[name], path)

    assert said.startswith(f"{path} is a symbolic link")
    assert said.endswith("which is not written to: see who put it there, and remove it")
    assert (precious.read_text(), get_mode(precious)) == ("kept\n", 0o644)


@needs_root
@pytest.mark.parametrize("name", WRITERS)
def test_root_does_not_write_to_what_another_account_gave_a_second_name(
    name: str, theirs: Path, precious: Path
) -> None:
    path = theirs / "file"
    os.link(precious, path)

    assert refuse(WRITERS[name], path).startswith(f"{path} has a second name (a hard link), which is not written to")
    assert (precious.read_text(), get_mode(precious)) == ("kept\n", 0o644)


@needs_root
@pytest.mark.parametrize("name", WRITERS)
def test_root_does_not_write_to_a_file_of_another_account_where_others_may_write(name: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    path = tmp_path / "file"
    path.write_text("")
    os.chown(path, get_ordinary_account().pw_uid, -1)

    assert refuse(WRITERS[name], path).startswith(f"{path} belongs to another account than its directory")


@pytest.mark.parametrize("name", WRITERS)
def test_pipe_is_refused_and_waited_for_by_nobody(name: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    os.mkfifo(path)

    assert refuse(WRITERS[name], path).startswith(f"{path} is no plain file, which is not written to")


@needs_root
def test_root_does_not_go_through_a_link_above_the_file(theirs: Path, tmp_path: Path) -> None:
    (tmp_path / "goal").mkdir()
    (theirs / "way").symlink_to(tmp_path / "goal")

    said = refuse(WRITERS["passwords"], theirs / "way" / "pgpass")

    assert said.startswith(f"{theirs}/way is a symbolic link of another account")
    assert os.listdir(tmp_path / "goal") == []


@needs_root
def test_root_follows_a_link_of_its_own_and_writes_to_files_of_a_directorys_owner(theirs: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (theirs / "pgpass").write_text("")
    os.chown(theirs / "pgpass", get_ordinary_account().pw_uid, -1)

    for path in (tmp_path / "link", theirs / "pgpass"):
        set_password(path, user="web_rw", password="x")
        assert path.read_text() == "127.0.0.1:*:*:web_rw:x\n"
    assert (theirs / "pgpass").stat().st_uid == get_ordinary_account().pw_uid
    assert resolve_trusted(tmp_path / "link") == tmp_path / "real"


@needs_root
def test_ordinary_account_is_refused_a_pipe_and_follows_its_own_link(theirs: Path, tmp_path: Path) -> None:
    for directory in (tmp_path, *list(tmp_path.parents)[:3]):
        directory.chmod(directory.stat().st_mode | 0o111)

    assert Child(use_as_ordinary, theirs, account=get_ordinary_account()).wait() == ["127.0.0.1:*:*:a:x\n", 0o600, True]


def use_as_ordinary(directory: Path) -> list[object]:
    (directory / "link").symlink_to(directory / "real")
    set_password(directory / "link", user="a", password="x")
    os.mkfifo(directory / "pipe")
    try:
        set_password(directory / "pipe", user="a", password="x")
    except FileTrustError:
        return [(directory / "real").read_text(), get_mode(directory / "real"), True]
    return []


# --- New files -------------------------------------------------------------------------------------------------------
def test_new_file_takes_the_place_of_a_link_and_is_closed(tmp_path: Path, precious: Path) -> None:
    path = tmp_path / "new"
    path.symlink_to(precious)

    make_file(path, "x")

    assert (path.read_text(), path.is_symlink(), get_mode(path)) == ("x", False, 0o600)
    assert precious.read_text() == "kept\n"


@pytest.mark.parametrize("name", ["dotenv", "secret key", "file of a server"])
def test_scratch_file_that_lies_ready_as_a_link_is_not_followed(name: str, tmp_path: Path, precious: Path) -> None:
    final = tmp_path / "final"
    scratch = tmp_path / (f".final.{os.getpid()}" if name == "file of a server" else f"final.{os.getpid()}")
    scratch.symlink_to(precious)

    {
        "dotenv": lambda: write_dotenv(final),
        "secret key": lambda: read_or_make(final),
        "file of a server": lambda: write_file(Directory(tmp_path), final, "x"),
    }[name]()

    assert precious.read_text() == "kept\n"
    assert final.is_file()
    assert not final.is_symlink()
    assert get_mode(final) == (0o644 if name == "file of a server" else 0o600)


def test_mark_of_a_first_start_is_not_made_behind_a_link(tmp_path: Path) -> None:
    start = FirstStart.__new__(FirstStart)
    start.mark, start.is_new = tmp_path / "local.db.making", True
    start.mark.symlink_to(tmp_path / "elsewhere")

    assert refuse(lambda path: start.begin(), start.mark).startswith(f"{start.mark} is a symbolic link")
    assert not (tmp_path / "elsewhere").exists()
