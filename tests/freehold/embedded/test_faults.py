"""What a kill, a crash or a restart of the machine leaves behind, and the start after it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from pathlib import Path

import psutil
import psycopg
import pytest

from freehold import embedded
from freehold.embedded import servers
from freehold.embedded.directories import Directory
from freehold.embedded.launches import is_free
from freehold.errors import EmbeddedError
from freehold.filetrust import FileTrustError
from freehold.passfile import find_password
from tests.freehold.embedded.conftest import Connect
from tests.freehold.embedded.processes import Child, kill_server, needs_root, read_pid, wait_for

pytestmark = pytest.mark.postgresql


def write_pidfile(path: str, pid: int) -> None:
    """Write a postmaster.pid as a crash leaves it, but naming this process."""
    lines = [
        pid,
        f"{path}/data",
        int(time.time()),
        Path(path, "port").read_text().strip(),
        "",
        "127.0.0.1",
        "1 2",
        "ready",
    ]
    Path(path, "data", "postmaster.pid").write_text("\n".join(map(str, lines)) + "\n")


def squat(port: int) -> socket.socket:
    """Listen on the port; connections to it that have just ended are no hindrance."""
    squatter = socket.socket()
    squatter.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    squatter.bind(("127.0.0.1", port))
    squatter.listen()
    return squatter


def test_server_killed_next_call_starts_it_again_with_its_data(path: str, connect: Connect) -> None:
    with connect(path) as connection:
        connection.execute("create table kept as select 42 as answer")
    killed = kill_server(path)

    with connect(path) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)
    assert read_pid(path) != killed


def test_server_killed_with_busy_backend_start_waits_for_its_end(path: str, connect: Connect) -> None:
    """A backend that computes does not see that its server is gone, and holds the shared memory."""
    connection = connect(path)
    backend = psutil.Process(connection.info.backend_pid)
    connection.pgconn.send_query(b"select count(*) from generate_series(1, 10000000)")
    wait_for(lambda: backend.cpu_times().user > 0.1)
    kill_server(path)
    assert backend.is_running()

    with connect(path) as again:
        assert not servers.is_alive(backend)
        assert again.execute("select 1").fetchone() == (1,)


def test_server_killed_with_endless_backend_start_names_it(
    path: str, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    connection = connect(path)
    backend = connection.info.backend_pid
    connection.pgconn.send_query(b"select count(*) from generate_series(1, 300000000)")
    wait_for(lambda: psutil.Process(backend).cpu_times().user > 0.1)
    kill_server(path)
    monkeypatch.setattr(servers, "PATIENCE", 0.5)
    try:
        with pytest.raises(EmbeddedError) as caught:
            embedded.start(path)
    finally:
        os.kill(backend, signal.SIGKILL)

    assert str(caught.value) == (
        f"processes of an earlier PostgreSQL in {path} still run ({backend}): end them, then start again"
    )


def test_client_killed_server_stays_and_undoes_its_work(path: str, base: Path, connect: Connect) -> None:
    with connect(path) as connection:
        connection.execute("create table item (id integer)")
    pid = read_pid(path)
    client = Child(insert_and_wait, path, str(base / "mark"))
    wait_for((base / "mark").exists)
    client.kill()

    with connect(path) as connection:
        connection.execute("truncate item")
        assert connection.execute("select count(*) from item").fetchone() == (0,)
    assert embedded.start(path).pid == pid


def insert_and_wait(path: str, mark: str) -> None:
    """Stand in a transaction until killed."""
    with psycopg.connect(**embedded.get_address(path), user="postgres", dbname="freehold") as connection:
        connection.execute("insert into item values (1)")
        Path(mark).touch()
        time.sleep(60)


def test_pidfile_of_unrelated_process_is_ignored_and_process_left_alone(path: str) -> None:
    with subprocess.Popen(["sleep", "60"]) as bystander:
        write_pidfile(path, bystander.pid)

        assert embedded.status(path).running is False
        assert embedded.stop(path) is False
        assert embedded.start(path).pid != bystander.pid

        assert bystander.poll() is None
        bystander.kill()


def test_pidfile_of_another_postgresql_is_ignored_and_server_left_alone(base: Path, path: str) -> None:
    other = embedded.start(str(base / "other"))
    assert other.pid
    write_pidfile(path, other.pid)

    assert embedded.stop(path) is False
    assert embedded.start(path).pid != other.pid
    assert embedded.status(str(base / "other")) == other


def test_pidfile_of_zombie_is_ignored(path: str) -> None:
    with subprocess.Popen(["true"]) as zombie:
        wait_for(lambda: psutil.Process(zombie.pid).status() == psutil.STATUS_ZOMBIE)
        write_pidfile(path, zombie.pid)

        assert not servers.is_alive(psutil.Process(zombie.pid))  # a container's init may never wait for a server
        assert embedded.start(path).running


@pytest.mark.parametrize("text", ["", "nonsense\n", "-1\n", "99999999999999999999\n", "12\n"])
def test_pidfile_unreadable_is_ignored(path: str, text: str) -> None:
    Path(path, "data", "postmaster.pid").write_text(text)

    assert embedded.status(path).running is False
    assert embedded.start(path).running


def test_port_taken_another_one_is_used_and_remembered(path: str) -> None:
    before = int(Path(path, "port").read_text())
    with squat(before):
        after = embedded.start(path).port

    assert after != before
    assert int(Path(path, "port").read_text()) == after


def test_port_taken_between_look_and_start_another_one_is_tried(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = int(Path(path, "port").read_text())
    with squat(before):
        monkeypatch.setattr("freehold.embedded.launches.is_free", lambda port: port == before or is_free(port))
        after = embedded.start(path).port

    assert after != before


@pytest.mark.parametrize("text", ["", "nonsense", "0", "-5", "70000"])
def test_port_unreadable_a_free_one_is_used(path: str, files: Directory, text: str) -> None:
    files.port.write_text(text)

    assert embedded.start(path).port == int(files.port.read_text())


def test_stranger_on_port_gets_no_password_and_is_not_believed(base: Path, path: str) -> None:
    """Another PostgreSQL answers on the port that our pid file names, but our own server is alive elsewhere."""
    other = embedded.start(str(base / "other"))
    embedded.start(path)
    pidfile = Path(path, "data", "postmaster.pid")
    lines = pidfile.read_text().split("\n")
    pidfile.write_text("\n".join([*lines[:3], str(other.port), *lines[4:]]))
    embedded.facade._known.clear()

    with pytest.raises(EmbeddedError) as caught:
        embedded.get_address(path)

    pidfile.write_text("\n".join(lines))
    assert str(caught.value) == (
        f"the embedded PostgreSQL in {path} runs (process {lines[0]}), but {path}/pgpass holds another password than "
        "the server: put the right file back, or run `manage.py embedded stop` and remove the file: "
        "the next start sets a new one"
    )


def test_server_started_by_hand_is_found_and_stopped(path: str, files: Directory) -> None:
    Child(start_by_hand, path, embedded.status(path).programs, files.port.read_text().strip()).wait()

    assert embedded.start(path).pid == read_pid(path)
    assert not files.log.exists()
    assert embedded.stop(path) is True


def start_by_hand(path: str, programs: str, port: str) -> None:
    """Start the server with pg_ctl, as the owner of the data."""
    owner = Path(path, "data").stat()
    if os.geteuid() == 0:
        os.setgid(owner.st_gid)
        os.setuid(owner.st_uid)
    command = [f"{programs}/pg_ctl", "-w", "-D", f"{path}/data", "-o", f"-p {port}", "-l", "/dev/null", "start"]
    subprocess.run(command, check=True, capture_output=True, cwd="/")


def test_passfile_lost_next_start_sets_new_password(path: str, files: Directory, connect: Connect) -> None:
    before = find_password(files.passfile, user="postgres", host="127.0.0.1")
    files.passfile.unlink()

    with connect(path) as connection:
        assert connection.execute("select 1").fetchone() == (1,)
    assert find_password(files.passfile, user="postgres", host="127.0.0.1") not in (None, before)


def test_passfile_lost_while_running_says_what_to_do(path: str, files: Directory) -> None:
    pid = embedded.start(path).pid
    files.passfile.unlink()
    embedded.facade._known.clear()

    with pytest.raises(EmbeddedError) as caught:
        embedded.get_address(path)
    assert str(caught.value) == (
        f"the embedded PostgreSQL in {path} runs (process {pid}), but {path}/pgpass has no password of postgres: "
        "put the file back, or run `manage.py embedded stop`: the next start sets a new one"
    )
    assert embedded.stop(path) is True
    assert embedded.start(path).running


def test_passfile_open_to_others_is_closed(path: str, files: Directory, connect: Connect) -> None:
    files.passfile.chmod(0o644)

    with connect(path) as connection:  # libpq ignores a password file that others may read
        assert connection.execute("select 1").fetchone() == (1,)
    assert files.passfile.stat().st_mode & 0o777 == 0o600


def test_server_full_of_connections_says_so(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    address = embedded.get_address(path)
    monkeypatch.setattr(servers, "REFUSALS", 0.2)
    embedded.facade._known.clear()
    crowd = [psycopg.connect(**address, user="postgres", dbname="freehold") for _ in range(100)]
    try:
        with pytest.raises(EmbeddedError) as caught:
            embedded.get_address(path)
    finally:
        for connection in crowd:
            connection.close()

    assert "but can't be used (" in str(caught.value)
    assert "sorry, too many clients already" in str(caught.value)


def test_settings_broken_start_quotes_the_server(path: str, files: Directory) -> None:
    with open(files.data / "postgresql.conf", "a") as settings:
        settings.write("max_connections = many\n")

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(path)
    assert str(caught.value) == (
        f'PostgreSQL does not start in {path} (FATAL:  configuration file "{path}/data/postgresql.conf" contains '
        f"errors): see {path}/server.log"
    )


def test_directory_moved_while_running_is_stopped_and_started(base: Path, path: str) -> None:
    embedded.start(path)
    moved = str(base / "moved")
    os.rename(path, moved)
    try:
        with pytest.raises(EmbeddedError) as caught:
            embedded.start(moved)
    finally:
        stopped = embedded.stop(moved)

    assert str(caught.value).startswith("the PostgreSQL on port ")
    assert str(caught.value).endswith(
        f"works on {path}/data, not on {moved}/data: if the directory was moved while it ran, "
        "run `manage.py embedded stop`, then start it again"
    )
    assert stopped
    assert embedded.start(moved).data == f"{moved}/data"


@pytest.mark.parametrize("name", ["pgpass", "server.log", "lock", "alive"])
def test_pipe_in_the_place_of_a_file_is_refused_by_name(name: str, path: str) -> None:
    Path(path, name).unlink(missing_ok=True)
    os.mkfifo(Path(path, name))

    with pytest.raises(FileTrustError) as caught:
        embedded.start(path)
    assert str(caught.value) == (
        f"{path}/{name} is no plain file, which is not written to: see who put it there, and remove it"
    )
    Path(path, name).unlink()


@needs_root
def test_place_that_names_another_directory_is_refused_and_nothing_is_removed(base: Path) -> None:
    precious, path = base / "precious", base / "pg"
    for directory in (precious, path):
        directory.mkdir()
    (precious / "kept").touch()
    (path / "place").write_text(f"{precious}\n")

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(str(path))
    assert str(caught.value).startswith(f"{path}/place names {precious}, which does not lie in {base}/shared: see who")
    assert (precious / "kept").exists()
