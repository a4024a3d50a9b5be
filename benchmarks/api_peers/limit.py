"""The limit: a bare WSGI function, libpq, JSON built in PostgreSQL.

`next` is null: nobody signs a cursor here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from psycopg import pq

from benchmarks.api_peers import DSN, PAGE

STATEMENT = f"""
    SELECT json_build_object('rows', json_agg(json_build_object(
        'id', p.id, 'name', p.name, 'price', p.price::text, 'price_cents', p.price_cents, 'currency', p.currency,
        'created_at', p.created_at,
        'category', json_build_object('id', p.category_id, 'slug', p.category_slug),
        'location', CASE WHEN p.location_id IS NOT NULL
            THEN json_build_object('id', p.location_id, 'city', p.location_city, 'country', p.location_country) END
    )), 'next', NULL)
    FROM ({PAGE}) AS p
"""
connection = pq.PGconn.connect(DSN.encode())
assert connection.status == pq.ConnStatus.OK, connection.error_message
connection.prepare(b"page", STATEMENT.encode())


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """Answer whatever is asked with the page."""
    found = connection.exec_prepared(b"page", [b"50"])
    content = found.get_value(0, 0) or b""
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(content)))])
    return [content]
