"""Try it all against servers of its own; print each attempt and what it got.

    python -m tests.attacks.injection [FAMILY]

PostgreSQL is that of the wheel, and 15 where Debian's is installed. Exit status 1 where a row was reached.
"""

from __future__ import annotations

import sys

from tests.attacks.injection.runs import PROGRAMS, attack, report, running

if __name__ == "__main__":
    failed = False
    for title, programs in PROGRAMS.items():
        if programs and not (programs / "postgres").exists():
            print(f"{title}: not installed in {programs}")
            continue
        with running(programs) as server:
            tally = attack(server, only="".join(sys.argv[1:2]), say=print)
        print(f"\n{title}\n{report(tally)}\n")
        failed |= bool(tally["rows"] or tally["changed"])
    sys.exit(failed)
