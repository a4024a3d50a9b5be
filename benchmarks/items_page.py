"""The items page: what it costs, and whether it shows what another checkout of the repository shows.

    python -m benchmarks.items_page [--against REV]

Two processes answer in turn, one of this checkout and one of REV in a git work tree of its own, on one embedded server
with the demo data; each has a session there. Prints the CPU time of the application and of its PostgreSQL session, the
ratio of the two checkouts, and how many of ADDRESSES differ between them: in anything but white space, the order of
conditions in a link, and the token of a form. Without REV, only what this checkout takes.
"""

from __future__ import annotations

import argparse
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import psutil

from benchmarks.server import migrated_server

ROOT = Path(__file__).resolve().parents[1]
LIMIT = 1 / 3
ROUNDS = 9
REQUESTS = 15  # of each page in a round
ANSWER = "--answer"
USER = {"username": "user@freehold.example", "password": "freehold-demo"}
MEASURED = {
    "all items": ("/items/", False),
    "all items, signed in": ("/items/", True),
    "a category of the second level": ("/items/?category=electronics/phones", False),
    "a search": ("/items/?q=oak&sort=cheapest", False),
    "an item": ("an item", False),
}
ADDRESSES = (
    "", "?page=2", "?page=3", "?page=99", "?page=zzz", "?q=oak", "?q=wood+a", "?q=zzzz", "?q=%3Cb%3E&sort=name",
    "?category=electronics", "?category=electronics/cameras/digital", "?category=home&q=a&sort=dearest",
    "?category=fashion&location=fr-paris-paris", "?location=fr", "?location=ke-nairobi-city-nairobi",
    "?location=jp&currency=JPY",
    "?least=10&most=50.5", "?least=-1&most=abc", "?least=9&most=1", "?currency=EUR", "?currency=eur", "?sort=cheapest",
    "?sort=name&page=2", "?sort=sideways", "?place=paris", "?place=Lyon&q=a", "?place=Xanadu", "?q=" + "x" * 101,
    "?category=no/such", "?location=nowhere", "places/", "places/?place=par&q=oak", "places/?country=FR",
)  # fmt: skip


