"""Pages that no project may have: each puts a text of the request into its SQL. And Bob's, as pages should be."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from typing import Any

from django.db import connections, transaction
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, JsonResponse
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from config.urls import handler500
from freehold.services.routes import served_by
from tests.attacks.injection import watching

__all__ = ["handler500", "urlpatterns"]
MOST = 300  # rows and characters of an answer that are looked at, in thousands


def describe(error: BaseException | None) -> str:
    """Give every word that an exception has, down to its first cause."""
    words = []
    while error is not None:
        diagnosis = getattr(error, "diag", None)
        names = [each for each in dir(diagnosis) if each[0] != "_"] if diagnosis else []
        told = (getattr(diagnosis, name, None) for name in names)
        words += [str(error), *(each for each in told if isinstance(each, str))]
        error = error.__cause__ or error.__context__
    return "\n".join(dict.fromkeys(words))


def answer(rows: Any = (), error: BaseException | None = None, notices: list[str] | None = None) -> dict[str, Any]:
    return {
        "rows": [[str(value)[: MOST * 1000] for value in row] for row in list(rows)[:MOST]],
        "error": describe(error),
        "sqlstate": getattr(error, "sqlstate", None)
        or getattr(getattr(error, "__cause__", None), "sqlstate", "")
        or "",
        "notices": "\n".join(notices or []),
    }


@contextmanager
def hearing(alias: str) -> Iterator[list[str]]:
    """Give the notices that the server sends inside the block."""
    heard: list[str] = []

    def hear(diagnosis: Any) -> None:
        heard.append(f"{diagnosis.message_primary} {diagnosis.message_detail} {diagnosis.context}")

    connections[alias].ensure_connection()
    raw = connections[alias].connection
    raw.add_notice_handler(hear)
    try:
        yield heard
    finally:
        raw.remove_notice_handler(hear)


def run_raw(alias: str, sql: str) -> Any:
    with connections[alias].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []


def run_copy(alias: str, sql: str) -> Any:
    with connections[alias].cursor() as cursor, cursor.copy(sql) as copy:
        return [[bytes(each)] for each in copy]


def run_literal(alias: str, sql: str) -> Any:
    return run_raw(alias, f"SELECT name FROM app.items WHERE name = '{sql}'")


def run_extra(alias: str, sql: str) -> Any:
    from items.models import Item

    return Item.objects.using(alias).extra(where=[sql]).values_list("name")[:MOST]


def run_extra_pieces(alias: str, sql: str) -> Any:
    from items.models import Item

    return Item.objects.using(alias).extra(where=[sql]).values_list("name").iterator(chunk_size=2)


def run_annotation(alias: str, sql: str) -> Any:
    from items.models import Item

    return Item.objects.using(alias).annotate(told=RawSQL(sql, [])).values_list("told")[:3]


def run_order(alias: str, sql: str) -> Any:
    from items.models import Item

    return Item.objects.using(alias).order_by(RawSQL(sql, [])).values_list("name")[:3]


RUNS = {
    "raw": run_raw,
    "copy": run_copy,
    "literal": run_literal,
    "extra": run_extra,
    "pieces": run_extra_pieces,
    "annotation": run_annotation,
    "order": run_order,
}


def ask(alias: str, how: str, sql: str) -> dict[str, Any]:
    with hearing(alias) as heard:
        try:
            return answer(RUNS[how](alias, sql), None, heard)
        except Exception as error:  # whatever comes, its words go to the attacker
            return answer((), error, heard)


@csrf_exempt
@served_by("api")
def inject(request: HttpRequest) -> JsonResponse:
    """Run what the request says, one statement after the other, and tell all that comes of it."""
    wanted = json.loads(request.body)
    alias, answers, error = wanted.get("alias", "default"), [], None
    try:
        with transaction.atomic(using=alias) if wanted["atomic"] else nullcontext():
            answers = [ask(alias, wanted["how"], sql) for sql in wanted["sql"]]
    except Exception as fault:
        error = fault
    return JsonResponse({"answers": [*answers, answer((), error)]})


def list_own(alias: str, marks: list[str]) -> list[list[str]]:
    """Give a user's rows as a page would: by the ORM, raw SQL with values, in a transaction, in pieces."""
    from items.models import Favorite, Item

    rows = [list(map(str, row)) for row in Item.objects.using(alias).filter(is_active=False).values_list("id", "name")]
    rows += [list(map(str, row)) for row in Favorite.objects.using(alias).values_list("id", "item_id")]
    with connections[alias].cursor() as cursor:
        cursor.execute("SELECT id, name FROM app.items WHERE NOT is_active AND name = ANY (%s)", [marks])
        rows += [list(map(str, row)) for row in cursor.fetchall()]
    with transaction.atomic(using=alias):
        pieces = Item.objects.using(alias).filter(is_active=False).values_list("description", flat=True)
        rows += [[each] for each in pieces.iterator(chunk_size=2)]
    return sorted(rows)


@csrf_exempt
@served_by("api")
def show_own(request: HttpRequest) -> JsonResponse:
    """Show whoever asks their own rows."""
    wanted = json.loads(request.body)
    return JsonResponse({"rows": list_own(wanted["alias"], wanted["marks"])})


@csrf_exempt
@served_by("api")
def linger(request: HttpRequest) -> JsonResponse:
    """Work on one's own rows until whoever watches has seen enough (`watching.STAGES`)."""
    wanted = json.loads(request.body)
    return JsonResponse({"rows": watching.linger(wanted["stage"], wanted["marks"])})


urlpatterns = [
    path("inject/", inject),
    path("own/", show_own),
    path("linger/", linger),
    path("", include("config.urls")),
]
