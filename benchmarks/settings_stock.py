"""The project on Django's own backend: the same models and migrations, each table under its whole name in `public`.

The SQL of the migrations names schemas, which are not there. Stock Django runs the same statements with such names as
those of its tables, `public."app.items"` for `app.items`: functions and triggers too.
"""

import re
from typing import Any, Final

from config.ownership import OWNERSHIP as MAP
from config.settings import *  # noqa: F403 - a settings module extends another this way
from config.settings import DATABASES
from freehold import versions
from freehold.operations import RunPostgreSQL

DATABASES["default"]["ENGINE"] = "django.db.backends.postgresql"
DATABASES["default"]["OPTIONS"].pop("schemas", None)

# Django's own table is stock's too, under its own name.
_NAME: Final = re.compile(
    rf'(?<![\w."])(?!public\.django_migrations\b)({"|".join(sorted(MAP.schema_names))})\."?(\w+)"?'
)
_INDEX: Final = re.compile(r"(DROP INDEX (?:CONCURRENTLY )?(?:IF EXISTS )?)\w+\.")
_FUNCTION: Final = re.compile(r'FUNCTION public\."(\w+\.(\w+))"')  # whose parameters its text names by its own name
# Made of a table's name, which has a dot in it here: by the server, and by Django.
_MADE: Final = {
    "session_pkey": '"auth.session_pkey"',
    "session_session_key_8d2ff8ce_like": '"auth.session_session_key_3380606c_like"',
}


def write_stock(sql: str) -> str:
    """Give a statement of PostgreSQL's with the names that things have here."""
    sql = _NAME.sub(r'public."\1.\2"', _INDEX.sub(r"\1", sql))
    for whole, name in _FUNCTION.findall(sql):
        sql = re.sub(rf'(?<![\w."]){name}\.(?=\w)', f'"{whole}".', sql)
    for name, stock in _MADE.items():
        sql = sql.replace(name, stock)
    return sql


def run_stock(self: RunPostgreSQL, editor: Any, statements: Any) -> None:
    """Run what the migration has, under the names that there are."""
    texts = [statements] if isinstance(statements, str) else statements
    run_whole(self, editor, [write_stock(text) for text in texts])


run_whole: Final[Any] = RunPostgreSQL._run_sql  # type: ignore[attr-defined]
RunPostgreSQL._run_sql = run_stock  # type: ignore[attr-defined]
versions.POSTGRESQL = write_stock(versions.POSTGRESQL)  # type: ignore[misc]
