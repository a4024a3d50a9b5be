"""Carries out what the command line asks for: one run after the other, each judged and told, one figure last."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from conformance import allowances, telling
from conformance.errors import ConformanceError
from conformance.judging import Verdict, judge
from conformance.modes import MOVED, Mode
from conformance.outcomes import Outcome
from conformance.parts import CONTRIB_TESTS, SKIPPED, Suite, list_modules, make_directory, make_path
from conformance.server import Server, running_server
from conformance.source import CACHE, ROOT, get_tests, get_version

NOT_LOADED = "unittest.loader._FailedTest."


@dataclass(frozen=True)
class Request:
    """What the command line asks for; no labels means the whole suite."""

    dialects: tuple[str, ...]
    modes: tuple[Mode, ...]
    labels: tuple[str, ...]
    parallel: int


def run_all(request: Request) -> bool:
    """Run every dialect in every mode; tell whether all is as it should be."""
    tests = get_tests()
    check_labels(tests, request.labels)
    directory = make_directory()
    python = f"Python {sys.version.split()[0]}"
    print(f"Django {get_version()}, {python}; reports and logs until all is well in {directory}", flush=True)
    verdicts: list[Verdict] = []
    for dialect in request.dialects:
        with serving(dialect) as server:
            entry = server.entry if server else {}
            suite = Suite(tests, make_path(directory / "path", ROOT), directory, entry, request.parallel)
            verdicts += [run_one(suite, server, dialect, mode, request.labels) for mode in request.modes]
    print(telling.sum_up(verdicts), flush=True)
    is_good = all(verdict.is_good for verdict in verdicts)
    if is_good and all(mode.is_checked for mode in request.modes):
        shutil.rmtree(directory, ignore_errors=True)  # the whole outcomes are kept elsewhere; of failures one wants all
    return is_good


def check_labels(tests: Path, labels: tuple[str, ...]) -> None:
    """Refuse a label that leads nowhere before anything is started."""
    for label in labels:
        package = label.partition(".")[0]
        if package in SKIPPED or not (tests / package / "__init__.py").is_file():
            raise ConformanceError(f"Django's suite has no {package!r}: {tests} lists what there is")


@contextmanager
def serving(dialect: str) -> Iterator[Server | None]:
    """Give the server that the dialect needs, if it needs one."""
    if dialect != "postgresql":
        yield None
        return
    with running_server() as server:
        print(f"PostgreSQL {server.version}", flush=True)
        if not server.has_contrib:
            left_out = " and ".join(sorted(CONTRIB_TESTS))
            print(f"It has no contrib extensions: {left_out} are left out; PG_BIN names another server", flush=True)
        yield server


def run_one(suite: Suite, server: Server | None, dialect: str, mode: Mode, labels: tuple[str, ...]) -> Verdict:
    """Run the suite once and print how it went."""
    started = time.monotonic()
    chosen = list(labels) or list_modules(suite.tests)
    if server and not server.has_contrib:
        chosen = [label for label in chosen if label.partition(".")[0] not in CONTRIB_TESTS]
    outcome = suite.run(dialect, mode.name, chosen)
    check_loaded(outcome)
    keep(outcome, dialect, mode, is_whole=not labels)
    run = allowances.get_run(get_version(), dialect)
    verdict = (
        get_verdict(suite, server, outcome, dialect=dialect, mode=mode)
        if mode.is_checked
        else Verdict(outcome.tests, allowed=sorted(outcome.failures))
    )
    print(telling.tell(run, mode, outcome, verdict, time.monotonic() - started), flush=True)
    return verdict


def check_loaded(outcome: Outcome) -> None:
    """Refuse a label whose tests could not be loaded: there is no telling whether they would pass."""
    for label, failure in outcome.failures.items():
        if label.startswith(NOT_LOADED):
            name = label.removeprefix(NOT_LOADED)
            raise ConformanceError(f"Django's suite has no {name!r}, or it can't be loaded ({failure.summary})")


def get_verdict(suite: Suite, server: Server | None, outcome: Outcome, *, dialect: str, mode: Mode) -> Verdict:
    """Judge the failures, and where the tables are."""
    allowed, elsewhere = allowances.read()
    is_moved = mode is MOVED
    reasons = allowances.get_reasons(allowances.get_run(get_version(), dialect), allowed) if is_moved else {}
    verdict = judge(outcome, suite, dialect=dialect, mode=mode, reasons=reasons)
    if is_moved:
        seen = {table for landing in outcome.landings.values() for table in landing.elsewhere}
        seen.update(server.list_tables_elsewhere() if server else [])
        patterns = [pattern for each in elsewhere for pattern in each.tables]
        verdict.misplaced += sorted(t for t in seen if not any(fnmatchcase(t, pattern) for pattern in patterns))
        if not any(landing.models for landing in outcome.landings.values()):
            verdict.misplaced.append("no table was looked at")
    return verdict


def keep(outcome: Outcome, dialect: str, mode: Mode, *, is_whole: bool) -> None:
    """Keep the outcome of a whole run for `conformance.allowing`."""
    if is_whole:
        CACHE.mkdir(parents=True, exist_ok=True)
        file = CACHE / f"{get_version()}-{dialect}-{mode.name}.json"
        file.write_text(outcome.to_json(), encoding="utf-8")
