"""`DATABASE_URL` becomes an entry of Django's DATABASES.

No error here shows more of the URL than its scheme, its options' names and a file's path: anything else may turn out to
be a password in the wrong place.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from freehold.databases.entries import MADE_OF, URL
from freehold.databases.pools import OPTION as POOL, parse_pool
from freehold.errors import DatabaseURLError

Database = dict[str, Any]

_POSTGRESQL = "freehold.backends.postgresql"
_SQLITE = "freehold.backends.sqlite3"
MEMORY = ":memory:"
_FORMS = "postgresql://host/database, embedded:///path or sqlite:///local.db"
_MEANT = {  # what people write elsewhere, and what it is here
    **dict.fromkeys(("postgresql", "postgres", "psql", "pgsql", "postgis"), "postgresql"),
    **dict.fromkeys(("sqlite", "sqlite3", "file"), "sqlite"),
}
OTHERS = {"mysql": "MySQL", "mariadb": "MariaDB", "oracle": "Oracle", "mssql": "SQL Server"}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_UTF_8 = re.compile(r"[\ud800-\udfff]")  # how Python reads such bytes from the environment
_LONGEST = 63  # bytes of a name in PostgreSQL
_CHOICES = {
    "sslmode": ("disable", "allow", "prefer", "require", "verify-ca", "verify-full"),
    "gssencmode": ("disable", "prefer", "require"),
    "channel_binding": ("disable", "prefer", "require"),
    "target_session_attrs": ("any", "read-write", "read-only", "primary", "standby", "prefer-standby"),
    "transaction_mode": ("DEFERRED", "IMMEDIATE", "EXCLUSIVE"),
}
_WHOLE = {"connect_timeout", "keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count"}
_SQLITE_OPTIONS = {"timeout", "transaction_mode", "init_command"}
_TAKEN = {  # by the embedded server (embedded.postmasters.PLAIN)
    *("host", "hostaddr", "port", "user", "password", "dbname", "passfile", "service", "require_auth"),
    *("channel_binding", "gssencmode", "sslmode", "sslnegotiation", "sslcertmode", "sslrootcert"),
    "target_session_attrs",
}


@dataclass(frozen=True)
class _Parts:
    """A URL taken apart, still percent-encoded. The authority is what follows `//`; there may be none."""

    scheme: str
    authority: str | None
    path: str
    query: str


def parse_database_url(url: str, *, base: Path, schemas: Sequence[str], login: str) -> Database:
    """Give the DATABASES entry for `url`; a relative file path counts from `base`.

    `schemas` are the names the backend splits off a table's name. `login` is the role to connect as where the URL
    names no user; the entry's SWITCH_LOGIN is then True, and commands that need another login take it
    (`freehold.acting.logins`).

    Raises:
        DatabaseURLError: the URL is none of the three kinds, lacks a part, or has one that can't be read.
    """
    parts = split_url(url)
    parsers: dict[str, Callable[[], Database]] = {
        "sqlite": lambda: _parse_sqlite(parts, base),
        "embedded": lambda: _parse_embedded(parts, base, login),
        "postgresql": lambda: _parse_postgresql(parts, base, login),
        "postgres": lambda: _parse_postgresql(parts, base, login),
    }
    if parts.scheme not in parsers:
        raise _get_scheme_error(parts.scheme)
    database = parsers[parts.scheme]()
    database[MADE_OF] = URL
    database["OPTIONS"]["schemas"] = list(schemas)
    return database


def split_url(url: str) -> _Parts:
    """Take the URL apart as libpq does: `#` and `+` mean themselves."""
    if _CONTROL.search(url.strip()):
        raise DatabaseURLError("DATABASE_URL holds a line break or another control character: remove it")
    if _NOT_UTF_8.search(url):
        raise DatabaseURLError("DATABASE_URL holds bytes that are no UTF-8: write the character as %C3%A9 and the like")
    scheme, colon, rest = url.strip().partition(":")
    if not colon or not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme):
        raise DatabaseURLError(f"DATABASE_URL does not begin with a scheme: write {_FORMS}")
    rest, _, query = rest.partition("?")
    if not rest.startswith("//"):
        return _Parts(scheme.lower(), None, rest, query)
    authority, slash, path = rest[2:].partition("/")
    return _Parts(scheme.lower(), authority, slash + path, query)


def _get_scheme_error(scheme: str) -> DatabaseURLError:
    bare = scheme.partition("+")[0]  # SQLAlchemy adds the driver
    if bare in _MEANT:
        return DatabaseURLError(f"DATABASE_URL has the unknown scheme {scheme!r}: write {_MEANT[bare]} instead")
    if bare in OTHERS:
        return DatabaseURLError(
            f"DATABASE_URL names {OTHERS[bare]}, which has no schemas of many owners in one database: write {_FORMS}"
        )
    return DatabaseURLError(f"DATABASE_URL has the unknown scheme {scheme!r}: write {_FORMS}")


# --- SQLite ----------------------------------------------------------------------------------------------------------
def _parse_sqlite(parts: _Parts, base: Path) -> Database:
    """Give the entry for `sqlite:///relative`, `sqlite:./relative`, `sqlite:////absolute` or `sqlite://:memory:`."""
    if parts.authority not in (None, "", MEMORY):
        raise DatabaseURLError("DATABASE_URL names a host for SQLite: write sqlite:///local.db, with three slashes")
    path = parts.authority or _decode(parts.path, "path")
    if parts.authority is not None:
        path = path.removeprefix("/")
    if not path or path.endswith("/"):
        raise DatabaseURLError("DATABASE_URL names no file for SQLite: write sqlite:///local.db or sqlite://:memory:")
    if _has_pool(parts):
        raise DatabaseURLError("DATABASE_URL has a pool for SQLite, which has no server to connect to: leave it out")
    options: dict[str, Any] = _parse_options(parts.query, _SQLITE_OPTIONS)
    if "timeout" in options:
        options["timeout"] = _parse_whole("timeout", options["timeout"])
    return {
        "ENGINE": _SQLITE,
        "NAME": MEMORY if path == MEMORY else resolve(path, base),
        "OPTIONS": options,
        "TEST": {"NAME": MEMORY},  # Django's default; pytest-django, which knows Django's own backends, needs it said
    }


# --- Embedded PostgreSQL ---------------------------------------------------------------------------------------------
def _parse_embedded(parts: _Parts, base: Path, login: str) -> Database:
    """Give the entry for `embedded:///absolute` or `embedded:./relative`."""
    path = _decode(parts.path, "path")
    if parts.authority:
        raise DatabaseURLError(
            "DATABASE_URL has two slashes before the path of the embedded PostgreSQL: "
            "write embedded:///absolute/path, or embedded:./path for one below the project"
        )
    if not path.strip("/"):
        raise DatabaseURLError(
            "DATABASE_URL has no path for the embedded PostgreSQL: write embedded:///absolute/path or embedded:./path"
        )
    if _has_pool(parts):  # it would wait in vain for logins that the first command makes on its way
        raise DatabaseURLError("DATABASE_URL has a pool for the embedded PostgreSQL, which takes none: leave it out")
    options = _parse_options(parts.query, _list_libpq_options() - _TAKEN, taken=_TAKEN)
    return {
        "ENGINE": _POSTGRESQL,
        "NAME": "freehold",
        "USER": login,
        "SWITCH_LOGIN": True,
        "OPTIONS": {**options, "embedded": resolve(path, base)},
    }


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
def _parse_postgresql(parts: _Parts, base: Path, login: str) -> Database:
    """Give the entry for `postgresql://user:password@host:port/database?option=value`."""
    database = parse_server(parts, {POOL})
    database["OPTIONS"] = _with_pool(database["OPTIONS"])
    if not database["NAME"] and "service" not in database["OPTIONS"]:
        raise DatabaseURLError("DATABASE_URL names no database: write postgresql://host/database")
    if len(database["NAME"].encode()) > _LONGEST:
        raise DatabaseURLError(
            f"DATABASE_URL names a database of more than {_LONGEST} bytes: PostgreSQL cuts such a name"
        )
    return _with_login(database, base, login)


def _has_pool(parts: _Parts) -> bool:
    return POOL in {pair.partition("=")[0] for pair in parts.query.split("&")}


def _with_pool(options: dict[str, Any]) -> dict[str, Any]:
    """Give the options with the pool as Django takes it, where there is one."""
    return {**options, POOL: parse_pool(options[POOL])} if POOL in options else options


def parse_server(parts: _Parts, more: Collection[str] = ()) -> Database:
    """Give the entry as the URL alone has it, read as libpq does; what it leaves out is empty.

    `more` are options that are not libpq's.

    Manual, "Connection URIs": several hosts, an IPv6 host in brackets, a socket's directory as `?host=/directory`.
    """
    if parts.authority is None:
        raise DatabaseURLError("DATABASE_URL lacks the two slashes after the scheme: write postgresql://host/database")
    account, at, address = parts.authority.rpartition("@")
    if "@" in "".join(pair.partition("=")[0] for pair in parts.query.split("&")) + ("" if at else parts.path):
        raise DatabaseURLError(
            "DATABASE_URL has a / or ? before the @: in a user's name or password write %2F or %3F instead"
        )
    user, _, password = account.partition(":")
    hosts, ports = _parse_hosts(address)
    options = _parse_options(parts.query, {*_list_libpq_options(), *more})
    return {
        "ENGINE": _POSTGRESQL,
        "NAME": options.pop("dbname", "") or _decode(parts.path.removeprefix("/"), "database name"),
        "HOST": _check_hosts(options.pop("host", "")) or hosts,
        "PORT": _check_ports(options.pop("port", "")) or ports,
        "USER": options.pop("user", "") or _decode(user, "user"),
        "PASSWORD": options.pop("password", "") or _decode(password, "password"),
        "OPTIONS": options,
    }


def _with_login(database: Database, base: Path, login: str) -> Database:
    """Give the entry with `login` and the file of the logins' passwords where the URL names no user.

    The file is the one that the URL or PGPASSFILE names, else `var/pgpass` below `base` once it exists.
    """
    database["SWITCH_LOGIN"] = not database["USER"]
    if database["USER"]:
        return database
    if database["PASSWORD"]:
        raise DatabaseURLError(
            "DATABASE_URL has a password and no user: write postgresql://user:password@host/database"
        )
    options = database["OPTIONS"]
    default = base / "var" / "pgpass"
    named = options.get("passfile") or os.environ.get("PGPASSFILE", "")
    if named or default.is_file():
        options["passfile"] = resolve(named, base) if named else str(default)
    return {**database, "USER": login}


def _parse_hosts(address: str) -> tuple[str, str]:
    """Give hosts and ports as libpq takes them: lists with commas, of one length, or no ports at all."""
    hosts, ports = [], []
    for each in address.split(","):
        match = re.fullmatch(r"(\[[^\[\]]*\]|[^:\[\]]*)(?::([^:]*))?", each)
        if not match:
            raise DatabaseURLError(
                "DATABASE_URL has a host that can't be read: write host or host:port, and an IPv6 address as [::1]:5432"
            )
        hosts.append(_decode(match[1].strip("[]"), "host"))
        ports.append(match[2] or "")
    return _check_hosts(",".join(hosts)), _check_ports(",".join(ports)) if any(ports) else ""


def _check_hosts(hosts: str) -> str:
    """Give the hosts as they are. The driver resolves names itself, and breaks on those that DNS can't carry."""
    for host in hosts.split(","):
        try:
            _ = host if host.startswith("/") else host.encode("idna")
        except UnicodeError:
            raise DatabaseURLError(
                "DATABASE_URL has a host that can't exist: between its dots it takes 1 to 63 characters"
            ) from None
    return hosts


