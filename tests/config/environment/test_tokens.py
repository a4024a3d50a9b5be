"""A token in the environment is long and fits its header, or is refused in a line that does not show it."""

import pytest

from config.environment.tokens import read_token
from config.environment.variables import SettingError

GOOD = "abcdefghijklmnopqrstuvwxyz-_.~012"


@pytest.mark.parametrize("token", ["", "  ", GOOD, f" {GOOD}\n"])
def test_token_is_taken_as_it_is(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", token)

    assert read_token("METRICS_TOKEN") == token.strip()


@pytest.mark.parametrize("token", ["short", "x" * 31, f"{GOOD} {GOOD}", f"{GOOD}é", f"{GOOD}\n{GOOD}"])
def test_token_that_is_none_is_refused_and_not_shown(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METRICS_TOKEN", token)
    with pytest.raises(SettingError) as caught:
        read_token("METRICS_TOKEN")

    assert str(caught.value) == (
        "METRICS_TOKEN (a secret, not shown here) has to be 32 letters, digits or signs of ._~+/=- at least: make one "
        "by `python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
    )
