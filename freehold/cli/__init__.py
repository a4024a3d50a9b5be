"""`manage.py` that says which database it works on, with errors a person can act on: one line on stderr, an exit status
that is not 0."""

from __future__ import annotations

import re
import sys

from freehold.errors import DatabaseURLError, FreeholdError

LOGIN = (
    "put the right user and password into DATABASE_URL; where it names no user, `manage.py ownership bootstrap` makes "
    "the logins and their password file"
)
SERVER = "start the server, or put the right host and port into DATABASE_URL"
MIGRATE = "`manage.py migrate` makes what is missing"
_WAYS_OUT = (  # what libpq, the driver, the server or SQLite says, and what to do about it
    (r"password authentication failed|no password supplied|role .* does not exist", LOGIN),
    (r"database .* does not exist", "make the database, or put the right name into DATABASE_URL"),
    (r"failed to resolve host", "put the right host into DATABASE_URL"),
    (r"Connection refused|No such file or directory|timeout expired|No route to host", SERVER),
    (r"^(connection (failed|is bad)|could not match)", "put what is right into DATABASE_URL"),
    (r"unable to open database file", "put a file that can be made into DATABASE_URL=sqlite:///FILE"),
    (r"no such table|relation .* does not exist|schema .* does not exist", MIGRATE),
    (r"readonly database", "see who owns the file that DATABASE_URL names, and its directory"),
)


def main(argv: list[str]) -> int:
    """Run the management command in `argv`; return the exit status.

    Faults that a person can mend (a bad setting, a server that does not answer) become one line. Anything else is a
    bug and keeps its traceback, as does everything under `--traceback`.
    """
    from django.core.exceptions import ImproperlyConfigured
    from django.db.utils import OperationalError, ProgrammingError

    from freehold.cli.announcing import announcing, name_untold
    from freehold.cli.utility import run

    with announcing(argv):
        try:
            run(argv)
        except (FreeholdError, ImproperlyConfigured, OperationalError, ProgrammingError) as error:
            if "--traceback" in argv or is_bug(error):
                raise
            named = name_untold()
            about = "" if isinstance(error, DatabaseURLError) else named  # that one names what it is about
            print(one_line(error, about), file=sys.stderr)  # noqa: T201 - settings may be what failed, and no log is set up
            return getattr(error, "exit_status", 1)
        except KeyboardInterrupt:
            return 130
    return 0


def is_bug(error: BaseException) -> bool:
    """Tell whether it is wrong SQL, and nothing that a migration or a right login would mend."""
    from django.db.utils import ProgrammingError

    is_wrong = isinstance(error, ProgrammingError) and not isinstance(error, FreeholdError)
    return is_wrong and not _find_way_out(error)


def one_line(error: BaseException, about: str = "") -> str:
    """Give the error's message on one line, since libpq spreads its own over several, with the way out.

    `about` is the database, where nothing has named it yet.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return "freehold: " + (f"{about}: " if about else "") + "; ".join([*lines, *_find_way_out(error)])


def _find_way_out(error: BaseException) -> list[str]:
    """Give what to do about an error of the database's own; nothing for ours, which say it themselves."""
    if isinstance(error, FreeholdError):
        return []
    from freehold.databases.entries import name_in

    return [name_in(way) for words, way in _WAYS_OUT if re.search(words, str(error))][:1]
