"""Under whom the server runs, where its data lie then, and what belongs to whom."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from freehold import embedded
from freehold.embedded.directories import Directory
from freehold.embedded.programs import Account, can_reach
from freehold.errors import EmbeddedError
from tests.freehold.embedded.conftest import Connect
from tests.freehold.embedded.processes import Child, get_ordinary_account, needs_root

pytestmark = pytest.mark.postgresql


def get_owners(path: Path) -> dict[str, str]:
    """Give who owns what in the directory."""
    return {each.name: pwd.getpwuid(each.stat().st_uid).pw_name for each in path.iterdir()}


def get_uids(pid: int | None) -> set[int]:
    """Give the real, effective and saved account of a process."""
    return set(psutil.Process(pid).uids())


@pytest.fixture
def hidden(base: Path) -> Path:
    """Give a directory that nobody but its owner can pass through, as /root is."""
    directory = base / "hidden"
    directory.mkdir(mode=0o700)
    return directory


@needs_root
def test_root_server_runs_as_nobody_where_asked_and_says_where_data_lie(fresh: str) -> None:
    state = embedded.start(fresh)

    assert state.account == "nobody"
    assert get_uids(state.pid) == {pwd.getpwnam("nobody").pw_uid}
    assert str(state).endswith(f"data in {fresh}/data")
    assert get_owners(Path(fresh)) == {
        "alive": "root",
        "data": "nobody",
        "lock": "root",
        "pgpass": "root",
        "port": "root",
        "server.log": "root",
    }


@needs_root
def test_root_path_out_of_reach_data_lie_elsewhere(hidden: Path, base: Path, connect: Connect) -> None:
    path = str(hidden / "pg")

    state = embedded.start(path)

    data = Path(state.data)
    with connect(path) as connection:
        assert connection.execute("show data_directory").fetchone() == (state.data,)
    assert data.parent.parent == base / "shared"
    assert data.parent.name.startswith("pg-")
    assert str(state).endswith(f"data in {data}")
    assert Path(path, "place").read_text() == f"{data.parent}\n"
    assert (data.parent / "path").read_text() == f"{path}\n"
    assert stat.S_IMODE(hidden.stat().st_mode) == 0o700
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@needs_root
def test_root_path_out_of_reach_second_start_finds_its_data(hidden: Path, connect: Connect) -> None:
    path = str(hidden / "pg")
    with connect(path) as connection:
        connection.execute("create table kept as select 42 as answer")
    embedded.stop(path)

    with connect(path) as connection:
        assert connection.execute("select answer from kept").fetchone() == (42,)


@needs_root
def test_root_two_paths_of_one_name_have_two_places(hidden: Path) -> None:
    first = embedded.start(str(hidden / "one" / "pg"))
    second = embedded.start(str(hidden / "two" / "pg"))

    assert first.data != second.data
    assert first.port != second.port


@needs_root
def test_root_path_removed_and_made_again_leaves_old_data(hidden: Path) -> None:
    path = hidden / "pg"
    old = embedded.start(str(path)).data
    embedded.stop(str(path))
    for each in path.iterdir():
        each.unlink()
    path.rmdir()

    new = embedded.start(str(path)).data

    assert new != old
    assert Path(old, "PG_VERSION").exists()


@needs_root
def test_root_path_copied_is_refused(hidden: Path) -> None:
    path, copy = hidden / "pg", hidden / "copy"
    data = embedded.start(str(path)).data
    embedded.stop(str(path))
    copy.mkdir()
    for each in path.iterdir():
        (copy / each.name).write_bytes(each.read_bytes())

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(str(copy))
    assert str(caught.value) == (
        f"{copy} is a copy of {path}, whose data lie in {data}: remove {copy}, and copy databases with pg_dump"
    )
    for each in copy.iterdir():
        each.unlink()


@needs_root
def test_root_path_moved_takes_its_data_along(hidden: Path) -> None:
    path, moved = hidden / "pg", hidden / "moved"
    data = embedded.start(str(path)).data
    embedded.stop(str(path))
    path.rename(moved)

    assert embedded.start(str(moved)).data == data
    assert (Path(data).parent / "path").read_text() == f"{moved}\n"


@needs_root
def test_root_data_elsewhere_are_gone_says_so(hidden: Path) -> None:
    path = hidden / "pg"
    data = Path(embedded.start(str(path)).data)
    embedded.stop(str(path))
    data.rename(data.with_name("away"))

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(str(path))
    assert str(caught.value) == (
        f"{path}/place says that the data lie in {data}, but there are none: put them back, "
        f"or remove {path} to begin anew"
    )
    assert not data.exists()


@needs_root
def test_pg_account_server_runs_as_it(fresh: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = get_ordinary_account()
    monkeypatch.setenv("PG_ACCOUNT", account.pw_name)

    state = embedded.start(fresh)

    assert state.account == account.pw_name
    assert get_uids(state.pid) == {account.pw_uid}
    assert Path(fresh, "data").stat().st_uid == account.pw_uid


@needs_root
@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "nobody_of_this_name",
            "there is no account 'nobody_of_this_name' to run PostgreSQL: set PG_ACCOUNT to one that exists",
        ),
        ("root", "PG_ACCOUNT=root is root, which PostgreSQL refuses to run as: name an ordinary account"),
    ],
)
def test_pg_account_that_will_not_do_is_refused_and_nothing_is_made(
    name: str, message: str, fresh: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PG_ACCOUNT", name)

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(fresh)
    assert str(caught.value) == message
    assert not Path(fresh).exists()


@needs_root
def test_pg_account_other_than_the_datas_owner_is_refused(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    account = get_ordinary_account()
    monkeypatch.setenv("PG_ACCOUNT", account.pw_name)

    with pytest.raises(EmbeddedError) as caught:
        embedded.start(path)
    assert str(caught.value) == (
        f"PG_ACCOUNT={account.pw_name}, but {path}/data belongs to nobody: unset PG_ACCOUNT, or stop the server and "
        f"give the directory to {account.pw_name} with chown -R"
    )


def test_pg_account_means_nothing_to_an_ordinary_user(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_ACCOUNT", "root")
    base.chmod(0o777)
    account = get_ordinary_account() if os.geteuid() == 0 else None

    state = Child(embedded.start, str(base / "pg"), account=account).wait()

    assert state.account == (account.pw_name if account else psutil.Process().username())


@needs_root
def test_user_runs_server_as_themselves_and_closes_directory(base: Path) -> None:
    account = get_ordinary_account()
    base.chmod(0o777)
    path = base / "pg"

    state = Child(embedded.start, str(path), account=account).wait()

    assert get_uids(state.pid) == {account.pw_uid}
    assert set(get_owners(path).values()) == {account.pw_name}
    assert stat.S_IMODE(path.stat().st_mode) == 0o700
    assert Child(embedded.stop, str(path), account=account).wait() is True


@needs_root
def test_root_on_path_of_user_leaves_it_to_the_user(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PG_ACCOUNT")
    account = get_ordinary_account()
    base.chmod(0o777)
    path = str(base / "pg")
    Child(start_and_stop, path, account=account).wait()

    state = embedded.start(path)

    assert get_uids(state.pid) == {account.pw_uid}
    assert set(get_owners(Path(path)).values()) == {account.pw_name}
    assert Child(embedded.stop, path, account=account).wait() is True
    assert Child(start_and_stop, path, account=account).wait() is True


def start_and_stop(path: str) -> bool:
    embedded.start(path)
    return embedded.stop(path)


@needs_root
def test_user_on_path_of_root_is_refused(path: str) -> None:
    embedded.start(path)

    said = Child(complain, path, account=get_ordinary_account()).wait()

    assert said == (
        f"the embedded PostgreSQL in {path} belongs to another account, which alone may read {path}/pgpass: "
        'run as that account, or put another path into DATABASE_URL=embedded:///PATH, or OPTIONS["embedded"]'
    )
    assert embedded.status(path).running


def complain(path: str) -> str:
    try:
        embedded.stop(path)
    except EmbeddedError as error:
        return str(error)
    return ""


@needs_root
def test_server_of_another_account_is_not_stopped_by_one_who_has_its_passwords(path: str, files: Directory) -> None:
    account = get_ordinary_account()
    pid = embedded.start(path).pid
    for each in (files.path, files.passfile, files.lock):
        os.chown(each, account.pw_uid, account.pw_gid)

    said = Child(complain, path, account=account).wait()

    assert said == (
        f"the embedded PostgreSQL can't use {path}/data/postmaster.pid (Permission denied): see who owns it, or put "
        'another path into DATABASE_URL=embedded:///PATH, or OPTIONS["embedded"]'
    )
    assert embedded.status(path).pid == pid


@needs_root
@pytest.mark.skipif(not shutil.which("setpriv"), reason="has no setpriv to take a capability away")
def test_root_of_a_container_finds_and_stops_server_without_seeing_where_it_works(path: str) -> None:
    """Without CAP_SYS_PTRACE root may not read another account's working directory."""
    state = embedded.start(path)
    code = f"from freehold import embedded; print(embedded.status({path!r}).pid, embedded.stop({path!r}))"

    run = subprocess.run(
        ["setpriv", "--bounding-set=-sys_ptrace", "--inh-caps=-sys_ptrace", "--", sys.executable, "-c", code],
        capture_output=True,
        text=True,
    )

    assert (run.stdout, run.stderr) == (f"{state.pid} True\n", "")


@needs_root
def test_account_that_can_not_pass_is_told_apart(base: Path, hidden: Path) -> None:
    entry = pwd.getpwnam("nobody")
    account = Account("nobody", entry.pw_uid, entry.pw_gid)

    assert [can_reach(account, each) for each in (base, hidden, hidden / "below")] == [True, False, False]
    assert can_reach(None, hidden)
