"""Ours with parts left out, for what each costs: STEP says how far it goes from the statement alone."""

from __future__ import annotations

import os
from typing import Any

import django
from django.conf import settings

os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
STEP = os.environ["STEP"]
if STEP in ("statement", "endpoint"):
    settings.MIDDLEWARE = []
elif STEP == "acting":
    settings.MIDDLEWARE = ["freehold.ServiceMiddleware"]
django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402 - behind the settings

from freehold.acting import acting  # noqa: E402
from items.sql import item  # noqa: E402

_answer = get_wsgi_application()
JSON = [("Content-Type", "application/json")]


def list_by_statement(environ: dict[str, Any], start_response: Any) -> Any:
    """Give the page by typed SQL alone."""
    from django.db import connection

    with acting(None):
        content = item.list_items_json(limit=50)
        connection.close()  # back to the pool, as at a request's end
    start_response("200 OK", [*JSON, ("Content-Length", str(len(content)))])
    return [content]


def answer_alone(environ: dict[str, Any], start_response: Any) -> Any:
    """Answer by the endpoint, without middleware: nobody acts."""
    with acting(None):
        return _answer(environ, start_response)


application = {"statement": list_by_statement, "endpoint": answer_alone}.get(STEP, _answer)
