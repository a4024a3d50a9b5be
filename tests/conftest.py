"""What every test may use. The suite's own server is an embedded one, ended with the run."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from django.db import connection
from hypothesis import HealthCheck, settings as hypothesis_settings
from pytest_django import fixtures
from pytest_django.fixtures import Settings

from freehold.testing import as_service, migrator, refusing_crossings
from tests.dialect import DIALECT, IS_OWNER, OWNER
from tests.seeded import seeded, seeded_database

if TYPE_CHECKING:
    from playwright.sync_api import Browser

COUNTED = {  # what tests count in their properties, and how it is told at the end
    "attempts": "attack matrix: {:,} attempts, each answered as declared",
    "attempts on 15": "grants' part of it on PostgreSQL 15: {:,} attempts, each answered as declared",
}
FAULTS = "faults: "  # begins the property of a test that cuts off runs of migrations; a kind of fault follows
HERE = Path(__file__).parent
# Enough in the first of make test's runs: PostgreSQL's own refusals, servers of their own, and what reads texts alone.
ONCE = (
    HERE / "attacks",
    HERE / "config" / "test_containers.py",
    HERE / "config" / "clients" / "test_typescript.py",
    HERE / "config" / "test_faults.py",
    HERE / "config" / "test_pooler.py",
    HERE / "config" / "test_procedures.py",
    HERE / "config" / "test_processes.py",
    HERE / "freehold" / "embedded",
    HERE / "freehold" / "migrator" / "on_15",
    HERE / "freehold" / "operations" / "moving" / "test_old_release.py",
    HERE / "freehold" / "operations" / "test_backfill.py",
    HERE / "freehold" / "operations" / "test_load.py",
    HERE / "freehold_lint" / "migrations",
    HERE / "freehold_lint" / "test_beside.py",
    HERE / "freehold_lint" / "test_completeness.py",
    HERE / "freehold_lint" / "test_exceptions.py",
    HERE / "freehold_lint" / "test_parsing.py",
    HERE / "freehold_lint" / "test_raw_sql.py",
    HERE / "freehold_lint" / "test_tools.py",
    HERE / "freehold_lint" / "test_undoing.py",
    HERE / "freehold_lint" / "test_uses.py",
    HERE / "freehold_lint" / "test_waivers.py",
)
# Enough with the first Python: long, and not about what differs between two versions of Django.
FIRST = (
    HERE / "admin" / "test_bad_addresses.py",
    HERE / "admin" / "test_bad_input.py",
    HERE / "admin" / "test_conflicts.py",
    HERE / "admin" / "test_transfer_export.py",
    HERE / "admin" / "test_transfer_files.py",
    HERE / "admin" / "test_transfer_import.py",
    HERE / "admin" / "test_transfer_meanwhile.py",
    HERE / "auth_app" / "seeds",
    HERE / "config" / "clients",
    HERE / "config" / "test_api_promises.py",
    HERE / "config" / "test_database_url.py",
    HERE / "config" / "test_hostile_text.py",
    HERE / "config" / "environment" / "test_dotenv.py",
    HERE / "config" / "quickstart",
    HERE / "conventions" / "test_documented_commands.py",
    HERE / "conventions" / "test_field_in_one_place.py",
    HERE / "conventions" / "test_first_hour.py",
    HERE / "freehold" / "adoption",
    HERE / "freehold" / "rights",
    HERE / "freehold_lint",
    HERE / "freehold" / "ownership",
    HERE / "freehold" / "cli" / "test_announcing.py",
    HERE / "freehold" / "migrator" / "test_builds.py",
    HERE / "freehold" / "migrator" / "test_interruptions_sqlite.py",
    HERE / "freehold" / "migrator" / "test_limits.py",
    HERE / "freehold" / "migrator" / "test_lock.py",
    HERE / "freehold" / "migrator" / "test_never_twice.py",
    HERE / "freehold" / "migrator" / "test_never_twice_sqlite.py",
    HERE / "freehold" / "migrator" / "test_poolers.py",
    HERE / "freehold" / "operations" / "moving",
    HERE / "freehold" / "verification",
    HERE / "searches",
    HERE / "test_fixtures.py",
)
# Some ten minutes of whole projects, each with a server, roles and runs of Django's of its own: make test-long.
LONG = (
    HERE / "freehold" / "adoption" / "test_connecting.py",
    HERE / "freehold" / "adoption" / "test_installed_apps.py",
    HERE / "freehold" / "adoption" / "test_moving.py",
    HERE / "freehold" / "adoption" / "test_placement_alone.py",
    HERE / "freehold" / "adoption" / "test_steps.py",
)
# Left out by make test-quick: what starts servers, processes and whole runs of migrations for each test, and what opens
# every page.
SLOW = (
    *LONG,
    HERE / "admin" / "test_bad_addresses.py",
    HERE / "admin" / "test_transfer_export.py",
    HERE / "admin" / "test_transfer_import.py",
    HERE / "admin" / "test_walk.py",
    HERE / "attacks" / "injection",
    HERE / "attacks" / "test_session_keys.py",
    HERE / "config" / "clients",
    HERE / "config" / "test_api_promises.py",
    HERE / "config" / "test_database_url.py",
    HERE / "config" / "environment" / "test_dotenv.py",
    HERE / "config" / "test_containers.py",
    HERE / "config" / "test_faults.py",
    HERE / "config" / "test_pooler.py",
    HERE / "config" / "test_procedures.py",
    HERE / "config" / "test_processes.py",
    HERE / "config" / "quickstart",
    HERE / "config" / "test_hostile_text.py",
    HERE / "conformance",
    HERE / "conventions" / "test_field_in_one_place.py",
    HERE / "conventions" / "test_first_hour.py",
    HERE / "freehold" / "adoption",
    HERE / "freehold" / "embedded",
    HERE / "freehold" / "migrator" / "on_15",
    HERE / "freehold" / "migrator" / "test_faults.py",
    HERE / "freehold" / "migrator" / "test_interruptions.py",
    HERE / "freehold" / "migrator" / "test_server_faults.py",
    HERE / "freehold" / "operations",
    HERE / "freehold" / "rights" / "test_commands.py",
    HERE / "freehold" / "cli" / "test_announcing.py",
    HERE / "freehold" / "verification",
    HERE / "freehold_lint" / "test_beside.py",
    HERE / "freehold_lint" / "test_completeness.py",
    HERE / "freehold_lint" / "test_tools.py",
    HERE / "freehold_lint" / "typed_sql",
    HERE / "searches",
    HERE / "test_fixtures.py",
    HERE / "test_up_down_up.py",
)
# A machine may be busy: no test is about how long an example takes.
hypothesis_settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("suite")
__all__ = ["as_service", "migrator", "seeded", "seeded_database"]  # fixtures for every test


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what belongs to the other dialect, and say so; mark what one run of several is enough for."""
    other = "sqlite" if DIALECT == "postgresql" else "postgresql"
    for item in items:
        check_parameters(item)
        if item.get_closest_marker("browser") or (is_below(item.path, ONCE) and not item.get_closest_marker("sqlite")):
            item.add_marker(pytest.mark.once)
        for mark, places in (("first", FIRST), ("long", LONG), ("slow", SLOW)):
            if is_below(item.path, places):
                item.add_marker(mark)
        if item.get_closest_marker(other):
            item.add_marker(pytest.mark.skip(reason=f"is about {other}; this run is on {DIALECT}"))


