"""How statements reach the server: by the injectable pages, with a cookie; or on a connection of the login's own, as
somebody has who took the process over, and has Ann's proof."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import psycopg
from django.core.handlers.wsgi import WSGIHandler

from tests.attacks.injection.pages import answer

Answers = list[dict[str, Any]]
BY_PAGE = {  # by way: how the page runs the text, and whether inside of a transaction
    "page": ("raw", False),
    "page, transaction": ("raw", True),
    "literal": ("literal", False),
    "extra()": ("extra", False),
    "iterator()": ("pieces", True),
    "RawSQL": ("annotation", False),
    "ORDER BY": ("order", False),
    "COPY": ("copy", False),
}
BY_CONNECTION = ("simple", "extended", "prepared")


class Site:
    """The process's own application, asked as a browser asks it: the signals of a request are sent."""

    def __init__(self) -> None:
        self.handler = WSGIHandler()

    def post(self, address: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        """Give the answer to JSON that is sent with a session's cookie."""
        data = json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": "POST",
            "PATH_INFO": address,
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1",
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(data)),
            "HTTP_COOKIE": f"sessionid={key}" if key else "",
            "wsgi.input": io.BytesIO(data),
            "wsgi.errors": io.StringIO(),
            "wsgi.url_scheme": "http",
            "wsgi.multithread": False,
        }
        statuses: list[str] = []
        response = self.handler(environ, lambda status, headers, *rest: statuses.append(status))
        text = b"".join(response).decode()
        response.close()
        if not statuses[0].startswith("200"):
            return {"answers": [answer()], "rows": [], "status": statuses[0], "text": text}
        found: dict[str, Any] = json.loads(text)
        return found


class Channels:
    """Every way, for one attacker."""

    def __init__(self, site: Site, key: str, proof: str, connect: Callable[[], psycopg.Connection]) -> None:
        self.site, self.key, self.proof, self.connect = site, key, proof, connect

    def send(self, way: str, statements: tuple[str, ...], alias: str = "default") -> Answers:
        """Give what came back of each statement, and of the whole."""
        if way in BY_PAGE:
            how, atomic = BY_PAGE[way]
            body = {"alias": alias, "how": how, "atomic": atomic, "sql": statements}
            found = self.site.post("/inject/", self.key, body)
            return [*found["answers"], answer([[found.get("text", "")]])]
        with self.connect() as raw:
            raw.execute("SELECT set_config('freehold.proof', %s, false)", [self.proof])
            return talk(raw, way, statements)


def talk(raw: psycopg.Connection, way: str, statements: tuple[str, ...]) -> Answers:
    """Send statements on a driver's connection: all of them as one message, or each as its own, by the extended
    protocol, with a name or without."""
    heard: list[str] = []
    raw.add_notice_handler(lambda told: heard.append(f"{told.message_primary} {told.message_detail} {told.context}"))
    if way == "simple":
        return [*send_message(raw, "; ".join(statements)), answer((), None, heard)]
    answers = []
    for sql in statements:
        try:
            cursor = raw.execute(sql.replace("%", "%%"), [], prepare=way == "prepared", binary=False)
            answers.append(answer(cursor.fetchall() if cursor.description else ()))
        except (psycopg.Error, ValueError) as error:
            answers.append(answer((), error))
            if raw.closed:
                break
    return [*answers, answer((), None, heard)]


def send_message(raw: psycopg.Connection, text: str) -> Answers:
    """Send one text by the simple protocol; give every result."""
    answers = []
    try:
        cursor = raw.cursor()
        cursor.execute(text)  # type: ignore[call-overload]
        while True:
            answers.append(answer(cursor.fetchall() if cursor.description else ()))
            if not cursor.nextset():
                return answers
    except (psycopg.Error, ValueError) as error:
        return [*answers, answer((), error)]
