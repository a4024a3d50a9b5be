"""Sends requests to the API as a browser that is signed in, as a program with a key, or as nobody."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client

ROOT = "/api/v1/"
TOKEN = "t" * 32
ANY = {"If-Match": "*"}


class Caller:
    """What `send` gives is the answer; that of an error is a problem, or the test fails."""

    def __init__(self, user: Any = None, key: str = "", **headers: str) -> None:
        self.client = Client(enforce_csrf_checks=True, raise_request_exception=False)
        self.headers = headers
        if user:
            self.client.force_login(user)
            self.client.cookies["csrftoken"] = TOKEN
            self.headers["X-CSRFToken"] = TOKEN
        if key:
            self.headers["Authorization"] = f"Bearer {key}"

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> HttpResponse:
        """A body that is bytes is sent as it is."""
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kept = {"Content-Type": "application/json", **self.headers, **headers}
        kind = kept.pop("Content-Type")
        answer = self.client.generic(method, path if path[0] == "/" else ROOT + path, sent, kind, headers=kept)
        if answer.status_code >= 400:
            assert answer["Content-Type"] == "application/problem+json", (path, answer.content[:500])
            assert answer["Cache-Control"] == "no-store"
            assert answer.json()["status"] == answer.status_code
        return answer

    def get(self, path: str, **headers: str) -> HttpResponse:
        return self.send("GET", path, **headers)

    def read(self, path: str) -> Any:
        """Give what an answer of 200 says."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.content
        return answer.json()


def list_faults(answer: HttpResponse) -> dict[str, str]:
    """Give the faults of a problem by their place."""
    assert answer.status_code == 422, answer.content
    return {each.get("pointer") or each.get("parameter", ""): each["detail"] for each in answer.json()["faults"]}