def check_parameters(item: pytest.Item) -> None:
    """Refuse a parameter called as a fixture of the browser's. Such a test would be taken for one, and run among those
    that empty the database: before tests that need what `migrate` put there.

    Raises:
        pytest.UsageError: the test has one.
    """
    given = getattr(item, "callspec", None)
    if given and "browser_name" in given.params and not item.get_closest_marker("browser"):
        raise pytest.UsageError(
            f"{item.nodeid} has a parameter called as one of pytest-playwright's fixtures: rename it"
        )


def is_below(path: Path, places: tuple[Path, ...]) -> bool:
    """Tell whether a file is one of the places, or in one."""
    return any(path.is_relative_to(place) for place in places)


def find_databases(test: pytest.Item) -> tuple[Iterable[str], bool]:
    """Give what pytest-django sets up for a test, also for one that asks for that alone and connects by itself: without
    others beside it, it would find no database."""
    found = _find_databases(test)
    return found if found[0] or "django_db_setup" not in getattr(test, "fixturenames", ()) else (["default"], False)


_find_databases = fixtures._get_databases_for_test
fixtures._get_databases_for_test = find_databases


def pytest_sessionstart() -> None:
    """Start the run's server, without waiting for the disk: what it holds is thrown away with the run."""
    if not IS_OWNER or DIALECT != "postgresql":
        return
    from freehold import embedded

    path = f"{os.environ[OWNER]}/postgres"
    embedded.start(path)
    with psycopg.connect(embedded.get_url(path), autocommit=True) as admin:
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):  # the last for stable plans
            admin.execute(f"ALTER SYSTEM SET {setting} = off")
        admin.execute("SELECT pg_reload_conf()")
        admin.execute("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC")  # as bootstrap


