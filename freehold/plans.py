"""Statements that a session sends again and again, parsed and planned once: on PostgreSQL, inside transactions.

What a migration runs in the same session could drop such a statement, or make another of its name. By the time at which
each was made, which nobody can choose, that is seen before the migration is committed; it is then tried again without.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Final
from weakref import WeakKeyDictionary

from django.db import OperationalError

from freehold.acting import get_acting

_PARAMETER: Final = re.compile(r"%\((\w+)\)s")
# A number: a text of the time itself would follow the session's settings.
_MADE: Final = "pg_catalog.extract('epoch', prepare_time)"
_TIME: Final = f"SELECT {_MADE}::text FROM pg_catalog.pg_prepared_statements WHERE name OPERATOR(pg_catalog.=) '{{}}'"  # noqa: S608 - of this module
_MAY_SPOIL: Final = re.compile(r"\b(?:PREPARE|DEALLOCATE|DISCARD)\b", re.I)
# The server would plan for each of the first values anew, and later too where it takes a plan for theirs to be faster.
_GENERIC: Final = "SET LOCAL plan_cache_mode = force_generic_plan"
_AS_BEFORE: Final = "SET LOCAL plan_cache_mode = DEFAULT"
_PREFIX: Final = "freehold_plan_"
# What of them stands, to be held against what was made; a part of a statement.
STANDING: Final = f"""
    (SELECT coalesce(pg_catalog.string_agg(pg_catalog.concat(name, ' ', {_MADE}::text), ', ' ORDER BY name), '')
    FROM pg_catalog.pg_prepared_statements WHERE pg_catalog.starts_with(name, '{_PREFIX}'))
"""  # noqa: S608 - the prefix is this module's


class Unplanned(str):
    """A statement that changes something, for the message in which others are planned."""


LOOK: Final = Unplanned(f"SELECT {STANDING}")


class PlansLostError(OperationalError):
    """Something else dropped a statement that was planned, or made another of its name. None is planned any more."""


@dataclass
class Plans:
    """What is planned in one session: what to send instead of a text, and when each was made, by name."""

    sent: dict[str, str] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    numbers: count[int] = field(default_factory=lambda: count(1))
    is_off: bool = False
    is_doubtful: bool = False  # since something was at work that can't be taken back, until it is looked at

    def describe(self) -> str:
        """Give what STANDING is as long as nothing touched them."""
        return ", ".join(f"{name} {time}" for name, time in sorted(self.times.items()))


_OF: WeakKeyDictionary[Any, Plans] = WeakKeyDictionary()  # by the driver's connection


def find_plans(connection: Any) -> Plans:
    """Give those of the session at hand."""
    return _OF.setdefault(connection.connection, Plans())


def can_plan(connection: Any) -> bool:
    """Tell whether to plan at all: a service's messages, and those whose values are bound, hold one statement, and
    outside a transaction nothing is there to be taken back."""
    if connection.vendor != "postgresql" or not connection.in_atomic_block or get_acting() is not None:
        return False
    return not connection.settings_dict["OPTIONS"].get("server_side_binding") and not find_plans(connection).is_off


def is_planning(connection: Any) -> bool:
    """Tell whether anything is planned in the session: one behind a pooler may be another's the next time."""
    return can_plan(connection) and bool(find_plans(connection).sent)


def fetch_planned(connection: Any, text: str, /, **params: Any) -> list[tuple[Any, ...]]:
    """Run a statement with named parameters that is planned once, where that can be; give its rows."""
    return fetch_each(connection, text, **params)[0]


def fetch_first(connection: Any, text: str, /, **params: Any) -> list[tuple[Any, ...]]:
    """As `fetch_planned`, for the first statement of a transaction: what is in doubt is looked at in the same message.

    Raises:
        PlansLostError: something was dropped, or made anew. What the statement did is to be taken back.
    """
    plans = find_plans(connection)
    if not (plans.is_doubtful and can_plan(connection)):
        return fetch_planned(connection, text, **params)
    plans.is_doubtful = False
    rows, ((standing,),) = fetch_each(connection, text, LOOK, **params)
    _hold(plans, standing)
    return rows


