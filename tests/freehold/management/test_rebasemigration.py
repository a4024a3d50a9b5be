"""Two branches that both add a migration conflict in git, and `manage.py rebasemigration` puts one behind the other."""

from __future__ import annotations

import os
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder

from freehold.acting.logins import using_login
from freehold.authoring import rebasing
from freehold.authoring.order import find_chain
from freehold.errors import MigrationError
from tests.freehold.lanes import BARN, Lane

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out databases that other tests of this run have registered: this one may not ask them."""
    monkeypatch.setattr(connections, "all", lambda: [connections["default"]])


class Repository:
    """The lane under version control."""

    def __init__(self, lane: Lane) -> None:
        self.lane = lane
        self.run("init", "-q", "-b", "main")

    def run(self, *arguments: str, status: int = 0) -> str:
        """Run git; give what it prints."""
        who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b.example", "GIT_CONFIG_GLOBAL": os.devnull}
        who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b.example", "GIT_CONFIG_SYSTEM": os.devnull}
        done = subprocess.run(
            ["git", *arguments], cwd=self.lane.folder, env={**os.environ, **who}, capture_output=True, text=True
        )
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout

    def commit(self, *names: str, after: str, last: bool = True) -> None:
        """Write migrations that follow one another, and commit them."""
        for name in names:
            self.lane.write(name, *([after] if after else []), operations="" if after else BARN)
            after = name
        self.lane.write_last(f"{after}\n")
        self.run("add", "*.py", "max_migration.txt")
        self.run("commit", "-qm", after)


@pytest.fixture
def repository(lane: Lane) -> Repository:
    """A branch `mine` with two migrations, checked out, and `main` with another one."""
    repository = Repository(lane)
    repository.commit("0001_barn", after="")
    repository.run("checkout", "-qb", "mine")
    repository.commit("0002_hay", "0003_hay", after="0001_barn")
    repository.run("checkout", "-q", "main")
    repository.commit("0002_straw", after="0001_barn")
    repository.run("checkout", "-q", "mine")
    return repository


def rebase(lane: Lane, *arguments: str) -> str:
    output = StringIO()
    lane.forget()
    try:
        call_command("rebasemigration", "barn", *arguments, stdout=output)
    finally:
        lane.forget()
    return output.getvalue()


def fail(lane: Lane, *arguments: str) -> str:
    before = {path: path.read_bytes() for path in lane.folder.glob("*.*")}
    with pytest.raises(MigrationError) as caught:
        rebase(lane, *arguments)
    assert {path: path.read_bytes() for path in lane.folder.glob("*.*")} == before
    return str(caught.value)


def get_parents() -> dict[str, frozenset[str]]:
    chain = find_chain("barn")
    assert chain is not None
    return chain.parents


MINE_LAST = {
    "0001_barn": frozenset(),
    "0002_straw": frozenset({"0001_barn"}),
    "0003_hay": frozenset({"0002_straw"}),
    "0004_hay": frozenset({"0003_hay"}),
}


# --- With git --------------------------------------------------------------------------------------------------------
def test_merge_conflicts_and_one_s_own_migrations_go_last(lane: Lane, repository: Repository) -> None:
    conflict = repository.run("merge", "main", status=1)

    printed = rebase(lane)

    assert "CONFLICT (content): Merge conflict in" in conflict
    assert printed == "0002_hay is now 0003_hay\n0003_hay is now 0004_hay\n"
    assert get_parents() == MINE_LAST
    assert lane.read_last() == "0004_hay\n"
    assert lane.check() == []


def test_rebase_conflicts_and_one_s_own_migrations_go_last(lane: Lane, repository: Repository) -> None:
    conflict = repository.run("rebase", "main", status=1)

    rebase(lane)

    assert "CONFLICT (content)" in conflict
    assert get_parents() == MINE_LAST
    assert lane.check() == []


def test_rebase_in_a_worktree_is_seen(lane: Lane, tmp_path: Path) -> None:
    (tmp_path / "git" / "rebase-merge").mkdir(parents=True)
    (tmp_path / ".git").write_text(f"gitdir: {tmp_path / 'git'}\n")

    assert rebasing.is_rebasing(lane.folder)
    (tmp_path / "git" / "rebase-merge").rmdir()
    assert not rebasing.is_rebasing(lane.folder)


# --- Without ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def fork(lane: Lane) -> Lane:
    """Two migrations that both follow the first one."""
    lane.write("0001_barn", operations=BARN)
    lane.write("0002_hay", "0001_barn")
    lane.write("0002_straw", "0001_barn")
    lane.write_last("0002_straw\n")
    return lane


def test_named_migration_goes_last(fork: Lane) -> None:
    assert rebase(fork, "0002_hay") == "0002_hay is now 0003_hay\n"

    assert fork.list_files() == ["0001_barn.py", "0002_straw.py", "0003_hay.py", "__init__.py", "max_migration.txt"]
    assert fork.check() == []


def test_what_names_a_migration_that_moves_names_the_new_one(fork: Lane) -> None:
    path = fork.write("0003_more", "0002_hay", operations="# 'barn', '0002_hay' of ('barn', \"0002_hay\")\n")

    rebase(fork, "0003_more")

    text = (fork.folder / "0004_more.py").read_text()
    assert not path.exists()
    assert "0002_hay" not in text
    assert text.count("0003_hay") == 3


@pytest.mark.django_db(transaction=True)
def test_migration_that_is_applied_is_refused(fork: Lane) -> None:
    with using_login(connection, "migrator"):
        MigrationRecorder(connection).record_applied("barn", "0002_hay")
    try:
        message = fail(fork, "0002_hay")
    finally:
        with using_login(connection, "migrator"):
            MigrationRecorder(connection).record_unapplied("barn", "0002_hay")

    assert message == (
        "0002_hay of app barn is applied in database 'default' and would get another name: run `manage.py migrate barn "
        "0001_barn` there first"
    )


def test_name_that_ends_no_branch_is_refused(fork: Lane) -> None:
    end = "say which is to be the last, 0002_hay or 0002_straw"

    assert fail(fork, "0001_barn") == f"0001_barn ends no branch of app barn: {end}"
    assert fail(fork) == f"max_migration.txt has no conflict that names yours: {end}"


def test_one_branch_is_refused(lane: Lane) -> None:
    lane.write("0001_barn", operations=BARN)

    assert fail(lane, "0001_barn") == (
        "the migrations of app barn follow one another: it takes two that end the app's migrations"
    )


def test_three_branches_are_refused(fork: Lane) -> None:
    fork.write("0002_oats", "0001_barn")

    assert fail(fork, "0002_hay") == (
        "the migrations of app barn end in 0002_hay, 0002_oats, 0002_straw: it takes two that end the app's migrations"
    )


def test_dependency_that_is_no_text_is_refused(fork: Lane) -> None:
    path = fork.folder / "0002_hay.py"
    path.write_text(path.read_text().replace("'0001_barn'", "'0001' '_barn'"))

    assert fail(fork, "0002_hay").endswith(
        "0002_hay.py does not say ('barn', '0001_barn') among its dependencies: change them to 0002_straw by hand, and "
        "write the last name into max_migration.txt"
    )


def test_app_that_is_not_one_s_own_is_refused() -> None:
    with pytest.raises(MigrationError) as caught:
        call_command("rebasemigration", "admin")

    assert str(caught.value) == (
        "app 'admin' is none of the project's own: they are auth_app, master, items, profile, tenancy, runs, sealing, "
        "limits, freehold"
    )


def test_failed_write_puts_everything_back(fork: Lane, monkeypatch: pytest.MonkeyPatch) -> None:
    wrote = Path.write_bytes

    def refuse(path: Path, content: bytes) -> int:
        if path.name == "max_migration.txt" and content != b"0002_straw\n":
            raise OSError(28, "No space left on device", str(path))
        return wrote(path, content)

    monkeypatch.setattr(Path, "write_bytes", refuse)

    assert fail(fork, "0002_hay").endswith("max_migration.txt can't be written: No space left on device")
