"""`DATABASE_URL`, read: what each form gives, and one line for each way to get it wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from freehold.databases import parse_database_url
from freehold.errors import DatabaseURLError

PASSWORD = "hush-hush"
FORMS = "postgresql://host/database, embedded:///path or sqlite:///local.db"


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out what the caller's shell may have set."""
    monkeypatch.delenv("PGPASSFILE", raising=False)
    monkeypatch.setenv("HOME", "/home/ada")


def parse(url: str, base: Path = Path("/project")) -> dict[str, Any]:
    """Give the entry as the settings would."""
    return parse_database_url(url, base=base, schemas=["auth", "app"], login="web_rw")


# --- SQLite ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sqlite:///local.db", "/project/local.db"),
        ("sqlite:./local.db", "/project/local.db"),
        ("sqlite:local.db", "/project/local.db"),
        (" sqlite:///local.db\n", "/project/local.db"),
        ("SQLite:///local.db", "/project/local.db"),
        ("sqlite:////var/lib/local.db", "/var/lib/local.db"),
        ("sqlite:/var/lib/local.db", "/var/lib/local.db"),
        ("sqlite:///data/../local.db", "/project/local.db"),
        ("sqlite:~/local.db", "/home/ada/local.db"),
        ("sqlite:///my files/a%20b.db", "/project/my files/a b.db"),
        ("sqlite:///50%25+#1.db", "/project/50%+#1.db"),
        ("sqlite://:memory:", ":memory:"),
        ("sqlite:///:memory:", ":memory:"),
    ],
)
def test_sqlite_each_form_gives_file(url: str, name: str) -> None:
    assert parse(url)["NAME"] == name


def test_sqlite_options_are_handed_on() -> None:
    entry = parse("sqlite:///local.db?timeout=7&transaction_mode=IMMEDIATE")

    assert entry == {
        "ENGINE": "freehold.backends.sqlite3",
        "NAME": "/project/local.db",
        "OPTIONS": {"timeout": 7, "transaction_mode": "IMMEDIATE", "schemas": ["auth", "app"]},
        "TEST": {"NAME": ":memory:"},
        "MADE_OF": "DATABASE_URL",
    }


# --- Embedded PostgreSQL ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("embedded:///var/lib/pg", "/var/lib/pg"),
        ("embedded:/var/lib/pg/", "/var/lib/pg"),
        ("embedded:./var/postgres", "/project/var/postgres"),
        ("embedded:var/postgres", "/project/var/postgres"),
        ("embedded:~/pg", "/home/ada/pg"),
        ("embedded:///var/my data/a%20b", "/var/my data/a b"),
    ],
)
def test_embedded_each_form_gives_directory(url: str, path: str) -> None:
    assert parse(url)["OPTIONS"]["embedded"] == path


def test_embedded_connects_as_login_and_may_switch() -> None:
    entry = parse("embedded:///pg?connect_timeout=5")

    assert entry == {
        "ENGINE": "freehold.backends.postgresql",
        "NAME": "freehold",
        "USER": "web_rw",
        "SWITCH_LOGIN": True,
        "OPTIONS": {"connect_timeout": "5", "embedded": "/pg", "schemas": ["auth", "app"]},
        "MADE_OF": "DATABASE_URL",
    }


# --- PostgreSQL ------------------------------------------------------------------------------------------------------
def test_postgresql_user_in_url_is_used_for_everything() -> None:
    entry = parse("postgresql://ada:p%40ss%2Fword@db.example:5433/shop?sslmode=require")

    assert entry == {
        "ENGINE": "freehold.backends.postgresql",
        "NAME": "shop",
        "HOST": "db.example",
        "PORT": "5433",
        "USER": "ada",
        "PASSWORD": "p@ss/word",
        "SWITCH_LOGIN": False,
        "OPTIONS": {"sslmode": "require", "schemas": ["auth", "app"]},
        "MADE_OF": "DATABASE_URL",
    }


def test_postgresql_no_user_connects_as_login_and_may_switch() -> None:
    entry = parse("postgres://db.example/shop")

    assert (entry["USER"], entry["PASSWORD"], entry["SWITCH_LOGIN"]) == ("web_rw", "", True)
    assert "passfile" not in entry["OPTIONS"]