def fetch_each(connection: Any, /, *statements: str, **params: Any) -> list[list[tuple[Any, ...]]]:
    """Run several in one message, each with those of the parameters that it names; give the rows of each. What is
    `Unplanned` among them is sent as it is."""
    message = [find_plan(connection, text) or text for text in statements]
    is_planned = tuple(message) != statements
    if is_planned:
        message = [_GENERIC, *message, _AS_BEFORE]
    with _opened(connection, len(message)) as cursor:
        cursor.execute("; ".join(message), params or None)
        found = list(_iter_results(cursor, len(message)))
    return found[1:-1] if is_planned else found


def _iter_results(cursor: Any, count: int) -> Iterator[list[tuple[Any, ...]]]:
    for number in range(count):
        if number:
            cursor.nextset()
        yield cursor.fetchall() if cursor.description else []


@contextmanager
def _opened(connection: Any, count: int) -> Iterator[Any]:
    """Give a cursor whose messages may hold so many statements, also where Django's bind their values."""
    if count == 1 or not connection.settings_dict["OPTIONS"].get("server_side_binding"):
        with connection.cursor() as cursor:
            yield cursor
        return
    import psycopg  # SQLite has no driver of PostgreSQL

    with connection.wrap_database_errors, psycopg.ClientCursor(connection.connection) as cursor:
        yield cursor


def find_plan(connection: Any, text: str) -> str:
    """Give what runs a statement that is planned by now; empty where that can't be."""
    if isinstance(text, Unplanned) or not can_plan(connection):
        return ""
    plans = find_plans(connection)
    if plans.is_doubtful:
        plans.is_doubtful = False
        with suppress(PlansLostError):  # nothing was asked by them meanwhile
            _hold(plans, _read_standing(connection))
        return find_plan(connection, text)
    return plans.sent.get(text) or _plan(connection, plans, text)


def _plan(connection: Any, plans: Plans, text: str) -> str:
    name, parameters = f"{_PREFIX}{next(plans.numbers):04}", list(dict.fromkeys(_PARAMETER.findall(text)))
    whole = _PARAMETER.sub(lambda found: f"${parameters.index(found[1]) + 1}", text)
    with connection.cursor() as cursor:
        whole = whole.replace("%%", "%") if parameters else whole
        cursor.execute(f"PREPARE {name} AS {whole}; {_TIME.format(name)}")
        cursor.nextset()
        (plans.times[name],) = cursor.fetchone()
    values = ", ".join(f"%({each})s" for each in parameters)
    plans.sent[text] = f"EXECUTE {name}({values})" if parameters else f"EXECUTE {name}"
    return plans.sent[text]


def give_up(connection: Any) -> None:
    """Plan nothing any more in this session."""
    if connection.vendor == "postgresql" and connection.connection is not None:
        find_plans(connection).is_off = True


def doubt(connection: Any) -> None:
    """See that all that was planned stands as it was made before it is used again, for something was at work that can't
    be taken back; otherwise plan nothing any more. Sends nothing by itself."""
    if connection.vendor == "postgresql" and connection.connection is not None:
        find_plans(connection).is_doubtful = True


def heed(connection: Any, statement: str) -> None:
    """Plan nothing any more where a statement that is about to run says that it deals with such things itself."""
    if connection.vendor == "postgresql" and _MAY_SPOIL.search(statement):
        give_up(connection)


def check_standing(connection: Any, standing: str | None = None) -> None:
    """Hold what stands, which is asked for where it is not given, against what was made.

    Raises:
        PlansLostError: it is another.
    """
    plans = find_plans(connection)
    if not plans.is_off and plans.times:
        _hold(plans, _read_standing(connection) if standing is None else standing)


def _read_standing(connection: Any) -> str:
    with connection.cursor() as cursor:
        cursor.execute(LOOK)
        return str(cursor.fetchone()[0])


def _hold(plans: Plans, standing: str) -> None:
    if standing != plans.describe():
        plans.is_off = True
        raise PlansLostError("statements that migrate had planned were dropped, or made anew, by what it ran")
