"""`python -m conformance [--dialect D] [--mode M] [--parallel N] [LABEL …]`; `make conformance` runs it whole."""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Sequence

from conformance.errors import ConformanceError
from conformance.modes import DIALECTS, MODES, MOVED, PLAIN
from conformance.running import Request, run_all
from freehold.errors import FreeholdError

REPORTED = (ConformanceError, FreeholdError)


def get_parser() -> argparse.ArgumentParser:
    """Give the parser of the command line."""
    parser = argparse.ArgumentParser(prog="python -m conformance", description=sys.modules[__name__].__doc__)
    add = parser.add_argument
    add("labels", nargs="*", metavar="LABEL", help="what runtests.py takes: a package, a class, a test; all by default")
    add("--dialect", action="append", choices=DIALECTS, help="may be repeated; both by default")
    add("--mode", action="append", choices=MODES, help="may be repeated; plain and moved by default")
    add("--parallel", type=parse_count, default=os.cpu_count() or 1, metavar="N", help="processes at once")
    return parser


def parse_count(text: str) -> int:
    """Give the number of processes."""
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 1 to 64")
    return int(text)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; give the exit status."""
    options = get_parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the server ends with us
    request = Request(
        dialects=tuple(dict.fromkeys(options.dialect or DIALECTS)),
        modes=tuple(MODES[name] for name in dict.fromkeys(options.mode or (PLAIN.name, MOVED.name))),
        labels=tuple(options.labels),
        parallel=options.parallel,
    )
    try:
        return 0 if run_all(request) else 1
    except REPORTED as error:
        sys.stderr.write(f"conformance: {error}\n")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
