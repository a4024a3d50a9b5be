"""Runs the attempts in a process of service `api`, and counts what of the others each reached."""

from __future__ import annotations

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import psycopg

from freehold.services import acting_as
from tests.attacks.injection import MARK, OWN_MARK, SECRETS
from tests.attacks.injection.attempts import Attempt
from tests.attacks.injection.channels import Answers, Channels, Site
from tests.attacks.injection.estate import Estate, digest, get_session_proof
from tests.attacks.injection.guesses import iter_settings
from tests.attacks.injection.known import iter_known
from tests.attacks.injection.left import Leaving, iter_leavings
from tests.attacks.injection.pages import answer, list_own
from tests.attacks.injection.reads import iter_catalogue, iter_functions, iter_leaks
from tests.attacks.injection.tickets import iter_tickets
from tests.attacks.injection.watching import STAGES, holding, list_looks, read_log
from tests.attacks.injection.writes import iter_writes

UNLINK = "SELECT lo_unlink(oid) FROM pg_largeobject_metadata WHERE lomowner = 'api_rw'::regrole"
CLEAN = ["RESET ALL", "DEALLOCATE ALL", "CLOSE ALL", "UNLISTEN *", "SELECT pg_advisory_unlock_all()"]
CHANGES = re.compile(r"\b(?:insert|update|delete|merge|truncate|alter|copy|drop|execute|create)\b", re.IGNORECASE)


@dataclass
class Tally:
    """What was counted."""

    attempts: Counter[str] = field(default_factory=Counter)  # by family
    seconds: Counter[str] = field(default_factory=Counter)  # by family
    rows: int = 0  # of others that came back
    changed: int = 0  # times that rows of others were not as before
    disturbed: int = 0  # times that another's request was not answered as it should be, for no row's sake
    known: Counter[str] = field(default_factory=Counter)  # by what documents call it
    holes: list[dict[str, Any]] = field(default_factory=list)


class Judge:
    """Sees all, as superuser; tells what an answer has of others', and whether their rows are as they were."""

    def __init__(self, connection: psycopg.Connection, estate: Estate) -> None:
        self.connection, self.estate = connection, estate
        proofs = [get_session_proof(each.key)[8:] for each in (estate.bob, *estate.others)]
        keys = [each.key for each in (estate.bob, *estate.others)]
        self.credentials = {keys[0], proofs[0]}  # Bob's, which no attempt sends; those of the others ended
        self.secrets = {*keys, *proofs, *map(digest, proofs)}
        self.before = self.read_rows()

    def read_rows(self) -> str:
        one = "(SELECT string_agg(t::text, ';' ORDER BY t::text) FROM {} AS t WHERE t::text LIKE '%{}%')"
        wanted = ", ".join(one.format(table, MARK) for table in self.estate.tables)
        row = self.connection.execute(f"SELECT concat_ws('|', {wanted})").fetchone()  # type: ignore[call-overload]
        return str(row and row[0])

    def find_reached(self, answers: Answers, sent: Iterable[str]) -> set[str]:
        """Give the marks and secrets that came back and were not sent."""
        said, given = json.dumps(answers), " ".join(sent)
        found = set(SECRETS.findall(said)) | {each for each in self.secrets if each in said}
        return {each for each in found if each not in given}

    def is_changed(self) -> bool:
        """Tell whether rows of others are not as they were when this was asked last."""
        now = self.read_rows()
        changed, self.before = now != self.before, now
        return changed