@pytest.mark.parametrize(
    ("query", "variable", "expected"),
    [
        ("", "", "var/pgpass"),
        ("", "/etc/pgpass", "/etc/pgpass"),
        ("", "mine", "mine"),
        ("?passfile=other", "/etc/pgpass", "other"),
    ],
)
def test_postgresql_no_user_passfile_comes_from_url_then_variable_then_project(
    query: str, variable: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "pgpass").touch()
    monkeypatch.setenv("PGPASSFILE", variable)

    entry = parse(f"postgresql://db.example/shop{query}", tmp_path)

    assert entry["OPTIONS"]["passfile"] == str(tmp_path / expected)


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("postgresql:///shop", "", ""),
        ("postgresql://[::1]:5432/shop", "::1", "5432"),
        ("postgresql://a:1,b:2/shop", "a,b", "1,2"),
        ("postgresql://a,b:2/shop", "a,b", ",2"),
        ("postgresql:///shop?host=/var/run/my%20sockets&port=5433", "/var/run/my sockets", "5433"),
        ("postgresql://%2Fvar%2Frun/shop", "/var/run", ""),
        ("postgresql://bücher.example/shop", "bücher.example", ""),
    ],
)
def test_postgresql_hosts_are_read_as_libpq_reads_them(url: str, host: str, port: str) -> None:
    entry = parse(url)

    assert (entry["HOST"], entry["PORT"]) == (host, port)


def test_postgresql_service_file_may_name_the_database() -> None:
    entry = parse("postgresql://?service=shop")

    assert (entry["NAME"], entry["OPTIONS"]["service"]) == ("", "shop")


