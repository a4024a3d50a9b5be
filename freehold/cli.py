"""`manage.py` with errors a person can act on: one line on stderr, an exit status that is not 0."""

from __future__ import annotations

import sys

from freehold.errors import FreeholdError


def main(argv: list[str]) -> int:
    """Run the management command in `argv`; return the exit status.

    Faults that a person can mend (a bad setting, a server that does not answer) become one line. Anything else is a
    bug and keeps its traceback, as does everything under `--traceback`.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db.utils import OperationalError

    try:
        execute_from_command_line(argv)
    except (FreeholdError, ImproperlyConfigured, OperationalError) as error:
        if "--traceback" in argv:
            raise
        print(one_line(error), file=sys.stderr)  # noqa: T201 - logging is not set up when settings are what failed
        return getattr(error, "exit_status", 1)
    except KeyboardInterrupt:
        return 130
    return 0


def one_line(error: BaseException) -> str:
    """Give the error's message on one line: libpq spreads its own over several."""
    return "freehold: " + "; ".join(line.strip() for line in str(error).splitlines() if line.strip())
