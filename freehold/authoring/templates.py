"""The texts that `newmigration` begins with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import OperationWriter

from freehold.authoring.unwritten import Unwritten

UP: Final = """\
-- Runs as {owner}: every name with its schema ({schema}.…), and written so that a second run changes nothing (IF NOT
-- EXISTS, OR REPLACE, ON CONFLICT). PostgreSQL's words; SQLite reads them too, or a file ….up.sqlite.sql of its own.
"""
DOWN: Final = """\
-- Undoes what the way up did, in reverse, and may run twice (IF EXISTS). Where there is nothing to undo, replace these
-- two lines by one that says why: -- nothing to undo: REASON
"""
HEADER: Final = """\
-- kind: {kind}
-- depends:
"""
_MIGRATION: Final = '''\
"""{title}: sql/{stem}.up.sql and .down.sql."""

{imports}


class Migration(migrations.Migration):
{initial}    dependencies = [{dependencies}]

    operations = [
{operation}
    ]
'''
# A list behind the stem, since that is where people look for what goes there.
_PLAIN: Final = """\
        # What the files do to models stands in the list, as Django's own operations: `makemigrations` then finds no
        # difference. Change the models first, and newmigration writes them there.
        RunSQLFiles("{app}", "{stem}", []),"""
FULL: Final = """\
        RunSQLFiles(
            "{app}",
            "{stem}",
            [
{operations}
            ],
        ),"""
_MODELS: Final = "from django.db import models"
_OWN_IMPORT: Final = "from freehold.operations import RunSQLFiles"


def write_migration(app: str, stem: str, last: str, unwritten: Unwritten) -> str:
    """Give the text of a migration that runs the pair of files, behind the app's `last` one."""
    dependencies = [f'("{app}", "{last}")'] if last else []
    imports: set[str] = set()
    for each in unwritten.dependencies:
        text, needed = _write_dependency(each)
        dependencies.append(text)
        imports |= needed
    text, needed = _write_operations(unwritten.operations)
    template = FULL if unwritten.operations else _PLAIN
    operation = template.format(app=app, stem=stem, operations=text)
    return _MIGRATION.format(
        title=stem.partition("_")[2].replace("_", " ").capitalize(),
        stem=stem,
        imports=_write_imports(imports | needed),
        initial="" if last else "    initial = True\n\n",
        dependencies=", ".join(dependencies),
        operation=operation,
    )


def _write_dependency(dependency: Any) -> tuple[str, set[str]]:
    """Give a dependency on another app as Django writes it, and what that imports."""
    if dependency[0] == "__setting__":
        return f"migrations.swappable_dependency(settings.{dependency[1]})", {"from django.conf import settings"}
    return f'("{dependency[0]}", "{dependency[1]}")', set()


def _write_operations(operations: Iterable[Operation]) -> tuple[str, set[str]]:
    """Give the operations as Django writes them, and what that imports."""
    texts: list[str] = []
    imports: set[str] = set()
    for operation in operations:
        text, needed = OperationWriter(operation, indentation=4).serialize()
        texts.append(text)
        imports |= needed
    return "\n".join(texts), imports


def _write_imports(imports: set[str]) -> str:
    """Give the imports in the order that people expect: whole modules, Django's, then ours."""
    names = "migrations, models" if _MODELS in imports else "migrations"
    rest = imports - {_MODELS, "from django.db import migrations"}
    lines = sorted({*rest, f"from django.db import {names}"}, key=lambda line: (line.startswith("from"), line))
    return "\n".join([*lines, "", _OWN_IMPORT])
