"""The readers of environment variables: each value as it stands, each error with the variable's name."""

from __future__ import annotations

import secrets
from pathlib import Path

import pytest

from config.environment.dotenv import read_dotenv
from config.environment.secret_key import read_secret_key
from config.environment.variables import SettingError, read_bool, read_choice, read_list, read_text


@pytest.mark.parametrize(
    "value",
    ["$HOME", "${HOME}", "$$", r"\$HOME", r"a\$b$c", "$", "pa$$word#1", "'quoted'", "a=b", "postgresql://a:$b@c/d"],
)
def test_value_is_taken_as_it_stands(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", value)

    assert read_text("PROBE") == value


@pytest.mark.parametrize("value", ["", "  ", "\t"])
def test_value_blank_is_the_default(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", value)

    assert (read_text("PROBE", "x"), read_list("PROBE", ["y"]), read_bool("PROBE", default=True)) == ("x", ["y"], True)
    assert read_choice("PROBE", ["a", "b"], default="b") == "b"


@pytest.mark.parametrize(("value", "means"), [("1", True), ("Yes", True), ("on", True), ("0", False), ("OFF", False)])
def test_bool_known_word_is_read(value: str, means: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", value)

    assert read_bool("PROBE", default=not means) is means


@pytest.mark.parametrize("value", ["treu", "ok", "y", "2", "$DEBUG", "1 # on", "None"])
def test_bool_unknown_word_is_refused(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", value)
    monkeypatch.setenv("DEBUG", "1")

    with pytest.raises(SettingError) as refused:
        read_bool("PROBE", default=False)

    assert str(refused.value) == f"PROBE={value.lower()!r} is neither yes nor no: set it to 1 or 0"


def test_error_of_a_secret_variable_does_not_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "hush-hush")

    with pytest.raises(SettingError) as refused:
        read_choice("SECRET_KEY", ["a"], default="a")

    assert str(refused.value) == "SECRET_KEY (a secret, not shown here) is not known: set it to one of a"


def test_secret_key_may_begin_with_a_dollar(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    key = f"$PATH#and={secrets.token_urlsafe(50)}"
    monkeypatch.setenv("SECRET_KEY", key)

    assert read_secret_key(tmp_path / "key", debug=False) == key


def test_variable_of_the_dollars_name_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", "$OTHER")
    monkeypatch.setenv("OTHER", "hush-hush")

    assert read_text("PROBE") == "$OTHER"


# --- Values in files ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("content", "value"), [("hush\n", "hush"), ("$HOME a#b", "$HOME a#b"), ("\n", "default")])
def test_value_in_a_file_is_read_as_it_stands(
    content: str, value: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "secret"
    path.write_text(content)
    monkeypatch.setenv("PROBE_FILE", str(path))

    assert read_text("PROBE", "default") == value


@pytest.mark.parametrize(
    ("name", "reason"),
    [("missing", "no such file or directory"), (".", "is a directory"), ("latin", "no UTF-8 text")],
)
def test_file_that_cant_be_read_is_one_line(
    name: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "latin").write_bytes(b"\xe9")
    path = tmp_path / name
    monkeypatch.setenv("SECRET_KEY_FILE", str(path))
    monkeypatch.setenv("PROBE_FILE", str(path))
    said = []
    for variable in ("SECRET_KEY", "PROBE"):
        with pytest.raises(SettingError) as refused:
            read_text(variable)
        said.append(str(refused.value))

    way = "name a file that this account may read"
    assert said == [
        f"the file that SECRET_KEY_FILE names can't be read ({reason}): {way}",
        f"PROBE_FILE={str(path)!r} can't be read ({reason}): {way}",
    ]


def test_value_and_file_are_refused_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROBE", "hush")
    monkeypatch.setenv("PROBE_FILE", str(tmp_path))

    with pytest.raises(SettingError) as refused:
        read_text("PROBE")

    assert str(refused.value) == "PROBE and PROBE_FILE are both set: leave one of them"


def test_file_of_the_process_wins_over_dotenv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "secret").write_text("of the file")
    (tmp_path / ".env").write_text("PROBE=of dotenv\nOTHER_FILE=/nowhere\n")
    monkeypatch.setenv("ENV_FILE", ".env")
    monkeypatch.setenv("PROBE_FILE", str(tmp_path / "secret"))
    monkeypatch.setenv("OTHER", "of the process")

    read_dotenv(tmp_path)

    assert (read_text("PROBE"), read_text("OTHER")) == ("of the file", "of the process")
