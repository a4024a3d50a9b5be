"""What people are told to change where an entry of settings.DATABASES is wrong: the URL that made it, or it."""

from __future__ import annotations

from typing import Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

MADE_OF: Final = "MADE_OF"  # the key of an entry that holds the name of the URL's variable
URL: Final = "DATABASE_URL"


def name_entry(connection: BaseDatabaseWrapper) -> str:
    """Give `DATABASE_URL` where a URL made the entry, else `DATABASES['default']`."""
    return str(connection.settings_dict.get(MADE_OF) or f"DATABASES[{connection.alias!r}]")


def name_in(words: str) -> str:
    """Give words about DATABASE_URL as they are for the default database, where an error does not say whose it is."""
    entry = name_entry(connections[DEFAULT_DB_ALIAS])
    return words if entry == URL else words.replace(f"{URL}=sqlite:///FILE", entry).replace(URL, entry)


def name_embedded(connection: BaseDatabaseWrapper) -> str:
    """Give how an embedded server is asked for there."""
    entry = name_entry(connection)
    return f"{entry}=embedded:///PATH" if entry == URL else f'OPTIONS["embedded"] of {entry}'
