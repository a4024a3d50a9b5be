"""W010 to W016: what a stock Django left behind in an existing database. Django asks for it in `check --database`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core import checks
from django.core.checks import CheckMessage
from django.db import DatabaseError, OperationalError
from django.db.backends.base.validation import BaseDatabaseValidation
from django.db.migrations.loader import MigrationLoader
from django.db.models import Model

from freehold.backends.postgresql.expectations import list_declared
from freehold.backends.postgresql.leftovers import Leftover, Search
from freehold.errors import FreeholdError

if TYPE_CHECKING:
    from freehold.backends.postgresql.base import DatabaseWrapper


class DatabaseValidation(BaseDatabaseValidation):
    """Compares what applied migrations made of the models with the catalogue, where tables lie in known schemas."""

    connection: DatabaseWrapper

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        """Give what Django's own validation finds, then a warning for each leftover.

        Asked by `check --database`, by Django's own `migrate`, and from Django 6.1 on by `check --tag database`.
        """
        return [*super().check(**kwargs), *self.check_leftovers()]

    def check_leftovers(self) -> list[CheckMessage]:
        """Give a warning for each leftover; none where the server lets nobody ask, which other commands report better.

        Raises:
            DatabaseError: the server refuses for any other reason.
        """
        if not self.connection.schemas or _is_unmade(self.connection):
            return []
        try:
            return [self.report(leftover) for leftover in find_leftovers(self.connection)]
        except (DatabaseError, FreeholdError) as error:
            if _is_refusal(error):
                return []
            raise

    def report(self, leftover: Leftover) -> CheckMessage:
        """Give the warning."""
        text, hint = _TEXTS.get(leftover.id, _USUAL)
        return checks.Warning(
            text % {"what": leftover.text, "database": self.connection.alias},
            hint=f"{hint}: {leftover.statement}",
            obj=leftover.model,
            id=leftover.id,
        )


_USUAL = (
    "%(what)s is in the database %(database)r, and no model asks for it.",
    "A migration was to drop it, and did not find it. Once you know that nobody needs it, run this or put it into a "
    "migration",
)
_TEXTS = {
    "freehold.W014": (
        "%(what)s, in the database %(database)r.",
        "A change of the key's type made the second one. Run this or put it into a migration",
    ),
    "freehold.W015": (
        "%(what)s, in the database %(database)r.",
        "It would run out long before its column does. Run this or put it into a migration",
    ),
}


def _is_refusal(error: Exception) -> bool:
    """Tell whether there is no connection, or a login that may not read `django_migrations`. Anything else is a bug."""
    state = getattr(error.__cause__, "sqlstate", None)
    return isinstance(error, OperationalError | FreeholdError) or state == "42501"  # insufficient_privilege


def _is_unmade(connection: DatabaseWrapper) -> bool:
    """Tell whether the database is an embedded server that is still to be made: there is nothing in it."""
    path = connection.settings_dict["OPTIONS"].get("embedded")
    if not path:
        return False
    from freehold.embedded import status  # see base._get_embedded_address

    try:
        return not status(path).initialised
    except FreeholdError:
        return True


def find_leftovers(connection: DatabaseWrapper) -> list[Leftover]:
    """Give the leftovers of the whole project.

    The models at hand may be ahead of the database: what they make look left over is compared once more with what the
    applied migrations say, which takes reading them all.
    """
    if not Search(connection, apps.get_models(include_auto_created=True)).find():
        return []
    loader = MigrationLoader(connection)
    return Search(connection, _list_applied_models(loader), list_declared(loader.disk_migrations.values())).find()


def _list_applied_models(loader: MigrationLoader) -> Iterable[type[Model]]:
    """Give the models as the applied migrations made them; those of apps without migrations as they are.

    A project state holds the latter without their foreign keys, and not at all where nothing is applied.
    """
    applied = {key for key in loader.graph.nodes if key in loader.applied_migrations}
    last = [key for key in applied if not any(child.key in applied for child in loader.graph.node_map[key].children)]
    made = loader.project_state(last).apps.get_models(include_auto_created=True)
    models = apps.get_models(include_auto_created=True)
    return [*made, *(model for model in models if model._meta.app_label in loader.unmigrated_apps)]
