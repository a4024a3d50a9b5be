"""The project on Django's own backend: the same models and migrations, each table under its whole name in `public`.

Functions, triggers and row-level security name schemas that are not there: stock Django is spared them.
"""

from typing import Any

from config.settings import *  # noqa: F403 - a settings module extends another this way
from config.settings import DATABASES
from freehold.operations import RunPostgreSQL
from freehold.versions import CountedVersion

DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["OPTIONS"].pop("schemas", None)


def do_nothing(self: RunPostgreSQL, *args: Any) -> None:
    """Stand in for what a migration does in a schema."""


RunPostgreSQL.database_forwards = do_nothing  # type: ignore[method-assign]
CountedVersion.create_sql = do_nothing  # type: ignore[method-assign]  # its trigger runs a function of `public`
