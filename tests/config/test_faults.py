"""What a service's process does while its database is not as it should be: a line says why, and it goes on then."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from django.db import connections

from freehold import embedded
from freehold.embedded.directories import get_directory
from freehold.passfile import set_password
from tests.config.processes import PRODUCTION, ROOT, Site, Visitor, make_url, serving
from tests.disks import make_room, opening_small_disk
from tests.seeded import execute_as_superuser

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("processes")]
PLAIN = {**PRODUCTION, "HTTPS": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
WITHIN = 30.0  # seconds
READY, AWAY, PENDING = (200, "ok\n"), (503, "database away\n"), (503, "migrations pending\n")


def probe(site: Site) -> tuple[int, str]:
    found = Visitor().open(f"{site.url}/readyz")
    return found.status, found.text


def wait_until(site: Site, expected: tuple[int, str]) -> None:
    deadline = time.monotonic() + WITHIN
    while (found := probe(site)) != expected:
        assert time.monotonic() < deadline, (found, site.said)
        time.sleep(0.1)


def list_lines(site: Site, words: str) -> list[str]:
    """Give what its log says with the words in it; nothing may stand there as a traceback."""
    assert "Traceback" not in site.said, site.said
    return [json.loads(line)["event"] for line in site.said.splitlines() if line.startswith("{") and words in line]


@contextmanager
def changed(change: str, back: str, database: str) -> Iterator[None]:
    """Do something as the superuser for the block."""
    execute_as_superuser(change, database)
    try:
        yield
    finally:
        execute_as_superuser(back, database)


def test_migration_that_is_pending_is_named_in_the_log_alone(seeded_database: str, tmp_path: Path) -> None:
    row = "app = 'items' AND name = (SELECT max(name) FROM public.django_migrations WHERE app = 'items')"
    hide = f"UPDATE public.django_migrations SET app = 'hidden' WHERE {row}"
    show = "UPDATE public.django_migrations SET app = 'items' WHERE app = 'hidden'"
    with serving(tmp_path, "api", make_url(seeded_database), **PLAIN) as site:
        with changed(hide, show, seeded_database):
            pending = probe(site)
        again = probe(site)
        (line,) = list_lines(site, "Not ready")

    assert (pending, again) == (PENDING, READY)
    assert re.search(r"Not ready: migrations are pending: items\.\d{4}_\w+$", line)


@pytest.mark.parametrize("service", ["web", "api", "admin"])
def test_drift_is_named_in_the_log_and_takes_no_process_out(service: str, seeded_database: str, tmp_path: Path) -> None:
    give, take = "GRANT TRUNCATE ON app.items TO migrator", "REVOKE TRUNCATE ON app.items FROM migrator"
    with changed(give, take, seeded_database), serving(tmp_path, service, make_url(seeded_database), **PLAIN) as site:
        answers = [probe(site) for _ in range(3)]
        (line,) = list_lines(site, "rift")

    assert answers == [READY] * 3
    assert line.endswith("Drift from what is declared: 1: D013 app.items. See `manage.py ownership check`")


def test_wrong_password_of_one_service_is_its_own_matter(seeded_database: str, tmp_path: Path) -> None:
    wrong = tmp_path / "pgpass"
    set_password(wrong, user="web_rw", password="no-such-password")
    url = re.sub(r"passfile=[^&]*", f"passfile={wrong}", make_url(seeded_database, "web_rw"))
    right = make_url(seeded_database)
    with serving(tmp_path, "web", url, **PLAIN) as web, serving(tmp_path, "api", right, **PLAIN) as api:
        answers = probe(web), probe(api)
        page = Visitor().open(f"{web.url}/")
        lines = list_lines(web, "Not ready")

    assert answers == (AWAY, READY)
    assert page.status == 503
    assert "The database does not answer" in page.text
    assert 'password authentication failed for user "web_rw"' in lines[0]
    assert "no-such-password" not in web.said


@pytest.fixture
def full_disk(seeded_database: str) -> Iterator[Path]:
    """A disk on which sessions lie, and nothing else has room."""
    with opening_small_disk() as small_disk, keeping_sessions(small_disk, seeded_database):
        yield small_disk


@contextmanager
def keeping_sessions(small_disk: Path, seeded_database: str) -> Iterator[None]:
    shutil.chown(small_disk, get_directory(connections.settings["default"]["OPTIONS"]["embedded"]).data.stat().st_uid)
    execute_as_superuser(f"CREATE TABLESPACE small LOCATION '{small_disk}'")
    try:
        execute_as_superuser("ALTER TABLE auth.session SET TABLESPACE small", seeded_database)
        execute_as_superuser("VACUUM FULL auth.session", seeded_database)
        subprocess.run(["dd", "if=/dev/zero", f"of={small_disk}/filler", "bs=64k"], capture_output=True)
        yield
    finally:
        execute_as_superuser("DELETE FROM auth.session", seeded_database)  # what signed in
        execute_as_superuser("ALTER TABLE auth.session SET TABLESPACE pg_default", seeded_database)
        execute_as_superuser("DROP TABLESPACE small")


def test_full_disk_is_a_503_with_its_reason_until_there_is_room(
    full_disk: Path, seeded_database: str, tmp_path: Path
) -> None:
    with serving(tmp_path, "web", make_url(seeded_database), **PLAIN) as site:
        refused = Visitor().sign_in(site, "user@freehold.example")
        reading = Visitor().open(f"{site.url}/login/").status
        ready = probe(site)
        make_room(full_disk)
        signed_in = Visitor().sign_in(site, "user@freehold.example")

    assert (refused.status, reading, ready, signed_in.status) == (503, 200, READY, 200)
    assert "No space left on device" in site.said
    assert "Sign out" in signed_in.text


# --- A server of one's own -------------------------------------------------------------------------------------------
@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    path = str(tmp_path / "server")
    embedded.start(path)
    try:
        yield path
    finally:
        embedded.stop(path)


def manage(url: str, *command: str) -> None:
    environment = {"DATABASE_URL": url, "DEBUG": "1", "ENV_FILE": "/dev/null", "PATH": "/usr/bin:/bin"}
    ran = subprocess.run(
        [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr


def test_server_that_comes_goes_and_comes_back_is_waited_for(server: str, tmp_path: Path) -> None:
    address = embedded.get_address(server)
    url = f"postgresql://{address['host']}:{address['port']}/freehold?passfile={quote(str(address['passfile']))}"
    with serving(tmp_path, "web", url, **PLAIN) as site:
        unmade = probe(site)
        manage(f"embedded://{server}", "migrate", "-v0")
        wait_until(site, READY)
        embedded.stop(server)
        away, page = probe(site), Visitor().open(f"{site.url}/")
        embedded.start(server)
        assert embedded.get_address(server)["port"] == address["port"]
        wait_until(site, READY)
        lines = list_lines(site, "Not ready")

    assert (unmade, away, page.status) == (AWAY, AWAY, 503)
    assert "connection failed" in lines[0]
    assert "Connection refused" in lines[-1]
