"""Answers as gzip: for whom, which, and that their ETags are as good as those of plain ones."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.http import HttpResponse

from freehold.api.compression import LEAST, compress, takes_gzip
from tests.api import Caller
from tests.auth_app.factories import make_user
from tests.items.factories import make_item
from tests.master.factories import make_category

pytestmark = pytest.mark.django_db
GZIP = {"Accept-Encoding": "gzip, deflate, br"}


def make_big_item() -> tuple[Any, str]:
    user = make_user()
    return user, f"items/{make_item(user=user, description='word ' * LEAST).pk}"


def unpack(answer: HttpResponse) -> bytes:
    assert answer["Content-Encoding"] == "gzip"
    assert int(answer["Content-Length"]) == len(answer.content)
    return gzip.decompress(answer.content)


def test_answer_is_compressed_for_whoever_takes_it_and_says_the_same() -> None:
    user, path = make_big_item()
    plain, packed = Caller(user).get(path), Caller(user).get(path, **GZIP)

    assert unpack(packed) == plain.content
    assert len(packed.content) < len(plain.content) / 4
    assert "Content-Encoding" not in plain
    for answer in (plain, packed):
        assert "Accept-Encoding" in answer["Vary"]


def test_etag_of_a_compressed_answer_is_strong_its_own_and_good_for_a_change() -> None:
    user, path = make_big_item()
    caller = Caller(user, **GZIP)
    plain, packed = Caller(user).get(path)["ETag"], caller.get(path)["ETag"]
    assert packed == f'{plain[:-1]}-gzip"'

    changed = caller.send("PATCH", path, {"price": "1.00"}, **{"If-Match": packed})
    assert changed.status_code == 200
    assert caller.send("PATCH", path, {"price": "2.00"}, **{"If-Match": packed}).status_code == 412
    assert changed["ETag"].startswith('"2-')
    assert caller.send("DELETE", path, **{"If-Match": changed["ETag"]}).status_code == 204


def test_answer_that_somebody_has_is_304_with_the_etag_they_have() -> None:
    user, path = make_big_item()
    caller = Caller(user, **GZIP)
    plain, packed = Caller(user).get(path)["ETag"], caller.get(path)["ETag"]

    for sent in (plain, packed, f'"other", {packed}'):
        kept = caller.get(path, **{"If-None-Match": sent})
        assert (kept.status_code, kept["ETag"]) == (304, packed if packed in sent else plain)
        assert "Accept-Encoding" in kept["Vary"]
    assert Caller(user).get(path, **{"If-None-Match": packed}).status_code == 200  # it takes no gzip


def test_same_answer_is_the_same_bytes_and_head_says_their_number() -> None:
    user, path = make_big_item()
    caller = Caller(user, **GZIP)
    one, two, head = caller.get(path), caller.get(path), caller.send("HEAD", path)

    assert one.content == two.content
    assert (head["Content-Length"], head["ETag"]) == (one["Content-Length"], one["ETag"])
    assert len({len(compress(b"a" * 5000 + bytes([byte]))) for byte in range(50)}) > 10  # what BREACH would measure


def test_small_answers_and_pages_stay_as_they_are() -> None:
    make_category()
    for path in ("categories", "nowhere", "/api/v1/docs", "/login/"):
        answer = Caller().client.get(path if path[0] == "/" else f"/api/v1/{path}", headers=GZIP)
        assert "Content-Encoding" not in answer, path


def test_document_and_errors_are_compressed_too() -> None:
    caller = Caller(make_user(), **GZIP)

    assert unpack(caller.get("openapi.json")).startswith(b"{")
    faults = caller.client.post(
        "/api/v1/items", {str(number): 1 for number in range(50)}, "application/json", headers={**caller.headers}
    )
    assert faults.status_code == 422
    assert unpack(faults).startswith(b'{"title":"Unprocessable Content"')


@pytest.mark.parametrize(
    ("accepted", "is_taken"),
    [
        ("gzip", True), ("GZIP;q=0.5, br", True), ("br, x-gzip", True), ("gzip ; q=1", True),
        ("", False), ("br", False), ("gzip;q=0", False), ("gzip;q=0.000", False), ("identity, *;q=0", False),
        ("notgzip", False), ("gzip-more", False),
    ],
)  # fmt: skip
def test_who_takes_gzip(accepted: str, is_taken: bool) -> None:
    assert takes_gzip(accepted) == is_taken
