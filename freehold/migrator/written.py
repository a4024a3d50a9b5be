"""What migrations of an app wrote that no map lets be: code that services would run with their own rights, and foreign
keys that do to another owner's deletes what their contract does not let."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from freehold.ownership import Ownership
from freehold.plans import fetch_planned
from freehold.rights.borrowed import Spans, list_borrowed_in
from freehold.rights.crossing_keys import list_keys_in
from freehold.sqlfiles import read_bare

_SINCE: Final = re.compile(r"\(since transaction (\d+)\)")


class Beginning(NamedTuple):
    """The transaction from which on a migration of the app wrote."""

    since: str
    app: str
    is_moving: bool  # whether tables move between owners, and take keys along as they are


class Sequel(list[Beginning]):
    """Where each migration of a run began, in order: what one wrote lies before the next one's beginning."""

    def begin(self, beginning: Beginning) -> None:
        """Note the next migration, unless it goes on where one of its app is at work."""
        if not self or self[-1][1:] != beginning[1:]:
            self.append(beginning)

    def list_spans(self, app: str, *, leaves_moving_out: bool = False) -> Spans:
        """Give in which spans the migrations of the app wrote."""
        ends = [*(each.since for each in self[1:]), None]
        found = [
            (each.since, end)
            for each, end in zip(self, ends, strict=True)
            if each.app == app and not (leaves_moving_out and each.is_moving)
        ]
        return Spans([since for since, _ in found], [end for _, end in found])

    def say_since(self, app: str) -> str:
        """Say from where on the app's migrations were looked at, for a run that goes on behind them."""
        return f"since transaction {next(each.since for each in self if each.app == app)}"


def find_since(refusal: str) -> str:
    """Give from where on the run looked that was refused in these words; empty where they do not say so."""
    found = _SINCE.search(refusal)
    return found[1] if found else ""


def iter_faults(connection: Any, ownership: Ownership, sequel: Sequel, app: str) -> Iterator[tuple[str, str]]:
    """Yield what is wrong, and the way out."""
    spans, unmoved = sequel.list_spans(app), sequel.list_spans(app, leaves_moving_out=True)
    look = read_bare(__file__, "written_code")
    ((has_code, has_keys),) = fetch_planned(connection, look, **spans._asdict())
    for code in list_borrowed_in(connection, ownership, spans) if has_code else ():
        yield f"lets {code.about} run {code.function} with the rights of whoever uses it", code.advice
    for key in list_keys_in(connection, ownership, unmoved) if has_keys and unmoved.firsts else ():
        let = key.describe_let(ownership)
        yield f"leaves {key.about} with {key.found}, where {let} is let", key.advise(ownership)
