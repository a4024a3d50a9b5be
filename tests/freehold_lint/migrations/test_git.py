"""With a base: what is new or changed alone, against what the base has; and M501 to M503."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from freehold.findings import LookError
from tests.freehold_lint.migrations.cases import UNUSED, add, sql
from tests.freehold_lint.workshop import Workshop

FIELD = add("models.IntegerField(default=1)")
TABLE = 'migrations.CreateModel("Heap", [("id", models.BigAutoField(primary_key=True))], options={"db_table": "app.heaps"}),'
HEAP = 'migrations.AddField("Heap", "size", models.IntegerField(default=1, unique=True)),'


def list_rules(workshop: Workshop, base: str = "main") -> list[str]:
    """Give the rule and the migration of each finding."""
    return [f"{each.rule} {Path(each.path).stem}" for each in workshop.lint(base)]


@pytest.fixture
def branch(workshop: Workshop) -> Workshop:
    """A checkout on a branch that left main with two migrations, the second of which breaks a rule."""
    workshop.write("0002_old", FIELD)
    workshop.commit()
    workshop.git("checkout", "-qb", "work")
    return workshop


def test_what_the_base_has_is_not_judged(branch: Workshop) -> None:
    assert list_rules(branch) == []
    assert [each.rule for each in branch.lint()] == ["M105"]


@pytest.mark.parametrize("is_committed", [True, False])
def test_what_is_new_is_judged(is_committed: bool, branch: Workshop) -> None:
    branch.write("0003_new", FIELD.replace("extra", "more"))
    if is_committed:
        branch.commit()

    assert list_rules(branch) == ["M105 0003_new"]


def test_what_main_added_meanwhile_does_not_count(branch: Workshop) -> None:
    branch.write("0003_new", FIELD.replace("extra", "more"))
    branch.commit()
    branch.git("checkout", "-q", "main")
    (branch.directory / "other.txt").write_text("x")
    branch.commit()
    branch.git("checkout", "-q", "work")

    assert list_rules(branch) == ["M105 0003_new"]


def test_table_of_the_same_branch_is_new(branch: Workshop) -> None:
    branch.write("0003_heap", TABLE)
    branch.write("0004_size", HEAP)

    assert list_rules(branch) == []
    assert [each.rule for each in branch.lint(names=("0004",))] == ["M105", "M201", "M303"]


def test_waiver_that_is_of_use_without_a_base_is_of_use(branch: Workshop) -> None:
    branch.write("0003_heap", TABLE)
    branch.write("0004_size", f"# lintmigrations: M105 M201 M303 nobody has rows\n{HEAP}")

    assert list_rules(branch) == []
    assert branch.lint(names=("0004",)) == []


def test_field_that_the_branch_takes_out_of_the_state_is_still_in_use(branch: Workshop) -> None:
    branch.write("0003_forget", UNUSED)
    branch.write("0004_drop", sql("ALTER TABLE app.stones DROP COLUMN size"))

    assert list_rules(branch) == ["M002 0004_drop", "M103 0004_drop"]
    assert [each.rule for each in branch.lint(names=("0004",))] == ["M002"]


def test_column_that_the_branch_adds_is_no_running_release_s(branch: Workshop) -> None:
    branch.write("0003_add", add("models.IntegerField(null=True)").replace("extra", "more"))
    branch.write("0004_rename", 'migrations.RenameField("Stone", "more", "most"),')

    assert list_rules(branch) == []
    assert [each.rule for each in branch.lint(names=("0004",))] == ["M102"]


def test_contract_that_the_branch_takes_out_of_the_map_counts(
    branch: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = branch.directory / "contracts.lock.json"
    lock.write_text('{"app.stones": {"size": {"consumers": ["mill"]}}}')
    branch.git("checkout", "-q", "main")
    branch.commit()
    branch.git("checkout", "-qB", "work")
    lock.unlink()
    branch.write("0003_rename", 'migrations.RenameField("Stone", "size", "weight"),')
    monkeypatch.setattr("freehold_lint.migrations.linter.get_directory", lambda: branch.directory)

    assert list_rules(branch) == ["M102 0003_rename", "M111 0003_rename"]
    assert [each.rule for each in branch.lint(names=("0003",))] == ["M102"]


# --- The past ----------------------------------------------------------------------------------------------------
def test_edited_migration_is_reported_and_judged_until_it_is_put_back(branch: Workshop) -> None:
    path = branch.folder / "0002_old.py"
    text = path.read_text()
    path.write_text(text + "# one more line\n")
    branch.forget()
    edited = branch.tell("main")
    path.write_text(text)
    branch.forget()

    assert [line.split(":")[0] for line in edited] == ["M105 app.stones (extra)", "M501 runs.0002_old"]
    assert edited[1].endswith(": it is not what main has, and what databases have that applied it.")
    assert list_rules(branch) == []


def test_edit_may_be_waived(branch: Workshop) -> None:
    path = branch.folder / "0002_old.py"
    waiver = "# lintmigrations: M501 it was applied nowhere yet\nclass Migration"
    path.write_text(path.read_text().replace("class Migration", waiver))
    branch.forget()

    assert list_rules(branch) == ["M105 0002_old"]
    assert [each.rule for each in branch.lint()] == ["M105"]


def test_removed_migration_is_reported_until_it_is_put_back(branch: Workshop) -> None:
    path = branch.folder / "0002_old.py"
    text = path.read_text()
    path.unlink()
    branch.forget()
    removed = branch.tell("main")
    path.write_text(text)
    branch.forget()

    assert removed == ["M502 runs.0002_old: main has it, and databases have applied it."]
    assert list_rules(branch) == []


def test_squashed_migration_may_go(branch: Workshop) -> None:
    (branch.folder / "0002_old.py").unlink()
    path = branch.write("0002_squashed", add("models.IntegerField(null=True)"))
    path.write_text(path.read_text().replace("    initial", "    replaces = [('runs', '0002_old')]\n    initial"))
    branch.forget()

    assert list_rules(branch) == []


def test_migration_before_an_old_one_is_reported_until_it_comes_last(branch: Workshop) -> None:
    old = branch.folder / "0002_old.py"
    early = branch.write("0002_early", sql("SELECT 1"), after="0001_start")
    old.write_text(old.read_text().replace("0001_start", "0002_early"))
    branch.forget()
    broken = list_rules(branch)
    early.unlink()
    old.write_text(old.read_text().replace("0002_early", "0001_start"))
    branch.write("0003_late", sql("SELECT 1"))

    assert broken == ["M105 0002_old", "M501 0002_old", "M503 0002_early"]
    assert list_rules(branch) == []


def test_edited_file_of_sql_is_reported_at_its_migration(branch: Workshop) -> None:
    file = branch.folder / "x.up.sql"
    file.write_text("SELECT 1;")
    path = branch.write("0003_files", "RunFiles(),")
    own = (
        "from pathlib import Path\n\n\nclass RunFiles(migrations.operations.base.Operation):\n"
        "    files = [Path(__file__).parent / 'x.up.sql']\n\n    def state_forwards(self, app_label, state):\n"
        "        pass\n\n\nclass Migration"
    )
    path.write_text(path.read_text().replace("class Migration", own, 1))
    branch.commit()
    file.write_text("SELECT 2;")
    branch.forget()

    assert list_rules(branch, "HEAD") == ["M501 0003_files"]


# --- Where it can't look -----------------------------------------------------------------------------------------
def test_revision_that_is_not_there_is_one_line(branch: Workshop) -> None:
    for name in ("origin/main", "--upload-pack=x"):
        with pytest.raises(LookError) as caught:
            branch.lint(name)
        assert str(caught.value) == f"there is no commit {name!r} here: fetch it, or name another one"


def test_no_checkout_is_one_line(workshop: Workshop) -> None:
    with pytest.raises(LookError) as caught:
        workshop.lint("main")

    assert str(caught.value) == f"{workshop.directory} is no checkout of git"


def test_missing_git_is_one_line(branch: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(os.environ, "PATH", "/nowhere")

    with pytest.raises(LookError) as caught:
        branch.lint("main")

    assert str(caught.value) == "git is not installed, which --base asks what changed"


def test_shallow_clone_is_one_line(branch: Workshop) -> None:
    branch.git("checkout", "-q", "--orphan", "alone")
    (branch.directory / "other.txt").write_text("x")
    branch.commit()

    with pytest.raises(LookError) as caught:
        branch.lint("main")

    assert str(caught.value) == (
        "HEAD and 'main' have no commit in common here: a shallow clone has too few, so fetch more (git fetch "
        "--unshallow)"
    )