class Matrix:
    """All of it, for one estate."""

    def __init__(
        self, estate: Estate, judge: psycopg.Connection, connect: Callable[[], psycopg.Connection], carriers: list[str]
    ) -> None:
        self.estate, self.connect, self.carriers = estate, connect, carriers
        self.judge, self.site, self.tally = Judge(judge, estate), Site(), Tally()
        proof = get_session_proof(estate.ann.key)
        self.channels = Channels(self.site, estate.ann.key, proof, connect)
        found = judge.execute("SELECT name FROM app.items WHERE user_id = %s", [estate.bob.user_id]).fetchall()
        self.marks = [name for (name,) in found]

    def run(self, say: Callable[[str], None], only: str = "", step: int = 1) -> Tally:
        """Try everything whose family has a name that begins with `only`, or of each family one in `step`."""
        self.say, self.step = say, step
        self.look_around()
        seen: Counter[str] = Counter()
        for attempt in self.list_attempts():
            if attempt.family.startswith(only):
                seen[attempt.family] += 1
                if seen[attempt.family] % step == 1 % step:
                    self.attempt(attempt)
        if "left".startswith(only) or only.startswith("left"):
            self.leave_everything()
        if "watching".startswith(only) or only.startswith("watching"):
            self.watch_everything()
        self.tally.changed += self.judge.is_changed()
        self.look_at_log()
        self.judge.connection.execute(UNLINK)  # a login that owns something starts no process
        return self.tally

    def look_around(self) -> None:
        """See that both are signed in and see their own rows: or the matrix would prove nothing."""
        own = self.channels.send("page", ("SELECT name FROM app.items WHERE NOT is_active",))[0]
        assert len(own["rows"]) == 5, own
        self.expected = self.ask_as_bob("default")
        assert len(self.expected) == 20, self.expected
        assert all(MARK in row[0] for row in self.expected)

    def look_at_log(self) -> None:
        """Look for keys and proofs in the server's log, which has every statement that failed meanwhile."""
        log = read_log(self.judge.connection)
        found = [each for each in self.judge.credentials if each in log]
        self.note("watching: the server's log", "log", [answer([[f"{len(log):,} characters"]])], len(found), [])

    def list_attempts(self) -> Iterator[Attempt]:
        estate, catalogue = self.estate, self.judge.connection
        yield from iter_settings(estate)
        yield from iter_tickets(catalogue, self.connect, estate, get_session_proof(estate.ann.key))
        yield from iter_catalogue(catalogue, estate)
        yield from iter_functions(catalogue, estate)
        yield from iter_leaks(estate)
        yield from iter_writes(estate)
        yield from iter_known(estate)

    def attempt(self, each: Attempt) -> None:
        """Try one and write down what it got."""
        started = time.monotonic()
        answers = self.channels.send(each.way, each.statements)
        reached = len(self.judge.find_reached(answers, each.statements))
        if each.counts:
            reached = max(reached, count(answers))
        if any(answer["sqlstate"] in each.tells for answer in answers):
            reached = max(reached, 1)
        changed = bool(CHANGES.search(" ".join(each.statements))) and self.judge.is_changed()
        self.note(str(each), each.family, answers, reached, each.statements, changed=changed, known=each.known)
        self.tally.seconds[each.family] += time.monotonic() - started

    def note(
        self,
        title: str,
        family: str,
        answers: Answers,
        reached: int,
        sent: Iterable[str],
        *,
        changed: bool = False,
        known: str = "",
    ) -> None:
        self.tally.attempts[family] += 1
        if known and not reached:
            self.tally.known[known] += 1
        self.tally.rows += reached
        self.tally.changed += changed
        if reached or changed:
            got = [{**each, "rows": each["rows"][:3]} for each in answers]
            self.tally.holes.append(
                {
                    "title": title,
                    "rows": reached,
                    "changed": changed,
                    "sent": [each[:2000] for each in sent],
                    "got": json.dumps(got)[:3000],
                }
            )
        mark = "HOLE" if reached or changed else "known" if known else "ok"
        self.say(f"{mark:5} {reached} rows  {title[:150]!r}: {summarize(answers)}")

    def ask_as_bob(self, alias: str, key: str | None = None) -> list[list[str]]:
        """Give Bob's own page, asked for over a carrier, or that of whoever has the key."""
        body = {"alias": alias, "marks": self.marks}
        key = self.estate.bob.key if key is None else key
        answer = elsewhere(alias, lambda: self.site.post("/own/", key, body))
        if "status" in answer:
            return [["no answer", answer["text"][:500]]]
        found: list[list[str]] = answer["rows"]
        return found

    def ask_as_nobody(self, alias: str) -> list[list[str]]:
        """Give what a worker of the service finds, that acts for nobody."""

        def ask() -> list[list[str]]:
            with acting_as("api"):
                return list_own(alias, self.marks)

        return elsewhere(alias, ask)

    # --- What is left on a connection --------------------------------------------------------------------------------
    def leave_everything(self) -> None:
        proof = get_session_proof(self.estate.ann.key)
        for leaving in islice(iter_leavings(self.estate, proof), 0, None, self.step):
            for alias in self.carriers:
                self.leave(leaving, alias)

    def leave(self, each: Leaving, alias: str) -> None:
        """Ann leaves something, Bob and a visitor come, Ann asks for what there is."""
        ask = {"alias": alias, "how": "raw", "atomic": each.atomic}
        key = self.estate.ann.key
        planted = self.site.post("/inject/", key, {**ask, "sql": each.left})["answers"]
        seen_by_bob = self.ask_as_bob(alias)
        seen_by_visitor = [*self.ask_as_bob(alias, ""), *self.ask_as_nobody(alias)]
        asked = self.site.post("/inject/", key, {**ask, "atomic": False, "sql": each.asked})["answers"]
        reached = len(self.judge.find_reached([*planted, *asked], (*each.left, *each.asked)))
        foreign = [row for row in (*seen_by_bob, *seen_by_visitor) if any(OWN_MARK in value for value in row)]
        title = f"left: {each.title} [{alias}]"
        self.note(title, "left", [*planted, *asked], reached + len(foreign), (*each.left, *each.asked))
        if seen_by_bob != self.expected or seen_by_visitor:
            if alias == "bouncer":
                self.tally.known["settings behind a pooler"] += 1
            else:
                self.tally.disturbed += 1
            self.say(f"      disturbed: Bob got {seen_by_bob[:2]}, a visitor {seen_by_visitor[:2]}")
        if alias == "bouncer":
            self.site.post("/inject/", key, {**ask, "atomic": False, "sql": CLEAN})

    # --- What another connection of the login sees -------------------------------------------------------------------
    def watch_everything(self) -> None:
        for stage in STAGES:
            with holding(stage, self.judge.connection, lambda stage=stage: self.request_of_bob(stage)) as answers:
                for statement in list_looks(self.judge.connection):
                    for way in ("page", "simple"):
                        got = self.channels.send(way, (statement,))
                        reached = len(self.judge.find_reached(got, [statement]))
                        self.note(f"watching: {stage}: {statement} [{way}]", "watching", got, reached, [statement])
            assert answers, stage
            assert answers[0].get("rows"), answers
            self.judge.is_changed()  # Bob's own

    def request_of_bob(self, stage: str) -> dict[str, Any]:
        from django.db import connections

        try:
            return self.site.post("/linger/", self.estate.bob.key, {"stage": stage, "marks": self.marks})
        finally:
            connections.close_all()


def elsewhere(alias: str, ask: Callable[[], Any]) -> Any:
    """Ask, as a client of its own where connections come from a pooler; give the answer, or the fault as rows."""

    def work() -> Any:
        from django.db import Error, connections

        try:
            return ask()
        except Error as error:
            return [["no answer", str(error)]]
        finally:
            connections.close_all()

    if alias != "bouncer":
        return ask()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(work).result()


def count(answers: Answers) -> int:
    """Give the last number that came back."""
    numbers = [row[0] for answer in answers for row in answer["rows"] if len(row) == 1 and row[0].isdigit()]
    return int(numbers[-1]) if numbers else 0


def summarize(answers: Answers) -> str:
    """Say in a line what came back."""
    said = []
    for each in answers:
        if each["error"]:
            said.append(f"{each['sqlstate']} {each['error'].splitlines()[0][:100]}".strip())
        elif each["rows"] and each["rows"] != [[""]]:
            said.append(f"{len(each['rows'])} rows")
    return "; ".join(dict.fromkeys(said)) or "nothing"
