"""The root of everything Freehold raises on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management.base import CommandError


class FreeholdError(CommandError):
    """A fault that a person can mend.

    The message is one line: what it is about by name, what was found against what was expected, and the next step.
    Secrets never stand in it. Whatever command it ends, Django's or a project's own, any `manage.py` prints that line
    and exits with `exit_status`; `--traceback` shows where it came from.
    """

    exit_status = 1

    def __init__(self, *args: object) -> None:
        super().__init__(*args, returncode=self.exit_status)


class DatabaseURLError(FreeholdError):
    """`DATABASE_URL` can't be read, or names something that can't be used."""


class OwnershipError(FreeholdError):
    """The ownership map contradicts itself, the installed apps, or the server."""


class EmbeddedError(FreeholdError):
    """The embedded PostgreSQL can't be found, started or stopped."""


class MigrationError(FreeholdError):
    """A migration can't be run as the owner of its schema."""


class SeedError(FreeholdError):
    """A seed can't be applied or taken back."""


class ServiceError(FreeholdError):
    """A service reached for what it may not use, or there is no such service here."""


class PolicyError(FreeholdError):
    """A row lies outside a service's policies, or a policy can't be written as SQL."""


class StartError(FreeholdError):
    """A process may not run: its login is not held by the database's rights and policies."""


class MissingExtraError(FreeholdError):
    """A package of an extra, such as `freehold[commands]`, which the wheel does not ask for, is not installed, so that
    nothing was done; commands exit with 2."""

    exit_status = 2


@contextmanager
def needing_extra(extra: str) -> Iterator[None]:
    """Import inside the block what the extra brings.

    Raises:
        MissingExtraError: it is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        package = (error.name or "freehold").partition(".")[0]
        if package == "freehold":
            raise
        raise MissingExtraError(
            f'{package} is not installed, which this needs: pip install "freehold[{extra}]"'
        ) from error
