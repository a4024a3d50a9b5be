"""What docs/operations.md says to do with servers, done: a managed server, what to watch, a replica."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
import pytest

from freehold import embedded
from tests.config.processes import PRODUCTION, ROOT, Visitor, find_port, serving
from tests.freehold.embedded.processes import wait_for

pytestmark = [pytest.mark.postgresql, pytest.mark.xdist_group("processes")]
PLAIN = {**PRODUCTION, "HTTPS": "0", "DJANGO_SETTINGS_MODULE": "config.settings"}
SERVICES = ("web", "api", "admin")


# --- A server that others manage -------------------------------------------------------------------------------------
class Shop:
    """A database of a server on which we are nobody special."""

    def __init__(self, server: str, directory: Path) -> None:
        self.server, self.directory = server, directory
        address = embedded.get_address(server)
        self.at = f"{address['host']}:{address['port']}/shop"
        self.url = f"postgresql://{self.at}"
        self.watching = f"postgresql://watcher:of-watcher@{address['host']}:{address['port']}/postgres"
        self.passfile = directory / "pgpass"

    def manage(self, *command: str, url: str = "") -> subprocess.CompletedProcess[str]:
        environment = {"PATH": os.defpath, "DEBUG": "1", "ENV_FILE": "/dev/null", "PGPASSWORD": ""}
        environment |= {"DATABASE_URL": url or self.url, "PGPASSFILE": str(self.passfile)}
        if "--admin-url" in command:
            environment["PGPASSWORD"] = "of-dba"
        return subprocess.run(
            [sys.executable, "manage.py", *command], cwd=ROOT, env=environment, capture_output=True, text=True
        )


@pytest.fixture(scope="module")
def shop() -> Iterator[Shop]:
    """Prepared by a login that may make roles, and owns its database: as managed servers give one."""
    with tempfile.TemporaryDirectory(prefix="freehold-managed-") as place:
        os.chmod(place, 0o755)
        server = os.path.join(place, "server")
        embedded.start(server)
        try:
            with psycopg.connect(embedded.get_url(server), autocommit=True) as root:
                root.execute("CREATE ROLE dba LOGIN CREATEROLE PASSWORD 'of-dba'")
                root.execute("CREATE ROLE watcher LOGIN PASSWORD 'of-watcher' IN ROLE pg_monitor")
                root.execute("GRANT CONNECT ON DATABASE postgres TO watcher")
                root.execute("CREATE DATABASE shop OWNER dba")
            shop = Shop(server, Path(place))
            admin = ["--admin-url", f"postgresql://dba@{shop.at}"]
            for command in (["ownership", "bootstrap", *admin], ["migrate"], ["seed", "up", "--kind", "reference"]):
                done = shop.manage(*command)
                assert done.returncode == 0, done.stdout + done.stderr
            yield shop
        finally:
            embedded.stop(server)


def test_managed_server_without_a_superuser_serves_every_service(shop: Shop, tmp_path: Path) -> None:
    answers = {}
    for name in SERVICES:
        url = f"{shop.url}?passfile={quote(str(shop.passfile))}"
        with serving(tmp_path, name, url, **PLAIN) as site:
            answers[name] = Visitor().open(f"{site.url}/readyz").text
    checked = shop.manage("ownership", "check")
    again = shop.manage("ownership", "bootstrap", "--admin-url", f"postgresql://dba@{shop.at}")

    assert answers == dict.fromkeys(SERVICES, "ok\n")
    assert re.findall(r"D\d{3} .*?:", checked.stdout) == ["D015 database postgres:", "D015 database template1:"]
    assert (again.returncode, "Nothing to do" in again.stdout) == (0, True)


def test_what_to_watch_is_there_for_a_login_that_monitors(shop: Shop) -> None:
    text = (ROOT / "docs" / "operations.md").read_text().partition("### What to watch\n")[2].partition("\n### ")[0]
    (block,) = re.findall(r"```sql\n(.*?)```", text, re.DOTALL)
    statements = [each.strip() for each in block.split(";") if each.strip()]

    with psycopg.connect(shop.watching, autocommit=True) as watcher:
        found = [len(watcher.execute(each.encode()).fetchall()) for each in statements]
    assert len(found) >= 4
    assert found[0] > 0


# --- A replica -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def replica(shop: Shop) -> Iterator[str]:
    """A streaming replica of it; give its address, as the shop's is given."""
    place, port = shop.directory / "replica", find_port()
    postmaster = psutil.Process(int((Path(shop.server) / "data" / "postmaster.pid").read_text().split()[0]))
    binaries, account = Path(postmaster.exe()).parent, {"user": postmaster.uids().real, "group": postmaster.gids().real}
    place.mkdir(mode=0o700)
    shutil.chown(place, **account)
    given = {} if os.getuid() else account
    primary = f"{embedded.get_url(shop.server).rpartition('/')[0]}/postgres"
    copy = [str(binaries / "pg_basebackup"), "-d", primary, "-D", str(place), "-R", "-X", "stream", "-c", "fast"]
    subprocess.run(copy, check=True, capture_output=True, **given)
    words = ["-c", f"port={port}", "-c", "listen_addresses=127.0.0.1", "-c", "unix_socket_directories="]
    command = [str(binaries / "postgres"), "-D", str(place), *words]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **given)
    url = f"postgresql://127.0.0.1:{port}/shop"
    try:
        wait_for(lambda: is_up(f"postgresql://watcher:of-watcher@127.0.0.1:{port}/postgres"), 60)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def is_up(url: str) -> bool:
    try:
        with psycopg.connect(url) as connection:
            return connection.execute("SELECT pg_is_in_recovery()").fetchone() == (True,)
    except psycopg.OperationalError:
        return False


def test_replica_answers_what_only_reads(shop: Shop, replica: str, tmp_path: Path) -> None:
    url = f"{replica}?passfile={quote(str(shop.passfile))}"
    with serving(tmp_path, "api", url, **PLAIN) as api, serving(tmp_path, "web", url, **PLAIN) as web:
        reads = [Visitor().open(api.url + page).status for page in ("/readyz", "/items/", "/api/v1/categories")]
        pages = [Visitor().open(web.url + page).status for page in ("/readyz", "/login/")]

    assert (reads, pages) == ([200] * 3, [200] * 2)
