"""W010 to W016: what a stock Django left behind in an existing database. Django asks for it in `check --database`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.core.checks import CheckMessage
from django.db import DatabaseError, OperationalError
from django.db.backends.base.validation import BaseDatabaseValidation

from freehold.errors import FreeholdError

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper


class DatabaseValidation(BaseDatabaseValidation):
    """Compares what applied migrations made of the models with the catalogue, where tables lie in known schemas."""

    connection: DatabaseWrapper

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Give what Django's own validation finds, then a warning for each leftover; none where the server lets nobody
        ask, which other commands report better.

        Asked by `check --database`, by Django's own `migrate`, and from Django 6.1 on by `check --tag database`.

        Raises:
            DatabaseError: the server refuses for any other reason.
        """
        found = super().check(**kwargs)
        if not self.connection.schemas or _is_unmade(self.connection):
            return found
        # Not at the top: no process but the one that checks has a use for it.
        from freehold.backends.postgresql import leftovers

        try:
            return [*found, *(each.warn(self.connection.alias) for each in leftovers.find_leftovers(self.connection))]
        except (DatabaseError, FreeholdError) as error:
            if _is_refusal(error):
                return found
            raise


def _is_refusal(error: Exception) -> bool:
    """Tell whether there is no connection, or a login that may not read `django_migrations`. Anything else is a bug."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError | FreeholdError) or state == "42501"  # insufficient_privilege


def _is_unmade(connection: DatabaseWrapper) -> bool:
    """Tell whether the database is an embedded server that is still to be made: there is nothing in it."""
    path = connection.settings_dict["OPTIONS"].get("embedded")
    if not path:
        return False
    from freehold.embedded import status  # see base.py

    try:
        return not status(path).initialised
    except FreeholdError:
        return True
