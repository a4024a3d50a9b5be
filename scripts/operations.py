"""Runs every operation of Django's on tables in a schema and writes docs/django-operations.md; see `make operations`.

Three times each: on Django's own backend with bare names, which says what must come out; on Django's own backend with
the quoting trick (`db_table = 'alpha"."item'`); on Freehold's (`db_table = "alpha.item"`). The last two with the schema
off the search path, once alone and once with tables of the same names in a schema on it. The operations are those of
the tests: `changes.py`, `further_changes.py`, `virtual_changes.py` and `readings.py` in
`tests/freehold/backends/postgresql/`. Virtual generated columns need Django 6.1, whose environment is made and used
where this one has an older Django.
"""

import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import django  # noqa: E402 - found through the path above, as is all that follows
import psycopg  # noqa: E402
from django.conf import settings  # noqa: E402
from django.db import connections  # noqa: E402
from psycopg.conninfo import conninfo_to_dict  # noqa: E402

from benchmarks import server  # noqa: E402
from freehold import embedded  # noqa: E402

STOCK, OURS = "django.db.backends.postgresql", "freehold.backends.postgresql"
WORKS, RAISES, WRONG = "works", "raises", "silently wrong"
PAGE = ROOT / "docs" / "django-operations.md"
BACK, LAST = " on the way back", 2  # the steps are: what was there before, the operation, its way back
SCHEMA, DECOY = "alpha", "beta"

Steps = Callable[[Any], Iterator[object]]


@dataclass(frozen=True)
class Side:
    """A way to name tables: its backend, its schema, what goes before a table's name, and its search path."""

    name: str
    engine: str
    schema: str
    prefix: str
    search_path: str


REFERENCE = Side("reference", STOCK, "bare", "", "bare")
TRICK = Side("trick", STOCK, SCHEMA, f'{SCHEMA}"."', DECOY)
FREEHOLD = Side("freehold", OURS, SCHEMA, f"{SCHEMA}.", DECOY)


@dataclass
class Result:
    """What was there after each step of an operation, what was raised, and whether a decoy was touched."""

    steps: list[object] = field(default_factory=list)
    error: str = ""
    touched: bool = False  # read after each step; what was changed stays changed

    def judge(self, expected: "Result") -> str:
        """Give the outcome, against that of the reference."""
        wrong = [number for number, step in enumerate(self.steps) if self.touched or step != expected.steps[number]]
        if wrong:
            return WRONG + BACK * (wrong[0] == LAST)
        return f"{RAISES} {self.error}{BACK * (len(self.steps) == LAST)}" if self.error else WORKS


def list_operations() -> dict[str, Steps]:
    """Give each operation by its name: a function that yields what is there before, and after each of its steps."""
    from tests.freehold.backends.postgresql.changes import CHANGES
    from tests.freehold.backends.postgresql.further_changes import FURTHER_CHANGES
    from tests.freehold.backends.postgresql.readings import READINGS, furnish
    from tests.freehold.backends.postgresql.virtual_changes import VIRTUAL_CHANGES

    def migrate(change: Any) -> Steps:
        def steps(lab: Any) -> Iterator[object]:
            setup, operations = change(lab.t)
            lab.forwards(*setup)
            yield read(lab)
            lab.forwards(*operations)
            yield read(lab)
            lab.backwards(len(operations))
            yield read(lab)

        return steps

    def use(reading: Any) -> Steps:
        def steps(lab: Any) -> Iterator[object]:
            furnish(lab)
            yield read(lab)
            yield reading(lab)

        return steps

    changes = {name: migrate(change) for name, change in (CHANGES | FURTHER_CHANGES | VIRTUAL_CHANGES).items()}
    return changes | {name: use(each) for name, each in READINGS.items()}


def read(lab: Any) -> object:
    """Give the catalogue of the lab's schema, and how many rows each of its tables has."""
    from tests.freehold.backends.postgresql.catalogue import list_names, read_catalogue

    rows = {}
    with lab.connection.cursor() as cursor:
        catalogue = read_catalogue(cursor, lab.schema)
        for name in list_names(catalogue, "tables"):
            cursor.execute(f'SELECT count(*) FROM "{lab.schema}"."{name}"')
            rows[name] = cursor.fetchone()
    return catalogue, rows


def run(side: Side, steps: Steps, decoy: bool) -> Result:
    """Run one operation in empty schemas."""
    from tests.freehold.backends.conftest import make_schemas
    from tests.freehold.backends.labs import Lab

    connection = connections[side.name]
    connection.close()
    make_schemas(connection, side.schema, DECOY)
    result, other = Result(), Lab(connection, DECOY, prefix="")
    if decoy:
        next(steps(other))
    before = read(other)
    try:
        for step in steps(Lab(connection, side.schema, side.prefix)):
            result.steps.append(step)
            result.touched |= read(other) != before
    except Exception as error:  # whatever Django raises is the result
        result.error = type(error).__name__
    return result


