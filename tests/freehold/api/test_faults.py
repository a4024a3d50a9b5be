"""Every fault of a document is found, and none where there is none."""

from __future__ import annotations

import re
from typing import Annotated, Any

import msgspec
import pytest
from hypothesis import given, strategies as st
from msgspec import UNSET, Meta, UnsetType

from freehold.api.bodies import MOST_LEVELS, Text, check_depth
from freehold.api.faults import list_faults
from freehold.api.problems import write_pointer
from freehold.printable import UNPRINTABLE

PRINTABLE = re.compile(Text.__metadata__[0].pattern)  # type: ignore[attr-defined]


class Part(msgspec.Struct, forbid_unknown_fields=True):
    """A part."""

    size: Annotated[int, Meta(ge=0)]
    word: str = ""


class Whole(msgspec.Struct, forbid_unknown_fields=True):
    """What has parts."""

    parts: Annotated[list[Part], Meta(max_length=2)]
    first: Part | UnsetType | None = UNSET
    named: dict[str, int] | UnsetType = UNSET
    pairs: list[list[int]] = []


def test_each_fault_is_told_at_its_place() -> None:
    document = {
        "parts": [{"size": -1, "other": 1}, {"word": 5}, 7],
        "first": {"size": "x"},
        "named": {"a": 1, "b": "c"},
        "pairs": [[1], ["2", 3], 4],
        "a/b~c": None,
    }

    found = {write_pointer(path): sentence for path, sentence in list_faults(document, Whole, strict=True)}

    assert found == {
        "#/a~1b~0c": "There is no such field.",
        "#/parts/0/other": "There is no such field.",
        "#/parts/0/size": "Expected `int` >= 0.",
        "#/parts/1/size": "This is missing.",
        "#/parts/1/word": "Expected `str`, got `int`.",
        "#/parts/2": "Expected `object`, got `int`.",
        "#/first/size": "Expected `int`, got `str`.",
        "#/named/b": "Expected `int`, got `str`.",
        "#/pairs/1/0": "Expected `int`, got `str`.",
        "#/pairs/2": "Expected `array`, got `int`.",
    }


def test_list_that_is_too_long_is_told_of_the_list() -> None:
    assert list_faults({"parts": [{"size": 1}] * 3}, Whole, strict=True) == [
        (("parts",), "Expected `array` of length <= 2.")
    ]


def test_document_of_a_million_parts_is_not_gone_through() -> None:
    assert list_faults({"parts": [{"size": 1}] * 1_000_000}, Whole, strict=True) == [
        (("parts",), "Expected `array` of length <= 2.")
    ]
    assert len(list_faults({"pairs": [[]] * 100 + [1] * 1_000_000}, Whole, strict=True)) == 50


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["parts", "first", "size", "word", "named", "pairs", "x"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_there_are_faults_exactly_where_msgspec_refuses(document: Any) -> None:
    try:
        msgspec.convert(document, Whole, strict=True)
        is_right = True
    except msgspec.ValidationError:
        is_right = False

    assert (list_faults(document, Whole, strict=True) == []) == is_right


@pytest.mark.parametrize(
    "body",
    [
        b"[" * MOST_LEVELS + b"]" * MOST_LEVELS,
        b'"' + b"[" * 99 + b'"',
        b'{"a\\"[": 1}' * 40,
        b"[" + b"{}," * 99 + b"1]",
    ],
)
def test_depth_that_is_allowed_passes(body: bytes) -> None:
    check_depth(body)


@pytest.mark.parametrize("body", [b"[" * (MOST_LEVELS + 1), b'{"a":' * 99, b'["\\\\",' * 40])
def test_depth_beyond_is_refused(body: bytes) -> None:
    with pytest.raises(Exception, match="nested more than 32 levels"):
        check_depth(body)


def test_text_is_what_pages_can_hold() -> None:
    for code in (each for each in range(0x110000) if not 0xD800 <= each < 0xE000):  # no JSON has half of a pair
        assert bool(PRINTABLE.search(chr(code))) == (not UNPRINTABLE.search(chr(code))), hex(code)
