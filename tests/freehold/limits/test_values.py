"""Limits as texts of settings."""

import pytest

from freehold.limits import Limit, LimitsError
from freehold.limits.values import parse_limits


def test_text_says_how_many_in_how_many_seconds() -> None:
    assert parse_limits({"user": "600/60", "reports": "1/604800"}) == {
        "user": Limit(600, 60), "reports": Limit(1, 604_800)
    }  # fmt: skip
    assert str(Limit(600, 60)) == "600/60"


@pytest.mark.parametrize(
    "text", ["", "600", "600/", "600/m", "-1/60", "1.5/60", " 1/60", "1/60\n", "\u0661/60", "1/60/1"]
)
def test_text_that_is_none_is_told_in_a_line(text: str) -> None:
    with pytest.raises(LimitsError) as caught:
        parse_limits({"user": text})

    assert str(caught.value) == (f"user has the limit {text!r}: write how many and in how many seconds, as 600/60")


@pytest.mark.parametrize("text", ["0/60", "1/0", "1/604801", "1000000001/60"])
def test_numbers_out_of_range_are_told_in_a_line(text: str) -> None:
    with pytest.raises(LimitsError) as caught:
        parse_limits({"user": text})

    assert str(caught.value) == f"user: a limit is 1 to 1000000000 in 1 to 604800 seconds, not {text}"
