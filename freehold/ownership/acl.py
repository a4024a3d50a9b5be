"""Access control lists as PostgreSQL writes them (manual, "Privileges", table of abbreviations)."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from freehold.ownership.comparable import PUBLIC, DatabaseObject, Grant, ObjectKind

LETTERS = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "m": "MAINTAIN",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "c": "CONNECT",
    "T": "TEMPORARY",
    "s": "SET",
    "A": "ALTER SYSTEM",
}
PRIVILEGES: dict[ObjectKind, str] = {  # what there is on each, and an owner has; on tables also MAINTAIN, since 17
    "database": "CTc",
    "schema": "UC",
    "table": "arwdDxt",
    "column": "arwx",
    "sequence": "rwU",
    "function": "X",
    "type": "U",
    "language": "U",
    "tablespace": "C",
    "foreign server": "U",
    "foreign data wrapper": "U",
    "large object": "rw",
    "parameter": "sA",
    "other": "",
}
_MAINTAIN = 170000  # the first version that has this privilege on tables


class AclEntry(NamedTuple):
    """A privilege that someone holds on an object without owning it; `grantor` is empty for the object's owner."""

    grantee: str
    privilege: str
    option: bool = False
    grantor: str = ""


Acl = frozenset[AclEntry]

# What PUBLIC holds on an object whose list was never written.
BUILT_IN: dict[ObjectKind, Acl] = {
    "database": frozenset({AclEntry(PUBLIC, "CONNECT"), AclEntry(PUBLIC, "TEMPORARY")}),
    "function": frozenset({AclEntry(PUBLIC, "EXECUTE")}),
    "type": frozenset({AclEntry(PUBLIC, "USAGE")}),
}


class ParsedAcl(NamedTuple):
    """What a list gives: to others, and to the owner, whose letters stand for themselves."""

    others: Acl
    owners: frozenset[str]


def make_grant(found: DatabaseObject, entry: AclEntry) -> Grant:
    return Grant(found, entry.privilege, entry.grantee, entry.option, entry.grantor)


@lru_cache(maxsize=65536)
def parse_acl(text: str, owner: str) -> ParsedAcl:
    """Read a list of `grantee=letters/grantor`, a line each. A privilege that may be passed on gives two entries."""
    others: set[AclEntry] = set()
    own: set[str] = set()
    for line in text.splitlines():
        grantee, rest = _split_name(line)
        letters, _, grantor = rest[1:].partition("/")
        by = _split_name(grantor)[0]
        if grantee == owner:
            own.update(letters.replace("*", ""))
        else:
            others.update(_iter_entries(grantee or PUBLIC, letters, "" if by == owner else by))
    return ParsedAcl(frozenset(others), frozenset(own))


def _iter_entries(grantee: str, letters: str, grantor: str) -> list[AclEntry]:
    """Give the entries that letters stand for; a star after one is the right to pass it on."""
    found = []
    for letter, after in zip(letters, f"{letters[1:]} ", strict=True):
        if letter != "*":
            word = LETTERS.get(letter, letter)
            found.append(AclEntry(grantee, word, False, grantor))
            if after == "*":
                found.append(AclEntry(grantee, word, True, grantor))
    return found


def _split_name(text: str) -> tuple[str, str]:
    if not text.startswith('"'):
        end = min((place for place in (text.find("="), text.find("/")) if place >= 0), default=len(text))
        return text[:end], text[end:]
    end = 1
    while text[end] != '"' or text[end + 1 : end + 2] == '"':
        end += 2 if text[end] == '"' else 1
    return text[1:end].replace('""', '"'), text[end + 1 :]


def list_missing_letters(kind: ObjectKind, owners: frozenset[str], version: int) -> list[str]:
    """Give the privileges that an owner lacks on its own object."""
    wanted = PRIVILEGES[kind] + ("m" if kind == "table" and version >= _MAINTAIN else "")
    return [LETTERS[letter] for letter in wanted if letter not in owners]
