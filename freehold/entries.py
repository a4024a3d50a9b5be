"""What people are told to change where an entry of settings.DATABASES is wrong: the URL that made it, or it."""

from __future__ import annotations

from typing import Final

from django.db.backends.base.base import BaseDatabaseWrapper

MADE_OF: Final = "MADE_OF"  # the key of an entry that holds the name of the URL's variable
URL: Final = "DATABASE_URL"


def name_entry(connection: BaseDatabaseWrapper) -> str:
    """Give `DATABASE_URL` where a URL made the entry, else `DATABASES['default']`."""
    return str(connection.settings_dict.get(MADE_OF) or f"DATABASES[{connection.alias!r}]")


def name_embedded(connection: BaseDatabaseWrapper) -> str:
    """Give how an embedded server is asked for there."""
    entry = name_entry(connection)
    return f"{entry}=embedded:///PATH" if entry == URL else f'OPTIONS["embedded"] of {entry}'
