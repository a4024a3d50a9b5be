"""Which statements of files leave nothing on a connection, and what is asked of the server where nothing was left."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from freehold.queries.leavings import leaves_nothing
from freehold.services import acting_as
from tests.freehold.backends.postgresql.conftest import believing
from tests.freehold.backends.postgresql.test_contexts import ANN, BEN
from tests.freehold.backends.postgresql.wire import tracing
from tests.freehold.queries.test_named import ask_nothing, count_names, kept, list_notes, owner, warm

__all__ = ["believing", "kept", "owner"]  # fixtures


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT i.id, lower(i.name) FROM app.items AS i WHERE i.id = $1", True),
        ("SELECT pg_catalog.count(*) FROM app.items", True),
        ("SELECT 1 FROM app.items AS i WHERE i.id IN (SELECT app.search_items($1))", False),
        ('SELECT 1 FROM "app" . "search_items" ($1)', False),
        ("WITH n AS (INSERT INTO app.items (name) VALUES ($1) RETURNING id) SELECT id FROM n", False),
        ("SELECT id FROM app.items FOR UPDATE", False),
        ("SELECT pg_catalog.set_config('role', $1, false)", False),
        ("SELECT SET_CONFIG('role', $1, false)", False),
        ("SELECT pg_try_advisory_lock_shared(1)", False),
        ("SELECT pg_advisory_lock(1)", False),
        ("SELECT nextval('app.some_seq')", False),
        ("SELECT query_to_xml($1, true, true, '')", False),
        ("SELECT lo_creat(-1)", False),
        ("SELECT pg_notify('a', 'b')", False),
        ("DELETE FROM app.items", False),
        ("CALL app.do_it()", False),
        ("SELECT i.id FROM app.items AS i WHERE i.id IN ($1) AND i.name = ANY ($2) AND (i.a + (i.b)) > 0", True),
        ("SELECT pg_catalog . LOWER (i.name) FROM app.items AS i", True),
        ("SELECT search_items($1)", False),
        ("SELECT set_limit(0.5)", False),
        ("SELECT U&\"\\0073et_config\"('role', 'x', false)", False),
        ('SELECT "app"."my func"($1)', False),
        ('SELECT app."my-f" ($1)', False),
        ("SELECT app.a$b(1)", False),
        ("SELECT app.f /* c */ ($1)", False),
        ("SELECT app./* c */f($1)", False),
        ("SELECT app.f -- c\n($1)", False),
        ("SELECT 1 OPERATOR(app.+) 2", False),
        ("SELECT (i).audit FROM app.items AS i", False),
        ("SELECT x.pg_catalog.lower('a')", False),
    ],
)
def test_statement_leaves_nothing_only_where_its_words_say_so(text: str, wanted: bool) -> None:
    assert leaves_nothing(text) is wanted


@pytest.mark.postgresql
@pytest.mark.django_db
def test_session_that_only_read_by_files_is_in_order(kept: Any, tmp_path: Path) -> None:
    warm(kept, ANN)
    assert list_notes(BEN) == ["of ben"] * 2
    with tracing(kept, tmp_path) as wire:
        kept.close_if_unusable_or_obsolete()

    assert wire.list_sent("Query", "Parse") == []
    assert list_notes(ANN) == ["of ann"]
    assert count_names(kept) == (2, 0)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_session_is_put_in_order_where_anything_else_ran_beside(kept: Any, tmp_path: Path) -> None:
    warm(kept, ANN)
    with acting_as("api", ANN):
        ask_nothing(kept, "SELECT set_config('statement_timeout', '99s', false)")
    assert list_notes(ANN) == ["of ann"]
    with tracing(kept, tmp_path) as wire:
        kept.close_if_unusable_or_obsolete()

    assert len(wire.list_sent("Query")) == 1
    with kept.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() != ("99s",)


@pytest.mark.postgresql
@pytest.mark.django_db
def test_session_left_in_a_transaction_that_only_read_is_closed(kept: Any) -> None:
    warm(kept, ANN)
    before = kept.connection.pgconn.backend_pid
    kept.set_autocommit(False)
    assert list_notes(ANN) == ["of ann"]
    kept.autocommit = True  # as code that takes the driver's connection may leave it
    kept.close_if_unusable_or_obsolete()

    assert list_notes(BEN) == ["of ben"] * 2
    assert kept.connection.pgconn.backend_pid != before
