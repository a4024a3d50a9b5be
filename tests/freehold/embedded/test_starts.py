"""The first start, the ones after it, and what they leave on disk."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import psutil
import psycopg
import pytest

from freehold import embedded
from freehold.embedded.directories import Directory
from freehold.embedded.postmasters import PLAIN, is_alive
from freehold.errors import EmbeddedError
from tests.freehold.embedded.conftest import Connect
from tests.freehold.embedded.processes import count_starts, read_pid

pytestmark = pytest.mark.postgresql

HOSTILE = {  # what a shell may hold for another server
    "PGDATA": "/nowhere",
    "PGHOST": "nowhere",
    "PGHOSTADDR": "192.0.2.1",
    "PGPORT": "1",
    "PGUSER": "x",
    "PGDATABASE": "x",
    "PGPASSWORD": "wrong",
    "PGPASSFILE": "/nowhere",
    "PGSSLMODE": "verify-full",
    "PGSSLNEGOTIATION": "direct",
    "PGSSLROOTCERT": "system",
    "PGSSLCERTMODE": "require",
    "PGCHANNELBINDING": "require",
    "PGREQUIREAUTH": "password",
    "PGTARGETSESSIONATTRS": "standby",
}


def get_mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_get_address_fresh_path_starts_server_with_database(fresh: str, connect: Connect) -> None:
    address = embedded.get_address(fresh)

    with connect(fresh) as connection:
        row = connection.execute("select current_database(), current_setting('data_directory')").fetchone()
    assert row == ("freehold", f"{fresh}/data")
    assert address == {
        "host": "127.0.0.1",
        "port": int(Path(fresh, "port").read_text()),
        "passfile": f"{fresh}/pgpass",
        **PLAIN,
    }


def test_get_address_implicit_start_says_where_on_stderr(path: str, capfd: pytest.CaptureFixture[str]) -> None:
    port = embedded.get_address(path)["port"]
    embedded.get_address(path)

    said = capfd.readouterr()
    version = embedded.status(path).version
    assert said.err == f"freehold: started PostgreSQL {version} at 127.0.0.1:{port}, data in {path}/data\n"
    assert said.out == ""


def test_start_fresh_path_closes_passwords_data_and_log(fresh: str) -> None:
    embedded.start(fresh)

    modes = {name: get_mode(Path(fresh, name)) for name in ("pgpass", "data", "server.log", "lock", "alive")}
    assert modes == {"pgpass": 0o600, "data": 0o700, "server.log": 0o600, "lock": 0o600, "alive": 0o600}
    assert get_mode(Path(fresh)) == (0o755 if os.geteuid() == 0 else 0o700)
    assert Path(fresh, "pgpass").stat().st_uid == os.geteuid()


def test_start_leaves_nothing_beside_its_files(fresh: str) -> None:
    embedded.start(fresh)

    assert sorted(os.listdir(fresh)) == ["alive", "data", "lock", "pgpass", "port", "server.log"]


def test_start_does_not_touch_directories_that_exist(base: Path, fresh: str) -> None:
    Path(fresh).mkdir()
    Path(fresh).chmod(0o711)
    base.chmod(0o715)
    before = [get_mode(each) for each in (Path(fresh), base, *base.parents)]

    embedded.start(fresh)

    assert [get_mode(each) for each in (Path(fresh), base, *base.parents)] == before


def test_start_strict_umask_makes_path_that_server_can_reach(base: Path) -> None:
    path = str(base / "made" / "here")
    before = os.umask(0o077)
    try:
        state = embedded.start(path)
    finally:
        os.umask(before)

    assert state.data == f"{path}/data"


def test_server_listens_on_loopback_tcp_alone(path: str, connect: Connect) -> None:
    pid = embedded.start(path).pid
    assert pid

    addresses = {each.laddr.ip for each in psutil.Process(pid).net_connections(kind="inet")}
    assert addresses == {"127.0.0.1"}
    with connect(path) as connection:
        assert connection.execute("show unix_socket_directories").fetchone() == ("",)


def test_server_asks_for_scram_passwords(path: str) -> None:
    embedded.start(path)

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(**{**embedded.get_address(path), "password": "wrong"}, user="postgres", dbname="freehold")
    lines = [line.split() for line in Path(path, "data", "pg_hba.conf").read_text().splitlines()]
    assert {line[-1] for line in lines if line and not line[0].startswith("#")} == {"scram-sha-256"}


def test_server_folds_case_by_unicode_and_sorts_by_code_point(path: str, connect: Connect) -> None:
    with connect(path) as connection:
        assert connection.execute("select lower('ÉßЖ'), 'Z' < 'a', getdatabaseencoding()").fetchone() == (
            "éßж",
            True,
            "UTF8",
        )


def test_start_running_server_leaves_it_as_it_is(path: str) -> None:
    first = embedded.start(path)

    assert embedded.start(path) == first
    assert count_starts(path) == 1


def test_start_after_stop_takes_same_port_and_keeps_data(path: str, connect: Connect) -> None:
    with connect(path) as connection:
        connection.execute("create table kept as select 42 as answer")
    before = embedded.get_address(path)

    assert embedded.stop(path)
    assert not embedded.status(path).running

    assert embedded.get_address(path) == before
    with connect(path) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


def test_stop_not_running_says_so(fresh: str) -> None:
    assert embedded.stop(fresh) is False
    assert not Path(fresh).exists()


def test_stop_ends_open_connections(path: str, connect: Connect) -> None:
    connection = connect(path)
    process = psutil.Process(read_pid(path))

    assert embedded.stop(path) is True
    assert not is_alive(process)
    with pytest.raises(psycopg.OperationalError):
        connection.execute("select 1")


@pytest.mark.parametrize("name", ["with space", "pöstgrés 数据库", """quote's "and" $HOME `x` %20;&""", "x" * 150])
def test_start_unusual_path_works(base: Path, name: str, connect: Connect) -> None:
    path = str(base / name)

    with connect(path) as connection:
        assert connection.execute("show data_directory").fetchone() == (f"{path}/data",)
    assert embedded.stop(path)


