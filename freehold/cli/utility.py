"""Django's command line, with two things of ours: a command that would speak before it connects says first which
database it is; and our errors go through to `freehold.cli.main`, since Django prints them itself, as those of any
`CommandError`, behind the name of their class."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, ManagementUtility
from django.db import DEFAULT_DB_ALIAS, connections

from freehold.cli.announcing import announce, speaks_at_once
from freehold.errors import FreeholdError


class _PassedError(Exception):
    """Holds an error on its way past Django."""

    def __init__(self, error: FreeholdError) -> None:
        super().__init__(str(error))
        self.error = error


class _Utility(ManagementUtility):
    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        execute = command.execute

        def pass_errors(*args: Any, **options: Any) -> Any:
            try:
                if speaks_at_once(subcommand, options):
                    announce(connections[options.get("database") or DEFAULT_DB_ALIAS])
                return execute(*args, **options)
            except FreeholdError as error:
                raise _PassedError(error) from error

        command.execute = pass_errors  # type: ignore[method-assign]  # this one command's, which runs once
        return command


def run(argv: list[str]) -> None:
    """Run the command in `argv`, as Django does.

    Raises:
        FreeholdError: one that ended the command, with all that it carries.
    """
    try:
        _Utility(argv).execute()
    except _PassedError as passed:
        raise passed.error from passed.error.__cause__
