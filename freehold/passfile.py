"""Password files as libpq reads them: `host:port:database:user:password`, one login a line.

PostgreSQL manual, "The Password File". libpq ignores a file that others may read, so that it is 0600 from its first
byte on; it is replaced as a whole, so that a reader never sees half of it.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
from dataclasses import dataclass
from pathlib import Path

from freehold.errors import FreeholdError
from freehold.filelocks import file_lock
from freehold.filetrust import open_trusted, resolve_trusted

_FIELD = r"((?:\\.|[^:\\]|\\$)*)"  # a backslash takes the next character as it is; at the end it is one itself
_LINE = re.compile(":".join([_FIELD] * 5))  # libpq ends the password at the next bare colon
_ESCAPED = re.compile(r"\\(.)")
ANY = "*"


class PassfileError(FreeholdError):
    """The password file can't be read or written, or a value can't stand in one."""


@dataclass(frozen=True)
class PassfileEntry:
    """One line. `*` in the first four fields matches everything."""

    host: str
    port: str
    database: str
    user: str
    password: str

    def __repr__(self) -> str:
        return f"PassfileEntry({self.host}:{self.port}:{self.database}:{self.user})"

    @property
    def key(self) -> tuple[str, str, str, str]:
        return self.host, self.port, self.database, self.user

    def matches(self, key: tuple[str, str, str, str]) -> bool:
        """Say whether libpq takes this line for a connection with these parameters."""
        return all(have in (ANY, want) for have, want in zip(self.key, key, strict=True))

    @property
    def line(self) -> str:
        return ":".join(_escape(field) for field in (*self.key, self.password))


def list_entries(path: Path) -> list[PassfileEntry]:
    """Give the file's entries in its order; empty where there is no such file.

    Raises:
        PassfileError: the file can't be read.
    """
    return [entry for line in _read_lines(path) if (entry := _parse_line(line))]


def find_password(path: Path, *, user: str, host: str = ANY, port: str = ANY, database: str = ANY) -> str | None:
    """Give the password that libpq would take: the first line that matches wins."""
    wanted = host, port, database, user
    for entry in list_entries(path):
        if entry.matches(wanted):
            return entry.password
    return None


def get_or_add_password(path: Path, *, user: str, host: str = "127.0.0.1") -> str:
    """Give the login's password; where it has none yet, add a line with a random one of 192 bits.

    Safe when several processes do it at once: all get the same.

    Raises:
        PassfileError: the file can't be read or written.
    """
    return _store_password(path, user=user, host=host, password=None)


def set_password(path: Path, *, user: str, password: str, host: str = "127.0.0.1") -> None:
    """Write the login's password: into its line where there is one, else as a new line.

    Raises:
        PassfileError: the file can't be written, or the password holds a line break.
    """
    _store_password(path, user=user, host=host, password=password)


def _store_password(path: Path, *, user: str, host: str, password: str | None) -> str:
    """Give the password that the file holds afterwards; `None` keeps one that is there."""
    try:
        target = resolve_trusted(path)
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        with file_lock(target.parent):
            close_to_others(target)
            if password is None and (found := find_password(target, user=user, host=host)) is not None:
                return found
            entry = PassfileEntry(host, ANY, ANY, user, generate_password() if password is None else password)
            replace(target, _with_entry(_read_lines(target), entry))
            return entry.password
    except OSError as error:
        raise PassfileError(f"{path} can't be written ({error.strerror}): see who owns it and its directory") from error


def generate_password() -> str:
    """Give a random password of letters, digits, `-` and `_`, with 192 bits in it."""
    return secrets.token_urlsafe(24)


def _with_entry(lines: list[str], entry: PassfileEntry) -> list[str]:
    """Give the lines with the entry in its old place, and before any other that libpq would take for the same login."""
    parsed = [_parse_line(line) for line in lines]
    place = next((index for index, old in enumerate(parsed) if old and old.matches(entry.key)), len(lines))
    rest = [line for line, old in zip(lines[place:], parsed[place:], strict=True) if not old or old.key != entry.key]
    return [*lines[:place], entry.line, *rest]


def replace(path: Path, lines: list[str]) -> None:
    """Put a file with these lines in the place of `path`, whole, 0600, of the same owner. The caller holds the lock."""
    scratch = path.with_name(f".{path.name}.new")
    scratch.unlink(missing_ok=True)  # of a process that was killed at this
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="surrogateescape", newline="\n") as file:
        _keep_owner(path, descriptor)
        file.writelines(f"{line}\n" for line in lines)
        file.flush()
        os.fsync(descriptor)
    scratch.replace(path)


def close_to_others(path: Path) -> None:
    """Take others' rights to the file away: libpq ignores a file that has any."""
    try:
        descriptor = open_trusted(resolve_trusted(path), os.O_RDONLY)
    except FileNotFoundError:
        return
    try:
        if sys.platform != "win32" and os.fstat(descriptor).st_mode & 0o077:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def _keep_owner(path: Path, descriptor: int) -> None:
    """As root, give the open file to the owner of the one that it replaces: it may be another person's."""
    if sys.platform != "win32" and os.geteuid() == 0 and path.exists():
        owner = path.lstat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)


def _read_lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8", errors="surrogateescape")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise PassfileError(f"{path} can't be read ({error.strerror}): see who owns it") from error
    return [line.rstrip("\r") for line in text.removesuffix("\n").split("\n")] if text else []


def _parse_line(line: str) -> PassfileEntry | None:
    """Give the line's entry; none for a comment, a blank or a line short of fields."""
    if not line or line.startswith("#"):
        return None
    match = _LINE.match(line)
    return PassfileEntry(*(_ESCAPED.sub(r"\1", field) for field in match.groups())) if match else None


def _escape(field: str) -> str:
    """Give the field with `:` and `\\` escaped.

    Raises:
        PassfileError: it holds a line break or NUL, which no escape can carry.
    """
    if any(character in field for character in "\r\n\0"):
        raise PassfileError("a password file can't hold a line break: choose another password or login name")
    return field.replace("\\", "\\\\").replace(":", "\\:")
