"""`manage.py quickstart`, which `make run` calls: in processes of its own, with a server of its own."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from config.quickstart.ports import describe_holder, why_taken
from freehold import embedded
from tests.config.processes import PRODUCTION, find_port
from tests.config.quickstart.starts import find_address, prepare, running, wait_until
from tests.dialect import OWNER

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A place for the embedded server: with a space in it, as people's directories have."""
    directory = Path(tempfile.mkdtemp(prefix="quick start ", dir=os.environ[OWNER]))
    directory.chmod(0o755)  # the server's own account gets there, so that its data lie there too
    yield f"embedded://{directory}/postgres"
    embedded.stop(f"{directory}/postgres")


def answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=30).status == 200)
    except (urllib.error.URLError, OSError):
        return False


def count_rows(url: str) -> tuple[int, ...]:
    """Count the rows of some tables of an embedded server."""
    with psycopg.connect(embedded.get_url(url.removeprefix("embedded://"))) as root:
        tables = ("master.locations", "app.items", 'auth."user"', "public.migration_history")
        return tuple(root.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in tables)


@pytest.mark.postgresql
@pytest.mark.xdist_group("quickstart")
def test_quickstart_from_nothing_serves_and_stops_what_it_started(url: str) -> None:
    with running(url) as (site, lines):
        address = find_address(lines)
        items = urllib.request.urlopen(f"{address}/items/").read().decode()
        login = urllib.request.urlopen(f"{address}/admin/login/").status
        with running(url) as (_, second):
            other = find_address(second)
            urllib.request.urlopen(other)
        urllib.request.urlopen(address)
        before = count_rows(url)
        os.kill(embedded.status(url.removeprefix("embedded://")).pid or 0, signal.SIGKILL)
        is_back = wait_until(lambda: answers(f"{address}/items/") and answers(f"{address}/healthz"))
        after = count_rows(url)

    assert "/items/?category=electronics" in items, "no demo data on the page"
    assert login == 200
    assert other != address
    assert any("admin@freehold.example" in line for line in lines)
    assert not any("Traceback" in line for line in lines)
    assert is_back, "the server was killed, and the site did not start it again"
    assert before == after
    assert after[0] > 30_000
    assert site.returncode == 130
    assert not embedded.status(url.removeprefix("embedded://")).running


@pytest.mark.parametrize(
    ("port", "message"),
    [
        ("eighty", "freehold: PORT='eighty' is no port: set it to a number from 1 to 65535"),
        ("70000", "freehold: port 70000 does not exist: choose one from 1 to 65535"),
    ],
)
def test_quickstart_wrong_port_is_one_line(port: str, message: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", "quickstart"],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db", "PORT": port},
        capture_output=True,
        text=True,
    )

    assert (run.returncode, run.stderr.strip()) == (1, message)
    assert not list(tmp_path.iterdir()), "a wrong port is found before anything is made"