def pytest_unconfigure() -> None:
    """End the server that this run started and remove its directory; xdist's workers leave that to the first."""
    if not IS_OWNER:
        return
    directory = os.environ[OWNER]
    if os.path.exists(os.path.join(directory, "postgres")):
        from freehold import embedded

        embedded.stop(os.path.join(directory, "postgres"))
    shutil.rmtree(directory, ignore_errors=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print how much was tried against the database (`tests/attacks`) and broken, over all of xdist's workers."""
    counts: Counter[str] = Counter()
    for report in terminalreporter.stats.get("passed", []):
        for name, count in report.user_properties:
            if name in COUNTED or name.startswith(FAULTS):
                counts[name] += count
    for name, says in COUNTED.items():
        if name in counts:
            terminalreporter.write_line(says.format(counts.pop(name)))
    if counts:
        kinds = ", ".join(f"{count:,} {name.removeprefix(FAULTS)}" for name, count in counts.items())
        said = f"faults: {counts.total():,} runs of migrations cut off, each finished by the next: {kinds}"
        terminalreporter.write_line(said)


@pytest.fixture
def connect_as(db: None) -> Iterator[Callable[[str], psycopg.Connection]]:
    """Give a function that connects to the test database as a login by itself, e.g. `connect_as("web_rw")`.

    The connections see what is committed, so rows made inside a test that rolls back are not there. Closed at the end.
    """
    opened: list[psycopg.Connection] = []

    def connect(login: str) -> psycopg.Connection:
        parameters = {**connection.get_connection_params(), "user": login}
        for name in ("cursor_factory", "context", "prepare_threshold"):
            parameters.pop(name, None)
        opened.append(psycopg.connect(**parameters, autocommit=True))
        return opened[-1]

    yield connect
    for each in opened:
        with closing(each):
            pass


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    from tests.config.browser import CHROMIUM, launch, quit_browser  # playwright: most tests open no page

    if CHROMIUM is None:
        pytest.skip("no chromium is installed: apt-get install chromium")
    driver, browser = launch(CHROMIUM)
    yield browser
    quit_browser(driver, browser)


@pytest.fixture(autouse=True)
def quick_passwords(settings: Settings) -> None:
    """Hash with the fastest hasher: tests make many users, and none of them is about Argon2's cost."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture(autouse=True)
def no_crossings() -> Iterator[None]:
    """Fail a test whose service sends a query across schemas without a contract (docs/rules.md, L050)."""
    with refusing_crossings():
        yield
