"""A release with statements of typed SQL, which runs on while the next one's migrations are applied."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.apps import apps

from freehold.ownership import get_ownership
from freehold_lint.typed_sql import against
from freehold_lint.typed_sql.catalogue import read_catalogue
from freehold_lint.typed_sql.compilation import compile_source
from freehold_lint.typed_sql.modules import write_module
from freehold_lint.typed_sql.preparing import Preparer
from freehold_lint.typed_sql.sources import read_source

HEADER = "-- name: {name}\n-- kind: many\n-- purpose: what the old release asks\n"


class Release:
    """An app's statements as a commit has them, with the module that was compiled when it was made."""

    def __init__(self, server: Mapping[str, Any], root: Path, label: str, patch: pytest.MonkeyPatch) -> None:
        self.server, self.root, self.label = server, root, label
        self.folder = root / label / "sql/thing"
        self.folder.mkdir(parents=True)
        patch.setattr(apps.get_app_config(label), "path", str(root / label))
        patch.setattr(against, "get_directory", lambda: root / "config")
        patch.setattr(against, "opening_postgresql", self.opening)

    @contextmanager
    def opening(self) -> Iterator[Any]:
        """Give the database that is being migrated, in the place of one made by all migrations."""
        with psycopg.connect(**self.server, autocommit=True) as connection:
            yield _Session(connection)

    def commit(self, **statements: str) -> None:
        """Compile the statements against the schema as it is, and commit them."""
        schema = get_ownership().find_schema_of_app(self.label)
        with self.opening() as session:
            preparer = Preparer(session.connection, read_catalogue(session.connection.cursor()), get_ownership())
            pairs = []
            for name, text in statements.items():
                header, _, statement = text.rpartition("\n\n")
                path = self.folder / f"{name}.sql"
                path.write_text(HEADER.format(name=name) + f"{header}\n" * bool(header) + statement)
                source = read_source(path)
                pairs.append((compile_source(source, preparer, (schema and schema.service) or ""), source))
        (self.folder / "__init__.py").write_text(write_module(pairs, f"{self.label}/sql/thing"))
        words = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
        for rest in (["init", "-q"], ["add", self.label], ["commit", "-qm", "the old release"]):
            subprocess.run([*words, *rest], cwd=self.root, check=True)

    def list_broken(self) -> list[str]:
        """Hold it against the schema as it is now."""
        return against.list_broken(get_ownership(), [apps.get_app_config(self.label)], "HEAD")


class _Session:
    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection, self.cursor = connection, connection.cursor
