"""E037: policies that ask each other's tables in a circle, which PostgreSQL refuses when one of them is asked."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from django.core import checks
from django.core.checks import CheckMessage
from django.db.models import Model

from freehold.checks.subjects import AppConfigs, check_of_owners, iter_models, list_models
from freehold.errors import PolicyError
from freehold.ownership import Ownership
from freehold.rls.policy import find_policies
from freehold.rls.policy_sql import write_policy

_LITERAL: Final = re.compile(r"'(?:[^']|'')*'")
_NAME: Final = r'("[^"]+"|\w+)'
# Not what stands behind FROM in EXTRACT and the like: a column, which has one more name behind its table's.
_ASKED: Final = re.compile(rf"\b(?:FROM|JOIN)\s+{_NAME}(?:\.{_NAME})?(?![\w\".])", re.IGNORECASE)
_SELECT: Final = re.compile(r"\bSELECT\b", re.IGNORECASE)


class _Asking(NamedTuple):
    """A policy of a table asks another table, or its own."""

    table: str
    policy: str
    asked: str


class _Policies:
    """What the policies of one service ask."""

    def __init__(self) -> None:
        self.all: dict[str, list[_Asking]] = defaultdict(list)  # whatever the command, by the policy's table
        self.reading: dict[str, list[_Asking]] = defaultdict(list)  # of policies that hold for a select
        self.nested: set[str] = set()  # tables whose policies for a select have a sub-select, be it of no table

    def add(self, table: str, name: str, texts: tuple[str, str], *, is_reading: bool) -> None:
        bare = [_LITERAL.sub("''", text) for text in texts]
        asked = [_Asking(table, name, each) for each in _list_asked(" ".join(bare))]
        self.all[table] += asked
        if is_reading:
            self.reading[table] += [each for each in asked if each.asked in _list_asked(bare[0])]
            self.nested |= {table} if _SELECT.search(bare[0]) else set()

    def find_circle(self, start: str) -> tuple[_Asking, ...]:
        """Give the shortest way from a table back to it; empty where there is none, or PostgreSQL would not mind."""
        ways: list[tuple[_Asking, ...]] = [(each,) for each in self.all[start]] if start in self.nested else []
        seen: set[str] = set()
        for way in ways:
            table = way[-1].asked
            if table == start:
                return way
            if table not in seen:
                seen.add(table)
                ways += [(*way, each) for each in self.reading[table]]
        return ()


def _list_asked(text: str) -> list[str]:
    """Give the tables that SQL reads, as models name them."""
    found = [".".join(part.strip('"') for part in match if part) for match in _ASKED.findall(text)]
    return list(dict.fromkeys(found))


@check_of_owners
def _check_policies_end(app_configs: AppConfigs, ownership: Ownership) -> Iterator[CheckMessage]:
    """E037: no policy leads back to its own table, through whatever tables it asks."""
    models = {**list_models(), **{model._meta.db_table: model for model in iter_models(app_configs)}}
    subjects = {model._meta.db_table for model in iter_models(app_configs)}
    seen: set[frozenset[_Asking]] = set()
    for service, policies in _read_policies(models.values(), ownership).items():
        for table in sorted(policies.all):
            circle = policies.find_circle(table) if table in subjects else ()
            if circle and frozenset(circle) not in seen:
                seen.add(frozenset(circle))
                yield _describe(service, circle, models[table])


def _read_policies(models: Iterable[type[Model]], ownership: Ownership) -> dict[str, _Policies]:
    found: dict[str, _Policies] = defaultdict(_Policies)
    for model in models:
        for policy in find_policies(model) or ():
            try:
                texts = write_policy(model, policy, ownership)
            except PolicyError:  # E032 says so
                continue
            found[policy.service].add(model._meta.db_table, policy.name, texts, is_reading=policy.covers("select"))
    return found


def _describe(service: str, circle: tuple[_Asking, ...], model: type[Model]) -> CheckMessage:
    words = [f"{each.policy!r} of {each.table} asks {each.asked}" for each in circle]
    return checks.Error(
        f"The policies of the service {service!r} lead in a circle: {', '.join(words)}. PostgreSQL refuses what the "
        f"service asks of {circle[0].table}: infinite recursion.",
        hint="Let a SECURITY DEFINER function answer instead, by OneOf or Holds: no policies apply inside of it. "
        "See docs/policies.md.",
        obj=model,
        id="freehold.E037",
    )
