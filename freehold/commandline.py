"""Django's command line, which lets our errors through to `freehold.cli.main`: Django prints them itself, as those of
any `CommandError`, behind the name of their class."""

from __future__ import annotations

from typing import Any

from django.core.management import BaseCommand, ManagementUtility

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
