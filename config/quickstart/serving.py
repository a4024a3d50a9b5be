"""The web server of `manage.py quickstart`: granian, which ends when quickstart does, however that ends.

    python -m config.quickstart.serving GRANIAN'S ARGUMENT …

Its standard input is a pipe that quickstart holds open. It says which port to serve at, and nothing after that. Where
the pipe ends, quickstart is gone: a signal that can't be caught (kill -9) leaves no other trace, and no process on the
port either.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from importlib import import_module

import django
from django.conf import settings

IN_ORDER = 10  # seconds to end requests in


def main() -> None:
    """Serve until told to end, or until nobody is left who could tell."""
    _load()
    port = sys.stdin.readline().strip()
    if not port:
        return
    threading.Thread(target=_end_with_parent, daemon=True).start()
    from granian.cli import entrypoint

    sys.argv += ["--port", port]
    entrypoint()  # type: ignore[no-untyped-call]


def _load() -> None:
    """Import the project while quickstart prepares the database: workers that are forked have it then."""
    django.setup()
    import_module(settings.ROOT_URLCONF)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(IN_ORDER)
    os.killpg(0, signal.SIGKILL)  # its workers are of its group, and nobody else is


if __name__ == "__main__":
    main()
