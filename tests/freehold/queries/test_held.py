"""What a statement reads is held to row policies on both dialects, however it names its tables."""

from __future__ import annotations

from uuid import UUID

import msgspec
import pytest

from freehold.queries import Column, Parameter, Query, QueryError, Segment
from freehold.queries.held import hold_rows
from runs.models import Run
from tests.auth_app.factories import make_user
from tests.freehold.queries.statements import quote
from tests.rls import as_key, as_nobody, as_user
from tests.runs.factories import make_run
from tests.tenancy.factories import make_membership

pytestmark = pytest.mark.django_db


class IdRow(msgspec.Struct, frozen=True):
    id: UUID


READS = {
    "a table": "SELECT r.id FROM app.runs AS r WHERE r.kind = {kind} ORDER BY r.id",
    "without AS": "SELECT r.id FROM app.runs r WHERE r.kind = {kind} ORDER BY r.id",
    "a join": (
        "SELECT r.id FROM app.projects AS p\nJOIN app.runs AS r ON r.project_id = p.id "
        "WHERE r.kind = {kind} ORDER BY r.id"
    ),
    "an outer join": (
        "SELECT r.id FROM app.runs AS r LEFT JOIN app.projects AS p ON p.id = r.project_id "
        "WHERE r.kind = {kind} ORDER BY r.id"
    ),
    "a comma": (
        "SELECT r.id FROM app.projects AS p, app.runs AS r WHERE r.project_id = p.id AND r.kind = {kind} ORDER BY r.id"
    ),
    "WITH": (
        "WITH found AS (SELECT r.id FROM app.runs AS r WHERE r.kind = {kind}) SELECT f.id FROM found AS f ORDER BY f.id"
    ),
    "a comment before WITH": (
        "-- ours\nWITH found AS (SELECT r.id, r.kind FROM app.runs AS r) "
        "SELECT f.id FROM found AS f WHERE f.kind = {kind} ORDER BY f.id"
    ),
    "recursion": (
        "WITH RECURSIVE found AS (SELECT r.id, 1 AS n FROM app.runs AS r WHERE r.kind = {kind} "
        "UNION ALL SELECT f.id, f.n + 1 FROM found AS f WHERE f.n < 2) "
        "SELECT f.id FROM found AS f WHERE f.n = 2 ORDER BY f.id"
    ),
    "a subquery": (
        "SELECT p.id FROM (SELECT r.id, r.kind FROM app.runs AS r) AS p WHERE p.kind = {kind} "
        "AND EXISTS (SELECT 1 FROM app.runs AS o WHERE o.id = p.id) ORDER BY p.id"
    ),
    "a union": (
        "SELECT r.id FROM app.runs AS r WHERE r.kind = {kind} "
        "UNION SELECT r.id FROM app.runs AS r WHERE r.kind = {kind} ORDER BY 1"
    ),
}


def make_query(text: str) -> Query[IdRow]:
    segments = (Segment(text),)
    return Query(
        *("tests/sql/run/read.sql", "many", segments, IdRow),
        sqlite=quote(segments),
        parameters=(Parameter("kind", "text"),),
        columns=(Column("id", "uuid"),),
    )


@pytest.mark.parametrize("read", READS)
def test_each_sees_what_policies_show(read: str) -> None:
    mine, theirs = make_run(kind="x"), make_run(kind="x")
    member = make_membership(tenant=mine.project.tenant, role="viewer").user
    query = make_query(READS[read])
    seen = {}
    for who, acting in {
        "member": as_user(member),
        "key": as_key(theirs.project),
        "stranger": as_user(make_user()),
        "nobody": as_nobody(),
    }.items():
        with acting:
            seen[who] = [row.id for row in query.fetch_many({"kind": "x"})]

    assert seen == {"member": [mine.pk], "key": [theirs.pk], "stranger": [], "nobody": []}


def test_what_is_deleted_by_what_is_read_is_held() -> None:
    mine, theirs = make_run(kind="x"), make_run(kind="x")
    segments = (Segment("DELETE FROM app.runs WHERE id IN (SELECT r.id FROM app.runs AS r WHERE r.kind = {kind})"),)
    query: Query[None] = Query(
        *("tests/sql/run/drop.sql", "execrows", segments),
        sqlite=quote(segments),
        parameters=(Parameter("kind", "text"),),
    )
    with as_key(mine.project):
        assert query.execute_count({"kind": "x"}) == 1

    assert list(Run.objects.values_list("pk", flat=True)) == [theirs.pk]


@pytest.mark.sqlite
def test_statement_of_what_everyone_sees_stays_as_it_is() -> None:
    from django.db import connection

    text = 'SELECT c.id FROM "master.categories" AS c WHERE c.slug = ?1'
    with as_nobody():
        assert hold_rows(connection, text, 1) == (text, ())


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "text",
    [
        'SELECT r.id FROM ("app.runs") AS r',
        'SELECT r.id FROM ("app.runs" AS r)',
        'SELECT r.id FROM/**/"app.runs" AS r',
        'SELECT r.id FROM -- x\n"app.runs" AS r',
        'SELECT r.id FROM"app.runs" AS r',
        'SELECT r.id FROM main."app.runs" AS r',
        "SELECT r.id FROM [app.runs] AS r",
        "SELECT r.id FROM `app.runs` AS r",
        'SELECT r.id FROM "App.Runs" AS r',
        "SELECT r.id FROM (SELECT w.value AS id FROM json_each('[1]') AS w, \"app.runs\") AS r",
        "SELECT r.id FROM json_each('[1]') AS w, -- x\n\"app.runs\" AS r",
        'SELECT 1 AS id WHERE 1 IN "app.runs"',
        'SELECT "app.runs".id FROM "app.runs"',
        'WITH f AS (SELECT id FROM "app.runs" AS r) SELECT f.id FROM f, [app.runs] AS r',
    ],
)
def test_what_cannot_be_seen_to_be_held_is_refused(text: str) -> None:
    run = make_run()
    query = Query("tests/sql/run/read.sql", "many", (Segment(text),), IdRow, columns=(Column("id", "uuid"),))
    with as_key(run.project), pytest.raises(QueryError, match=r"read\.sql:1: on SQLite app\.runs can't be held"):
        query.fetch_many({})


@pytest.mark.parametrize("before", ["/* a */ ", "-- b\n/* c\n */\n"])
def test_comment_before_the_statement_changes_nothing(before: str) -> None:
    run = make_run(kind="x")
    for read in ("a table", "WITH"):
        with as_key(run.project):
            assert [row.id for row in make_query(before + READS[read]).fetch_many({"kind": "x"})] == [run.pk]