def _check_ports(ports: str) -> str:
    for port in filter(None, ports.split(",")):
        if not port.isascii() or not port.isdigit() or len(port) > 5 or not 1 <= int(port) <= 65535:
            raise DatabaseURLError("DATABASE_URL has a port that is no number from 1 to 65535: write host:5432")
    return ports


def _list_libpq_options() -> set[str]:
    from psycopg import pq  # here, for those who use SQLite

    return {option.keyword.decode() for option in pq.Conninfo.get_defaults()}


# --- Parts of all ----------------------------------------------------------------------------------------------------
def _parse_options(query: str, known: Collection[str], *, taken: Collection[str] = ()) -> dict[str, Any]:
    """Give the options by name. The last of two wins, as in libpq."""
    options: dict[str, Any] = {}
    for pair in filter(None, query.split("&")):
        name, sign, value = pair.partition("=")
        name = _decode(name, "option")
        _check_option(name, known, taken)
        if not sign:
            raise DatabaseURLError(f"DATABASE_URL has the option {name!r} without a value: write {name}=value")
        options[name] = value = _decode(value, f"option {name}")
        if value not in _CHOICES.get(name, (value,)):
            raise DatabaseURLError(f"DATABASE_URL has {name}={value!r}: it takes {', '.join(_CHOICES[name])}")
        if name in _WHOLE:
            _parse_whole(name, value)
    return options


