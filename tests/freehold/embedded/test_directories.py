"""Paths that will not do: one line each, and nothing is made or changed there."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from freehold import embedded
from freehold.embedded.directories import explain_faults
from freehold.errors import EmbeddedError
from tests.freehold.embedded.processes import Child, get_ordinary_account

pytestmark = pytest.mark.postgresql

WAY_OUT = 'put another path into DATABASE_URL=embedded:///PATH, or OPTIONS["embedded"]'


def complain(path: str) -> str:
    """Give what is said against the path."""
    try:
        embedded.start(path)
    except EmbeddedError as error:
        return str(error)
    embedded.stop(path)
    return ""


def complain_to_user(path: Path) -> str:
    """Give what is said to a person who is not root."""
    return Child(complain, str(path), account=get_ordinary_account() if os.geteuid() == 0 else None).wait()


def test_path_relative_is_refused() -> None:
    assert complain("var/pg") == "the path 'var/pg' of the embedded PostgreSQL is relative: give it from the root, /…"


@pytest.mark.parametrize("name", ["a\nb", "a\x7fb", "a\udcffb"])
def test_path_with_control_characters_is_refused(base: Path, name: str) -> None:
    path = f"{base}/{name}"

    assert complain(path) == f"the path {path!r} of the embedded PostgreSQL holds a character it can't use: {WAY_OUT}"
    assert os.listdir(base) == []


def test_path_that_is_a_file_is_refused(base: Path) -> None:
    path = base / "file"
    path.write_text("mine")

    assert complain(str(path)) == (
        f"the embedded PostgreSQL can't use {path} (it is a file): it must be a directory, or one that can be made: "
        f"{WAY_OUT}"
    )
    assert path.read_text() == "mine"


@pytest.mark.parametrize("call", [embedded.start, embedded.stop, embedded.status, embedded.get_address])
def test_path_below_a_file_is_refused_by_every_call(base: Path, call: object) -> None:
    (base / "file").touch()

    with pytest.raises(EmbeddedError) as caught:
        call(str(base / "file" / "pg"))  # type: ignore[operator]
    assert str(caught.value) == (
        f"the embedded PostgreSQL can't use {base}/file/pg (Not a directory): it must be a directory, or one that "
        f"can be made: {WAY_OUT}"
    )


def test_path_too_long_is_refused(base: Path) -> None:
    path = base / ("x" * 256)

    assert complain(str(path)) == (
        f"the embedded PostgreSQL can't use {path} (File name too long): see who owns it, or {WAY_OUT}"
    )


def test_path_in_read_only_directory_is_refused(base: Path) -> None:
    base.chmod(0o555)
    try:
        said = complain_to_user(base / "pg")
    finally:
        base.chmod(0o755)

    assert said == f"the embedded PostgreSQL can't use {base}/pg (Permission denied): see who owns it, or {WAY_OUT}"
    assert os.listdir(base) == []


def test_path_read_only_itself_is_refused(base: Path) -> None:
    path = base / "pg"
    path.mkdir()
    path.chmod(0o555)

    assert complain_to_user(path) == (
        f"the embedded PostgreSQL can't use {path}/lock (Permission denied): see who owns it, or {WAY_OUT}"
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o555
    assert os.listdir(path) == []


def test_path_that_is_a_data_directory_itself_is_refused(base: Path, path: str) -> None:
    data = Path(path, "data")
    before = sorted(os.listdir(data))

    assert complain(str(data)) == (
        f"{data} is itself the data directory of a PostgreSQL, which its own server must start: connect to "
        f"that server (postgresql://…), or {WAY_OUT}"
    )
    assert sorted(os.listdir(data)) == before


def test_path_with_other_data_in_it_is_refused_and_left_as_it_is(base: Path) -> None:
    (base / "data").mkdir()
    (base / "data" / "sales.csv").write_text("mine")

    assert complain(str(base)) == f"{base}/data holds something else than PostgreSQL's data: {WAY_OUT}"
    assert os.listdir(base) == ["data"]
    assert (base / "data" / "sales.csv").read_text() == "mine"


def test_path_with_other_files_keeps_them(base: Path) -> None:
    path = base / "pg"
    path.mkdir()
    (path / "notes.txt").write_text("mine")

    assert complain(str(path)) == ""
    assert (path / "notes.txt").read_text() == "mine"


@pytest.mark.skipif(not os.access("/dev/full", os.W_OK), reason="/dev/full, which answers ENOSPC, is out of reach")
def test_file_system_full_says_so() -> None:
    with pytest.raises(EmbeddedError) as caught, explain_faults("/srv/pg"):
        Path("/dev/full").write_text("x")

    assert str(caught.value) == (
        f"the embedded PostgreSQL can't use /srv/pg (No space left on device): make room, or {WAY_OUT}"
    )