@contextmanager
def opened() -> Iterator[str]:
    """Start a server, open a connection for each side, and give the server's version."""
    from tests.freehold.backends.conftest import open_alias

    with server.running_server() as path, ExitStack() as stack:
        address = conninfo_to_dict(embedded.get_url(path))
        place = {name.upper(): str(address[name]) for name in ("host", "port", "user", "password")}
        connections.settings["default"] |= place
        for side in (REFERENCE, TRICK, FREEHOLD):
            entry = deepcopy(connections.settings["default"]) | {"ENGINE": side.engine}
            entry["OPTIONS"] = {"options": f"-c search_path={side.search_path} -c synchronous_commit=off"}
            entry["OPTIONS"] |= {"schemas": [SCHEMA, DECOY]} if side.engine == OURS else {}
            stack.enter_context(open_alias(side.name, entry))
        with psycopg.connect(embedded.get_url(path)) as connection:
            yield ".".join(map(str, divmod(connection.info.server_version, 10000)))


def compare(steps: Steps) -> list[str]:
    """Give the outcomes of one operation: the trick alone and beside a decoy, Freehold's likewise.

    Raises:
        SystemExit: it does not run on Django's own backend with bare names, so that nothing can be compared.
    """
    expected = run(REFERENCE, steps, decoy=False)
    if expected.error:
        raise SystemExit(f"{expected.error} on Django's own backend with bare names")
    return [run(side, steps, decoy).judge(expected) for side in (TRICK, FREEHOLD) for decoy in (False, True)]


HEAD = """\
# Every operation of Django's on a table in a schema

Made by `make operations` on Django {django} and PostgreSQL {server}; do not edit it. Each operation ran on Django's own
backend with bare names on the search path, which says what must come out: the whole catalogue of the schema and the
number of rows after the operation and, for a migration, after its way back too; for anything else, what it gives. Then
it ran with the tables in a schema off the search path: on Django's own backend with the quoting trick
(`db_table = 'alpha"."item'`), and on `freehold.backends.postgresql` (`db_table = "alpha.item"`), each once alone and
once with tables of the same names in another schema, on the search path. "Silently wrong" means that nothing was
raised, and that something else came out or that a table of the other schema was changed.

The operations are those of the tests, which expect the same of Freehold's backend; `make mutations` disables each
override of the backends in turn and shows the test that is red without it.

| of {count} operations | works | raises | silently wrong |
|---|---|---|---|
{summary}

| operation | trick | trick, same names elsewhere | Freehold | Freehold, same names elsewhere |
|---|---|---|---|---|
"""
TITLES = (
    "the quoting trick",
    "the quoting trick, same names elsewhere",
    "Freehold's backend",
    "Freehold's backend, same names elsewhere",
)


def summarize(title: str, outcomes: list[str]) -> str:
    """Give one line of the summary."""
    counted = Counter(kind for outcome in outcomes for kind in (WORKS, RAISES, WRONG) if outcome.startswith(kind))
    return f"| {title} | {counted[WORKS]} | {counted[RAISES]} | {counted[WRONG]} |"


def write(outcomes: dict[str, list[str]], version: str) -> str:
    """Write the page; give its summary."""
    columns = zip(*outcomes.values(), strict=True)
    summary = "\n".join(summarize(title, list(each)) for title, each in zip(TITLES, columns, strict=True))
    rows = [f"| {name} | {' | '.join(found)} |" for name, found in outcomes.items()]
    head = HEAD.format(django=django.__version__, server=version, count=len(outcomes), summary=summary)
    PAGE.write_text(head + "\n".join(rows).replace(WRONG, f"**{WRONG}**") + "\n", encoding="utf-8")
    return summary


def run_elsewhere() -> int:
    """Run this file in the environment of the other Django; return its exit status.

    Raises:
        SystemExit: there is none.
    """
    from scripts.test import make_other_environment

    python = make_other_environment()
    if python is None:
        raise SystemExit(
            f"The page lists what Django 6.1 brings, and this is {django.__version__}: install Python 3.12"
        )
    return subprocess.run([python, __file__], cwd=ROOT).returncode


def main() -> int:
    """Compare all operations, write the page; return the exit status: 0 where Freehold's backend is right in all."""
    if django.VERSION < (6, 1):
        return run_elsewhere()
    settings.configure(DATABASES={"default": {"ENGINE": STOCK, "NAME": "postgres"}}, USE_TZ=True)
    django.setup()
    outcomes = {}
    with opened() as version:
        for name, steps in list_operations().items():
            outcomes[name] = compare(steps)
            print(f"{name}: {', '.join(outcomes[name])}", flush=True)
    print(f"\n{write(outcomes, version)}\n{PAGE.relative_to(ROOT)} written")
    return 0 if all(found[2:] == [WORKS, WORKS] for found in outcomes.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
