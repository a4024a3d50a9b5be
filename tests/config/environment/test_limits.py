"""API_RATE_LIMITS: what it says, and what it is told where it says nothing that is known."""

from __future__ import annotations

import pytest

from config.environment.limits import read_limits
from config.environment.variables import SettingError

DEFAULT = {"anonymous": "1200/60", "user": "3000/60"}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", DEFAULT),
        (" ", DEFAULT),
        ("off", {}),
        ("OFF", {}),
        ("user=5/1", {"anonymous": "1200/60", "user": "5/1"}),
        ("user=off, anonymous=1/3600", {"anonymous": "1/3600"}),
    ],
)
def test_variable_says_limits_beside_those_by_default(
    text: str, found: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROBE", text)

    assert read_limits("PROBE", DEFAULT) == found


@pytest.mark.parametrize("text", ["600/60", "users=1/60", "user=", "=1/60", "none"])
def test_what_is_not_known_is_told_in_a_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", text)
    with pytest.raises(SettingError) as caught:
        read_limits("PROBE", DEFAULT)

    assert str(caught.value) == (
        f"PROBE={text!r} has {text.partition('=')[0]!r}: write off, or how many requests in how many seconds, as "
        "anonymous=600/60, for anonymous, user"
    )


@pytest.mark.parametrize("text", ["1", "1/m", "0/60", "1/0", "1/60/1", "-1/60"])
def test_what_is_no_limit_is_told_in_a_line(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", f"user={text}")
    with pytest.raises(SettingError, match=r"^PROBE: user(: a limit is 1 to| has the limit)") as caught:
        read_limits("PROBE", DEFAULT)

    assert "\n" not in str(caught.value)
