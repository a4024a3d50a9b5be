"""Every command line in the documentation is one that its command takes, and examples are of what is yet to do."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.core.management import get_commands, load_command_class
from django.core.management.base import BaseCommand, CommandError, CommandParser

from freehold.authoring.drafts import choose_app
from freehold.ownership import get_ownership

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/**/*.md"))]
BLOCK = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"(?<!`)`([^`]+)`(?!`)")
LINE = re.compile(r"(?:^|\s)manage\.py ([a-z_]+)((?:[ \n][^\n`;&#>)]*)?)")
OPEN = re.compile(r"…|[A-Z]{3,}\b(?!=)|\[|\|")  # what stands for something else: `--app APP`, `[--yes]`, `up|down`


def get_parser(name: str) -> CommandParser:
    command = get_commands().get(name)
    if command is None:
        raise CommandError(f"there is no command {name}")
    loaded = command if isinstance(command, BaseCommand) else load_command_class(command, name)
    return loaded.create_parser("manage.py", name)


def list_options(parser: CommandParser) -> set[str]:
    """Give all options of a command, those of its sub-commands too."""
    found: set[str] = set()
    for action in parser._actions:
        found.update(action.option_strings)
        if isinstance(action.choices, dict):
            for child in action.choices.values():
                found |= list_options(child)
    return found


def iter_lines(page: Path) -> Iterator[tuple[str, str, bool]]:
    """Yield each command of a page, its arguments, and whether it stands in a block to copy."""
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            yield from ((name, rest, True) for name, rest in LINE.findall(line))
    for code in INLINE.findall(re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)):
        for name, rest in LINE.findall(code):
            yield name, rest.replace("\n", " "), False


CASES = sorted({(page.name, *line) for page in PAGES for line in iter_lines(page)})


def find_fault(name: str, rest: str, is_whole: bool) -> str:
    """Give what the command does not take; empty where all is well."""
    try:
        parser = get_parser(name)
        if is_whole and not OPEN.search(rest):
            parser.parse_args(shlex.split(rest))
            return ""
    except (CommandError, ValueError) as error:
        return str(error)
    named = {word.partition("=")[0] for word in re.findall(r"(?<!\S)\[?(--[a-z][a-z-]*)", rest)}
    unknown = named - list_options(parser)
    return f"no option {', '.join(sorted(unknown))}" if unknown else ""


@pytest.mark.parametrize(
    ("document", "name", "rest", "is_whole"), CASES, ids=[f"{each[0]}: {each[1]}{each[2]}" for each in CASES]
)
def test_documented_command_line_is_taken(document: str, name: str, rest: str, is_whole: bool) -> None:
    assert find_fault(name, rest, is_whole) == ""


@pytest.mark.parametrize(
    ("line", "is_whole"),
    [
        ("rolback --steps 2", True),
        ("rollback --step-count 2", True),
        ("rollback --to", True),
        ("rollback --stop N", False),
    ],
)
def test_command_line_that_is_not_taken_is_found(line: str, is_whole: bool) -> None:
    name, _, rest = line.partition(" ")

    assert find_fault(name, f" {rest}", is_whole) != ""


@pytest.mark.parametrize(
    "rest", sorted({rest for _, name, rest, _ in CASES if name == "newmigration" and "--" in rest})
)
def test_documented_migration_is_one_that_can_be_written(rest: str) -> None:
    options = get_parser("newmigration").parse_args(shlex.split(rest))

    _, app = choose_app(get_ownership(), options.schema, options.app)

    assert list(Path(apps.get_app_config(app).path).rglob(f"*_{options.name}.*")) == []


# --- Examples of migrations ------------------------------------------------------------------------------------------
def test_example_adds_a_column_that_is_not_there() -> None:
    text = (ROOT / "docs" / "migrations.md").read_text(encoding="utf-8")
    added = set(re.findall(r"AddField\(\"(\w+)\", \"(\w+)\"", text))
    written = set(re.findall(r"ALTER TABLE app\.items ADD COLUMN IF NOT EXISTS (\w+)", text))

    assert {column for _, column in added} == written != set()
    for model, column in added:
        with pytest.raises(FieldDoesNotExist):
            apps.get_model("items", model)._meta.get_field(column)


def test_example_has_a_number_that_is_free() -> None:
    text = (ROOT / "docs" / "migrations.md").read_text(encoding="utf-8")
    taken = {path.name[:4] for path in (ROOT / "items" / "migrations").glob("[0-9]*.py")}

    numbers = set(re.findall(r"(?:items/migrations/|rebasemigration items |sqlmigrate items )(\d{4})", text))
    assert numbers
    assert numbers & taken == set()