def main(*arguments: str) -> None:
    """Print the figures, against a server of the benchmark's own."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.items_page")
    parser.add_argument("--against", metavar="REV", help="a commit, in whose checkout the page is measured too")
    options = parser.parse_args(arguments)
    with ExitStack() as stack:
        # Static files were not collected, and are not asked for.
        _, environment = stack.enter_context(migrated_server(DEBUG="1", PYTHONWARNINGS="ignore"))
        checkouts = {"this": ROOT}
        if options.against:
            checkouts[options.against] = stack.enter_context(checked_out(options.against))
        sides = {name: stack.enter_context(answering(path, environment)) for name, path in checkouts.items()}
        for title, (address, signed_in) in MEASURED.items():
            compare_cost(title, address, signed_in, sides)
        if options.against:
            compare_content(*sides.values())


@contextmanager
def checked_out(revision: str) -> Iterator[Path]:
    """Yield a work tree of the revision, gone when the block ends."""
    with tempfile.TemporaryDirectory(prefix="freehold-items-page-") as directory:
        tree = Path(directory) / "freehold"
        subprocess.run(["git", "worktree", "add", "-q", "--detach", str(tree), revision], cwd=ROOT, check=True)
        try:
            yield tree
        finally:
            subprocess.run(["git", "worktree", "remove", "--force", str(tree)], cwd=ROOT, check=True)


@contextmanager
def answering(checkout: Path, environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that answers with the code of the checkout, and takes what to do as lines of JSON."""
    command = [sys.executable, "-P", __file__, ANSWER]  # -P: nothing is imported from this file's directory
    found = {**environment, "PYTHONPATH": str(checkout)}
    with subprocess.Popen(
        command, cwd=checkout, env=found, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.communicate()  # it ends with its input


def ask(side: subprocess.Popen[str], address: str, signed_in: bool, times: int = 1) -> dict[str, Any]:
    """Give what a process found at the address: its status and text, and the seconds that all the times took."""
    assert side.stdin
    assert side.stdout
    print(json.dumps([address, signed_in, times]), file=side.stdin, flush=True)
    answer: dict[str, Any] = json.loads(side.stdout.readline())
    return answer


def compare_cost(title: str, address: str, signed_in: bool, sides: dict[str, subprocess.Popen[str]]) -> None:
    """Ask for one page on all sides in turn, and print the medians and their ratio."""
    spent: dict[str, list[dict[str, Any]]] = {name: [] for name in sides}
    for turn in range(ROUNDS + 1):
        for name in sides if turn % 2 else reversed(sides):
            spent[name].append(ask(sides[name], address, signed_in, REQUESTS))
    costs = {name: statistics.median(each["seconds"] for each in found[1:]) for name, found in spent.items()}
    ours, *others = costs.items()
    queries = {name: found[0]["queries"] for name, found in spent.items()}
    print(f"{title}: {describe(costs['this'])}, {queries['this']} queries", end="")
    for name, cost in others:
        print(
            f"; {ours[1] / cost:.2f} of {name} (limit {LIMIT:.2f}): {describe(cost)}, {queries[name]} queries", end=""
        )
    server = statistics.median(each["server"] for each in spent["this"][1:])
    print(f"; {describe(server)} of it are the server's", flush=True)


def describe(seconds: float) -> str:
    """Give the CPU time of one request of a round."""
    return f"{seconds / REQUESTS * 1e3:.1f} ms"


def compare_content(ours: subprocess.Popen[str], theirs: subprocess.Popen[str]) -> None:
    """Print how many pages show the same, and where the first that don't begin to differ."""
    pages = [(f"/items/{each}", signed_in) for each in ADDRESSES for signed_in in (False, True)] + [("an item", False)]
    differing = []
    for address, signed_in in pages:
        found = [ask(side, address, signed_in) for side in (ours, theirs)]
        texts = [normalise(f"{each['status']} {each['text']}") for each in found]
        if texts[0] != texts[1]:
            start = max(0, find_difference(*texts) - 40)
            differing.append(" over ".join(repr(text[start : start + 100]) for text in texts))
    print(
        f"{len(pages) - len(differing)} of {len(pages)} pages show the same", *differing[:5], sep="\n    ", flush=True
    )


def find_difference(first: str, second: str) -> int:
    """Give where two texts begin to differ."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(first), len(second)))


def normalise(page: str) -> str:
    """Give the page without what may differ."""
    page = re.sub(r'(name="csrfmiddlewaretoken" value=")[^"]+', r"\1", page)
    page = re.sub(r'href="([^"]*)"', lambda found: f'href="{normalise_link(unescape(found[1]))}"', page)
    return re.sub(r"\s+", " ", re.sub(r">\s+|\s+<", lambda found: found[0].strip(), page))


def normalise_link(link: str) -> str:
    """Give the link with its conditions in one order."""
    parts = urlsplit(link)
    return parts._replace(query="&".join(f"{name}={value}" for name, value in sorted(parse_qsl(parts.query)))).geturl()


def answer() -> None:
    """Answer as the checkout that is the working directory. For as long as lines come in."""
    import django
    from django.conf import settings
    from django.core.handlers.base import BaseHandler
    from django.test import Client, RequestFactory

    django.setup()
    settings.DEBUG = False
    client = Client(SERVER_NAME="localhost")
    client.post("/login/", USER)
    handler: Any = BaseHandler()
    handler.load_middleware()
    factories = {signed_in: RequestFactory(SERVER_NAME="localhost") for signed_in in (False, True)}
    name = settings.SESSION_COOKIE_NAME
    factories[True].cookies[name] = client.cookies[name].value
    item = re.search(r"/items/[0-9a-f-]{36}/", client.get("/items/").content.decode())
    assert item
    for line in sys.stdin:
        address, signed_in, times = json.loads(line)
        address = item[0] if address == "an item" else address
        print(json.dumps(time_requests(handler, factories[signed_in], address, times)), flush=True)


def time_requests(handler: Any, factory: Any, address: str, times: int) -> dict[str, Any]:
    """Give the answer, its queries, and the seconds of CPU that all the times took of application and session."""
    import gc

    from django.db import connection

    sent: list[str] = []

    def note(execute: Any, sql: str, *rest: Any) -> Any:
        sent.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(note):
        response = handler.get_response(factory.get(address))
    found = {"status": response.status_code, "text": response.content.decode(), "queries": len(sent)}
    connection.ensure_connection()
    session = psutil.Process(connection.connection.info.backend_pid)
    gc.collect()
    started, before = time.process_time(), sum(session.cpu_times()[:2])
    for _ in range(times):
        handler.get_response(factory.get(address))
    server = sum(session.cpu_times()[:2]) - before
    return {**found, "seconds": time.process_time() - started + server, "server": server}


if __name__ == "__main__":
    answer() if ANSWER in sys.argv else main(*sys.argv[1:])