def test_start_symbolic_link_is_same_server(base: Path, path: str) -> None:
    (base / "link").symlink_to(path)

    first = embedded.start(path)

    assert embedded.start(str(base / "link")) == first


def test_start_database_dropped_makes_it_again(path: str, connect: Connect) -> None:
    with connect(path, dbname="postgres") as connection:
        connection.execute("drop database freehold")
    embedded.stop(path)

    with connect(path) as connection:
        assert connection.execute("select current_database()").fetchone() == ("freehold",)


def test_get_address_hostile_environment_is_ignored(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in HOSTILE.items():
        monkeypatch.setenv(name, value)
    with monkeypatch.context() as options:
        options.setenv("PGOPTIONS", "-c nonsense=1")
        embedded.start(path)

    with psycopg.connect(**embedded.get_address(path), user="postgres", dbname="freehold") as connection:
        assert connection.execute("show data_directory").fetchone() == (f"{path}/data",)


def test_service_of_the_environment_is_unknown_says_so(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """libpq can't be told to leave PGSERVICE alone."""
    monkeypatch.setenv("PGSERVICE", "shop")

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(path)
    assert str(caught.value) == (
        "PGSERVICE=shop names a service that libpq does not find: unset PGSERVICE, which the embedded PostgreSQL has "
        "no use for"
    )


def test_status_before_and_after_start(fresh: str) -> None:
    before = embedded.status(fresh)
    state = embedded.start(fresh)
    embedded.stop(fresh)
    after = embedded.status(fresh)

    assert str(before) == f"not running, nothing in {fresh} yet"
    assert str(state) == f"{state.version} at 127.0.0.1:{state.port}, data in {fresh}/data"
    assert str(after) == f"not running, data in {fresh}/data"
    assert (state.running, state.initialised, after.running, after.initialised) == (True, True, False, True)
    assert state.account == psutil.Process().username() or os.geteuid() == 0
    assert state.log == f"{fresh}/server.log"


def test_get_url_knows_logins_in_passfile(path: str) -> None:
    url = embedded.get_url(path, "postgres")

    with psycopg.connect(url) as connection:
        assert connection.execute("select current_user").fetchone() == ("postgres",)
    with pytest.raises(EmbeddedError) as caught:
        embedded.get_url(path, "web_rw")
    assert str(caught.value) == f"{path}/pgpass has no password of the login 'web_rw': it knows postgres"


def test_log_too_long_begins_anew(path: str, files: Directory, monkeypatch: pytest.MonkeyPatch) -> None:
    files.log.write_text("x" * 101)
    monkeypatch.setattr("freehold.embedded.launches.LOG_LIMIT", 100)

    embedded.start(path)

    assert files.log.with_name("server.log.1").exists()
    assert count_starts(path) == 1
