"""Password files: what is written, what libpq makes of it, and what several writers and readers see."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from freehold.passfile import (
    PassfileEntry,
    PassfileError,
    find_password,
    generate_password,
    get_or_add_password,
    list_entries,
    set_password,
)
from tests.freehold.embedded.processes import Child, get_ordinary_account, needs_root


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file that is not there yet."""
    return tmp_path / "var" / "pgpass"


def get_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_file_missing_knows_nobody(path: Path) -> None:
    assert list_entries(path) == []
    assert find_password(path, user="web_rw") is None
    assert not path.parent.exists()


def test_password_added_is_random_closed_and_kept(path: Path) -> None:
    first = get_or_add_password(path, user="web_rw")
    again = get_or_add_password(path, user="web_rw")
    other = get_or_add_password(path, user="api_rw")

    assert first == again != other
    assert path.read_text() == f"127.0.0.1:*:*:web_rw:{first}\n127.0.0.1:*:*:api_rw:{other}\n"
    assert get_mode(path) == 0o600
    assert os.listdir(path.parent) == ["pgpass"]


def test_password_generated_has_192_bits_and_needs_no_escape() -> None:
    passwords = {generate_password() for _ in range(100)}

    assert len(passwords) == 100
    assert {len(password) for password in passwords} == {32}
    assert all(password.replace("-", "").replace("_", "").isalnum() for password in passwords)


def test_password_set_stands_in_the_place_of_its_old_one(path: Path) -> None:
    path.parent.mkdir()
    path.write_text(
        "# mine\n\ndb:5432:shop:ada:one\ndb:*:*:web_rw:old\nshort:line\ndb:*:*:api_rw:two\ndb:*:*:web_rw:older"
    )

    set_password(path, user="web_rw", host="db", password="new")

    assert path.read_text() == "# mine\n\ndb:5432:shop:ada:one\ndb:*:*:web_rw:new\nshort:line\ndb:*:*:api_rw:two\n"


def test_password_set_stands_before_a_line_that_would_win(path: Path) -> None:
    """libpq takes the first line that matches."""
    path.parent.mkdir()
    path.write_text("*:*:*:*:everybody\n")

    set_password(path, user="web_rw", host="db", password="own")

    assert path.read_text() == "db:*:*:web_rw:own\n*:*:*:*:everybody\n"
    assert find_password(path, user="web_rw", host="db") == "own"
    assert find_password(path, user="api_rw", host="db") == "everybody"


@pytest.mark.parametrize("password", ["a:b", "a\\b", "\\", ":", "a\\:b", " spaces ", "pässwörd 数", "#no comment", ""])
def test_password_with_special_characters_comes_back(path: Path, password: str) -> None:
    set_password(path, user="we:b\\rw", password=password)

    assert list_entries(path) == [PassfileEntry("127.0.0.1", "*", "*", "we:b\\rw", password)]


@pytest.mark.parametrize("password", ["a\nb", "a\rb", "a\0b"])
def test_password_with_line_break_is_refused_and_file_stays(path: Path, password: str) -> None:
    set_password(path, user="web_rw", password="kept")

    with pytest.raises(PassfileError) as caught:
        set_password(path, user="web_rw", password=password)

    assert str(caught.value) == ("a password file can't hold a line break: choose another password or login name")
    assert find_password(path, user="web_rw", host="127.0.0.1") == "kept"


def test_file_with_windows_line_ends_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"db:*:*:web_rw:secret\r\n")

    assert find_password(path, user="web_rw", host="db") == "secret"


def test_file_with_bytes_that_are_no_utf_8_keeps_them(path: Path) -> None:
    path.parent.mkdir()
    path.write_bytes(b"db:*:*:ada:\xff\xfe\n")

    set_password(path, user="web_rw", host="db", password="x")

    assert path.read_bytes() == b"db:*:*:ada:\xff\xfe\ndb:*:*:web_rw:x\n"


def test_file_open_to_others_is_closed(path: Path) -> None:
    """libpq ignores a file that others may read."""
    path.parent.mkdir()
    path.write_text("db:*:*:web_rw:secret\n")
    path.chmod(0o644)

    assert get_or_add_password(path, user="web_rw", host="db") == "secret"
    assert get_mode(path) == 0o600


def test_file_that_is_a_link_stays_one(path: Path, tmp_path: Path) -> None:
    path.parent.mkdir()
    path.symlink_to(tmp_path / "real")

    set_password(path, user="web_rw", password="x")

    assert path.is_symlink()
    assert (tmp_path / "real").read_text() == "127.0.0.1:*:*:web_rw:x\n"


def test_leftover_of_a_killed_writer_is_no_hindrance(path: Path) -> None:
    path.parent.mkdir()
    leftover = path.with_name(".pgpass.new")
    leftover.write_text("half")

    set_password(path, user="web_rw", password="x")

    assert os.listdir(path.parent) == ["pgpass"]


def test_writers_at_once_lose_nothing_and_agree(path: Path) -> None:
    users = [f"user_{index % 4}" for index in range(12)]

    children = [Child(add_password, path, user) for user in users]
    found = [(user, child.wait()) for user, child in zip(users, children, strict=True)]

    assert len(set(found)) == 4
    assert {(entry.user, entry.password) for entry in list_entries(path)} == set(found)


def add_password(path: Path, user: str) -> str:
    return get_or_add_password(path, user=user)


def test_reader_never_sees_half_a_file(path: Path) -> None:
    set_password(path, user="first", password="x" * 2000)
    seen = set()
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            seen.add(find_password(path, user="first", host="127.0.0.1"))

    reader = threading.Thread(target=read)
    reader.start()
    for index in range(30):
        set_password(path, user=f"user_{index}", password="y")
    done.set()
    reader.join()

    assert seen == {"x" * 2000}


@needs_root
def test_file_of_another_person_stays_theirs_when_root_writes(path: Path) -> None:
    account = get_ordinary_account()
    path.parent.mkdir()
    path.touch(0o600)
    os.chown(path, account.pw_uid, account.pw_gid)

    set_password(path, user="web_rw", password="x")

    assert (path.stat().st_uid, path.stat().st_gid) == (account.pw_uid, account.pw_gid)


def test_directory_in_its_place_is_refused_by_name(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(PassfileError) as caught:
        get_or_add_password(path, user="web_rw")
    assert str(caught.value) == f"{path} can't be written (Is a directory): see who owns it and its directory"


def test_parent_that_is_a_file_is_refused_by_name(path: Path) -> None:
    path.parent.touch()

    with pytest.raises(PassfileError) as caught:
        get_or_add_password(path, user="web_rw")
    assert str(caught.value) == f"{path} can't be written (File exists): see who owns it and its directory"


def test_entry_shows_no_password() -> None:
    assert repr(PassfileEntry("db", "*", "*", "web_rw", "secret")) == "PassfileEntry(db:*:*:web_rw)"