# --- What is wrong ---------------------------------------------------------------------------------------------------
WRONG = {
    "": f"DATABASE_URL does not begin with a scheme: write {FORMS}",
    "local.db": f"DATABASE_URL does not begin with a scheme: write {FORMS}",
    "://host/shop": f"DATABASE_URL does not begin with a scheme: write {FORMS}",
    f"redis://u:{PASSWORD}@h/0": f"DATABASE_URL has the unknown scheme 'redis': write {FORMS}",
    "sqlite3:///local.db": "DATABASE_URL has the unknown scheme 'sqlite3': write sqlite instead",
    f"postgresql+psycopg://u:{PASSWORD}@h/shop": (
        "DATABASE_URL has the unknown scheme 'postgresql+psycopg': write postgresql instead"
    ),
    f"mysql://u:{PASSWORD}@h/shop": (
        f"DATABASE_URL names MySQL, which has no schemas of many owners in one database: write {FORMS}"
    ),
    f"postgresql://u:{PASSWORD}\n@h/shop": ("DATABASE_URL holds a line break or another control character: remove it"),
    f"postgresql://u:{PASSWORD}\udcff@h/shop": (
        "DATABASE_URL holds bytes that are no UTF-8: write the character as %C3%A9 and the like"
    ),
    # SQLite
    "sqlite:": "DATABASE_URL names no file for SQLite: write sqlite:///local.db or sqlite://:memory:",
    "sqlite:///": "DATABASE_URL names no file for SQLite: write sqlite:///local.db or sqlite://:memory:",
    "sqlite:///data/": "DATABASE_URL names no file for SQLite: write sqlite:///local.db or sqlite://:memory:",
    "sqlite://local.db": "DATABASE_URL names a host for SQLite: write sqlite:///local.db, with three slashes",
    "sqlite:///local.db?timeout=soon": ("DATABASE_URL has timeout='soon': it takes a whole number of up to 9 digits"),
    "sqlite:///local.db?transaction_mode=fast": (
        "DATABASE_URL has transaction_mode='fast': it takes DEFERRED, IMMEDIATE, EXCLUSIVE"
    ),
    "sqlite:///local.db?mode=ro": (
        "DATABASE_URL has the unknown option 'mode': it may be one of init_command, timeout, transaction_mode"
    ),
    "sqlite:///local.db?pool=true": (
        "DATABASE_URL has a pool for SQLite, which has no server to connect to: leave it out"
    ),
    "embedded:///srv/pg?pool=max_size:8": (
        "DATABASE_URL has a pool for the embedded PostgreSQL, which takes none: leave it out"
    ),
    "sqlite://:memory:?timeout=7&pool=max_size:8": (
        "DATABASE_URL has a pool for SQLite, which has no server to connect to: leave it out"
    ),
    "sqlite:~nobody-of-this-name/local.db": (
        "the path '~nobody-of-this-name/local.db' begins in a home directory that is not known: write it out"
    ),
    # Embedded PostgreSQL
    "embedded:": (
        "DATABASE_URL has no path for the embedded PostgreSQL: write embedded:///absolute/path or embedded:./path"
    ),
    "embedded:///": (
        "DATABASE_URL has no path for the embedded PostgreSQL: write embedded:///absolute/path or embedded:./path"
    ),
    "embedded://var/pg": (
        "DATABASE_URL has two slashes before the path of the embedded PostgreSQL: "
        "write embedded:///absolute/path, or embedded:./path for one below the project"
    ),
    "embedded:///pg?user=ada": ("DATABASE_URL has the option 'user', which the embedded PostgreSQL sets: leave it out"),
    # PostgreSQL
    f"postgresql:u:{PASSWORD}@h/shop": (
        "DATABASE_URL lacks the two slashes after the scheme: write postgresql://host/database"
    ),
    f"postgresql://u:{PASSWORD}@h": "DATABASE_URL names no database: write postgresql://host/database",
    f"postgresql://u:{PASSWORD}@h/": "DATABASE_URL names no database: write postgresql://host/database",
    f"postgresql://u:{PASSWORD}@h/{'x' * 64}": (
        "DATABASE_URL names a database of more than 63 bytes: PostgreSQL cuts such a name"
    ),
    f"postgresql://:{PASSWORD}@h/shop": (
        "DATABASE_URL has a password and no user: write postgresql://user:password@host/database"
    ),
    f"postgresql://u:{PASSWORD}@h:{PASSWORD}/shop": (
        "DATABASE_URL has a port that is no number from 1 to 65535: write host:5432"
    ),
    "postgresql://h:65536/shop": "DATABASE_URL has a port that is no number from 1 to 65535: write host:5432",
    "postgresql://h:0/shop": "DATABASE_URL has a port that is no number from 1 to 65535: write host:5432",
    f"postgresql://h:{'1' * 5000}/shop": ("DATABASE_URL has a port that is no number from 1 to 65535: write host:5432"),
    f"postgresql://u:{PASSWORD}%zz@h/shop": (
        "DATABASE_URL has a % in its password that begins no escape: write %25 for the character"
    ),
    f"postgresql://u:{PASSWORD}%ff@h/shop": (
        "DATABASE_URL has escapes in its password that are no UTF-8: escape it again"
    ),
    f"postgresql://u:{PASSWORD}%00@h/shop": "DATABASE_URL has a control character in its password: remove the escape",
    f"postgresql://u:{PASSWORD}/x@h/shop": (
        "DATABASE_URL has a / or ? before the @: in a user's name or password write %2F or %3F instead"
    ),
    f"postgresql://u:{PASSWORD}?x@h/shop": (
        "DATABASE_URL has a / or ? before the @: in a user's name or password write %2F or %3F instead"
    ),
    f"postgresql://u:{PASSWORD}@::1/shop": (
        "DATABASE_URL has a host that can't be read: write host or host:port, and an IPv6 address as [::1]:5432"
    ),
    f"postgresql://u:{PASSWORD}@..example/shop": (
        "DATABASE_URL has a host that can't exist: between its dots it takes 1 to 63 characters"
    ),
    f"postgresql://u:{PASSWORD}@h/shop?sslmod=require": (
        "DATABASE_URL has the unknown option 'sslmod': did you mean sslmode?"
    ),
    f"postgresql://u:{PASSWORD}@h/shop?sslmode=yes": (
        "DATABASE_URL has sslmode='yes': it takes disable, allow, prefer, require, verify-ca, verify-full"
    ),
    f"postgresql://u:{PASSWORD}@h/shop?connect_timeout": (
        "DATABASE_URL has the option 'connect_timeout' without a value: write connect_timeout=value"
    ),
    f"postgresql://u:{PASSWORD}@h/shop?connect_timeout={'9' * 10}": (
        "DATABASE_URL has connect_timeout='9999999999': it takes a whole number of up to 9 digits"
    ),
}


@pytest.mark.parametrize("url", WRONG, ids=lambda url: url.replace(PASSWORD, "…")[:40] or "empty")
def test_url_wrong_is_refused_in_one_line_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseURLError) as caught:
        parse(url)

    assert str(caught.value) == WRONG[url]
    assert PASSWORD not in str(caught.value)
