"""Asks PostgreSQL for plans as the login of service api, under its policies, with the values that a statement gets."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import psycopg
from psycopg import sql

from freehold.queries import Query
from freehold.queries.joining import Combination


class Planner:
    """A superuser's session, which is the login's own while it asks."""

    def __init__(self, session: psycopg.Connection, fill: str) -> None:
        self.session, self.notices = session, list[str]()
        for statement in fill.split(";\n"):
            session.execute(statement)
        session.add_notice_handler(lambda notice: self.notices.append(notice.message_primary or ""))
        with suppress(psycopg.errors.UndefinedFile):  # servers without contrib: the indexes that were used are left
            session.execute("LOAD 'auto_explain'")
            for name, value in (("log_min_duration", "0"), ("log_nested_statements", "on"), ("log_level", "notice")):
                session.execute(f"SET auto_explain.{name} = {value}")

    def explain(self, query: Query[Any], sort: str = "", *, is_next: bool = False, **values: Any) -> str:
        """Give the plans of a statement and of those that its functions run, as `api_rw` runs them for nobody."""
        parts = query._choose(values)
        joined = query.join("postgresql", Combination(parts, query._find_sort(sort) if query.sorts else "", is_next))
        return self.ask(joined.text, [values.get(each.name, 50) for each in joined.parameters])

    def ask(self, text: str, values: Iterable[Any] = (), login: str = "api_rw") -> str:
        """Give the plans of a text with values for `$1`, `$2`, …"""
        literals = [sql.Literal(value).as_string(self.session) for value in values]
        whole = re.sub(r"\$(\d+)", lambda found: literals[int(found[1]) - 1], text)
        with self.session.transaction(force_rollback=True):
            self.session.execute(f"SET LOCAL SESSION AUTHORIZATION {login}")
            plan = self.session.execute(f"EXPLAIN (COSTS off) {whole}").fetchall()
            self.notices.clear()
            self.session.execute(whole)
            found = [*(line for (line,) in plan), *self.notices, *self.list_used()]
        return "\n".join(found)

    def list_used(self) -> list[str]:
        """Give the indexes that the transaction looked into, by functions too."""
        query = """
            SELECT 'used ' || i.indexrelid::regclass FROM pg_catalog.pg_index AS i
            WHERE pg_catalog.pg_stat_get_xact_numscans(i.indexrelid) > 0 ORDER BY 1
        """
        return [used for (used,) in self.session.execute(query)]

    def show(self, proof: str) -> None:
        """Let the login ask for whoever the proof shows; for nobody where it is empty."""
        self.session.execute("SELECT set_config('freehold.proof', %s, false)", [proof])

    def seal(self, number: int) -> str:
        """Give the proof of a user of fill.sql."""
        query = "SELECT auth.seal_ticket('user', md5(%s)::uuid::text, '', 'api_rw', 10)"
        (proof,) = self.session.execute(query, [f"user{number}"]).fetchone() or ("",)
        return str(proof)