def test_quickstart_port_taken_names_it(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = subprocess.run(
            [sys.executable, "manage.py", "quickstart", "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/x.db"},
            capture_output=True,
            text=True,
        )

    assert run.returncode == 1
    assert run.stderr.strip() == (
        f"freehold: port {port} on 127.0.0.1 can't be used (address already in use by process {os.getpid()} "
        f"({psutil.Process().name()})): choose another with PORT=… or --port"
    )


# --- What is refused before anything is made -------------------------------------------------------------------------
def test_quickstart_refuses_what_migrate_refuses(tmp_path: Path) -> None:
    (tmp_path / "wrong.py").write_text(
        "from config.settings import *\nMIDDLEWARE = [each for each in MIDDLEWARE if 'Message' not in each]\n"
    )
    settings = {"DJANGO_SETTINGS_MODULE": "wrong", "PYTHONPATH": f"{tmp_path}:{ROOT}"}
    done = prepare(f"sqlite:///{tmp_path}/local.db", **settings)

    assert done.returncode == 1
    assert "SystemCheckError" in done.stderr
    assert "admin.E409" in done.stderr
    assert not (tmp_path / "local.db").exists()


# --- Demo data -----------------------------------------------------------------------------------------------------
def count_users(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        return int(connection.execute('SELECT count(*) FROM "auth.user"').fetchone()[0])


def migrate(url: str) -> None:
    words = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(words, cwd=ROOT, env={**os.environ, "DATABASE_URL": url}, check=True)


NONE = "Seeds · countries, cities, categories; no demo data (--demo loads them)"
ALL = "Seeds · countries, cities, categories, demo data"


@pytest.mark.sqlite
def test_quickstart_loads_demo_data_into_a_file_that_it_makes_and_again_into_that(tmp_path: Path) -> None:
    file = tmp_path / "local.db"
    first, second = (prepare(f"sqlite:///{file}") for _ in range(2))

    assert (first.returncode, second.returncode) == (0, 0), first.stderr
    assert ALL in first.stdout
    assert ALL in second.stdout
    assert first.stderr == f"Database: SQLite file {file}\n"
    assert count_users(file) > 10
    assert [path.name for path in tmp_path.iterdir() if "making" in path.name] == []


@pytest.mark.sqlite
def test_quickstart_loads_no_demo_data_into_a_file_that_it_did_not_make(tmp_path: Path) -> None:
    file = tmp_path / "local.db"
    url = f"sqlite:///{file}"
    migrate(url)
    with running(url, "--port", str(find_port())) as (_, lines):
        pass
    untold = count_users(file)
    told = prepare(url, "--demo")

    assert any(NONE in line for line in lines)
    assert untold == 0
    assert not any("freehold-demo" in line or "@freehold.example" in line for line in lines)
    assert "  Nobody is an administrator yet: `manage.py createsuperuser` makes one." in lines
    assert ALL in told.stdout
    assert count_users(file) > 10


@pytest.mark.sqlite
def test_quickstart_goes_on_where_a_first_start_was_cut_off_but_not_over_users(tmp_path: Path) -> None:
    file = tmp_path / "local.db"
    url = f"sqlite:///{file}"
    migrate(url)
    (tmp_path / "local.db.making").touch()
    with sqlite3.connect(file) as connection:
        connection.execute(
            """
            INSERT INTO "auth.user"
                (id, password, is_superuser, email, display_name, is_active, is_staff, created_at, updated_at)
            VALUES ('1', '', 0, 'ann@x.example', '', 1, 0, '2026-01-01', '2026-01-01')
            """
        )
    with_user = prepare(url)
    (tmp_path / "local.db.making").touch()
    with sqlite3.connect(file) as connection:
        connection.execute('DELETE FROM "auth.user"')
    without = prepare(url)

    assert NONE in with_user.stdout, with_user.stderr
    assert ALL in without.stdout, without.stderr


@pytest.mark.sqlite
def test_quickstart_without_demo_and_without_debug_makes_no_logins(tmp_path: Path) -> None:
    files = [tmp_path / "no-demo.db", tmp_path / "no-debug.db"]
    asked = prepare(f"sqlite:///{files[0]}", "--no-demo")
    quiet = prepare(f"sqlite:///{files[1]}", **PRODUCTION)
    with running(f"sqlite:///{files[1]}", "--port", str(find_port()), **PRODUCTION) as (_, lines):
        pass
    told = prepare(f"sqlite:///{files[1]}", "--demo", **PRODUCTION)

    assert NONE in asked.stdout, asked.stderr
    assert NONE in quiet.stdout, quiet.stderr
    assert not any("freehold-demo" in line for line in lines)
    assert ALL in told.stdout
    assert (count_users(files[0]), count_users(files[1]) > 10) == (0, True)


@pytest.mark.sqlite
def test_quickstart_prints_no_login_whose_password_is_another_or_that_is_off(tmp_path: Path) -> None:
    file = tmp_path / "local.db"
    prepare(f"sqlite:///{file}")
    with sqlite3.connect(file) as connection:
        connection.execute("""UPDATE "auth.user" SET password = '!' WHERE email = 'admin@freehold.example'""")
    with running(f"sqlite:///{file}", "--port", str(find_port())) as (_, lines):
        pass

    assert [line.split()[-2] for line in lines if "freehold-demo" in line] == ["user@freehold.example"]


# --- After kill -9 -------------------------------------------------------------------------------------------------
@pytest.mark.sqlite
def test_quickstart_killed_takes_its_web_server_along(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/local.db"
    port = find_port()
    with running(url, "--no-demo", "--port", str(port)) as (site, lines):
        holder = describe_holder(port)
        server = psutil.Process(site.pid).children()[0]
        second = prepare_at(url, port)
        family = [server, *server.children(recursive=True)]
        site.kill()
        _, alive = psutil.wait_procs(family, timeout=30)

    assert find_address(lines) == f"http://127.0.0.1:{port}"
    assert holder == f"this project's site, process {server.pid}"
    assert second.stderr == (
        f"freehold: port {port} on 127.0.0.1 can't be used (address already in use by {holder}): choose another with "
        "PORT=… or --port\n"
    )
    assert alive == []
    assert why_taken(port) == ""


def prepare_at(url: str, port: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", "quickstart", "--port", str(port)],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        text=True,
    )


@pytest.mark.sqlite
def test_web_server_that_nobody_waits_for_is_named_with_its_way_out(tmp_path: Path) -> None:
    port = find_port()
    words = ["-m", "config.quickstart.serving", "--interface", "wsgi", "--no-ws", "config.wsgi:application"]
    server = subprocess.Popen(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path}/local.db"},
        stdin=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert server.stdin is not None
    print(port, file=server.stdin, flush=True)
    try:
        assert wait_until(lambda: why_taken(port) != "")
        holder = describe_holder(port)
    finally:
        server.stdin.close()
        server.wait(timeout=30)

    assert holder == (f"this project's site, which process {server.pid} serves for nobody: `kill {server.pid}` ends it")


def test_port_of_somebody_else_is_told_with_the_process(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        assert describe_holder(taken.getsockname()[1]) == f"process {os.getpid()} ({psutil.Process().name()})"


def test_port_that_is_free_is_nobodys() -> None:
    assert describe_holder(find_port()) == ""
