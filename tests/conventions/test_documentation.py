"""What a user can type or meet is documented: commands, settings, check ids; and nothing there is out of date."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PLACES = ("*/management/commands/*.py", "freehold/*/management/commands/*.py")
COMMANDS = sorted(path.stem for place in PLACES for path in ROOT.glob(place) if not path.stem.startswith("_"))
CHECK_ID = re.compile(r"freehold\.[EW]\d{3}")


def read(pattern: str) -> str:
    return "\n".join(path.read_text() for path in sorted(ROOT.glob(pattern)))


@pytest.mark.parametrize("command", COMMANDS)
def test_command_is_documented(command: str) -> None:
    assert f"manage.py {command}" in read("docs/*.md") + read("README.md")


def test_check_ids_have_one_entry_each() -> None:
    raised = set(CHECK_ID.findall(read("freehold/checks/*.py") + read("freehold/backends/**/*.py")))
    headings = re.findall(r"^#+ .*?(freehold\.[EW]\d{3})", read("docs/checks.md"), re.MULTILINE)

    assert sorted(headings) == sorted(raised)


def test_lint_rules_have_one_entry_each_with_their_titles() -> None:
    from freehold_lint.project import TITLES

    headings = re.findall(r"^#+ (L\d{3}) (.+)$", read("docs/rules.md"), re.MULTILINE)

    assert dict(headings) == TITLES
    assert len(headings) == len(TITLES)


def test_rules_about_migrations_have_one_entry_each_with_their_titles() -> None:
    from freehold_lint.migrations.titles import TITLES

    headings = re.findall(r"^#+ (M\d{3}) (.+)$", read("docs/lintmigrations.md"), re.MULTILINE)

    assert dict(headings) == TITLES
    assert len(headings) == len(TITLES)


def test_rules_about_migrations_have_a_test_each() -> None:
    from freehold_lint.migrations.titles import TITLES

    tests = read("tests/freehold_lint/**/*.py")

    assert [rule for rule in TITLES if f'"{rule}' not in tests] == []


def test_links_between_pages_lead_somewhere() -> None:
    pages = [ROOT / "README.md", ROOT / "CHANGELOG.md", *ROOT.glob("docs/**/*.md")]
    broken = [
        (page.name, target)
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_files_stay_short() -> None:
    listed = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True)
    texts = {name: (ROOT / name).read_text() for name in listed.stdout.split()}
    long = {
        name: count
        for name, text in texts.items()
        if (count := text.count("\n")) > 500 and not text.startswith('"""Written by `manage.py compilesql`')
    }

    assert long == {}