def _check_option(name: str, known: Collection[str], taken: Collection[str]) -> None:
    if name in taken:
        raise DatabaseURLError(
            f"DATABASE_URL has the option {name!r}, which the embedded PostgreSQL sets: leave it out"
        )
    if name not in known:
        close = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {close[0]}?" if close else f"it may be one of {', '.join(sorted(known))}"
        raise DatabaseURLError(f"DATABASE_URL has the unknown option {name!r}: {hint}")


def _parse_whole(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > 9:
        raise DatabaseURLError(f"DATABASE_URL has {name}={value!r}: it takes a whole number of up to 9 digits")
    return int(value)


def resolve(path: str, base: Path) -> str:
    """Give the absolute path; `~` is the home directory."""
    try:
        return os.path.normpath(base / Path(path).expanduser())
    except RuntimeError:
        raise DatabaseURLError(
            f"the path {path!r} begins in a home directory that is not known: write it out"
        ) from None


def _decode(text: str, what: str) -> str:
    if re.search(r"%(?![0-9A-Fa-f]{2})", text):
        raise DatabaseURLError(f"DATABASE_URL has a % in its {what} that begins no escape: write %25 for the character")
    try:
        decoded = unquote(text, errors="strict")
    except UnicodeDecodeError:
        raise DatabaseURLError(f"DATABASE_URL has escapes in its {what} that are no UTF-8: escape it again") from None
    if _CONTROL.search(decoded):
        raise DatabaseURLError(f"DATABASE_URL has a control character in its {what}: remove the escape")
    return decoded
