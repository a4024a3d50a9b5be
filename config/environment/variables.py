"""Typed readers over `environ.Env`. Each error names the variable, what it takes and, of no secret, what it holds."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, MutableMapping, Sequence

import environ
from environ.fileaware_mapping import FileAwareMapping

from freehold import FreeholdError

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
FILE = "_FILE"  # behind a variable's name: the file that holds its value
_WAY = "name a file that this account may read"
SECRETS = {"DATABASE_URL", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "METRICS_TOKEN"}  # no error shows what they hold


class SettingError(FreeholdError):
    """An environment variable holds what its setting can't take."""


class _Process(MutableMapping[str, str]):
    """The process's environment, with each `$` escaped: to django-environ a value `$x` is the value of variable x.

    A variable `NAME_FILE` names a file that holds NAME's value, as containers give secrets.
    """

    files = FileAwareMapping(cache=False)

    def __getitem__(self, name: str) -> str:
        try:
            return str(self.files[name]).replace("$", r"\$")
        except (OSError, ValueError) as error:  # bytes that are no UTF-8, NUL in the path
            reason = os.strerror(error.errno).lower() if isinstance(error, OSError) and error.errno else "no UTF-8 text"
            raise SettingError(f"{describe_file(name)} can't be read ({reason}): {_WAY}") from None

    def __setitem__(self, name: str, value: str) -> None:
        os.environ[name] = value

    def __delitem__(self, name: str) -> None:
        del os.environ[name]

    def __iter__(self) -> Iterator[str]:
        return iter(os.environ)

    def __len__(self) -> int:
        return len(os.environ)


class _Environment(environ.Env):  # type: ignore[misc]  # django-environ has no types
    """Takes every value as it stands."""

    ENVIRON = _Process()

    def __init__(self) -> None:
        super().__init__()
        self.escape_proxy = True  # `\$` is the character, and the end of what _Process began


ENV = _Environment()


def read_text(name: str, default: str = "") -> str:
    """Give the variable's text, or `default` where it is unset or blank.

    Raises:
        SettingError: a file that it names by `NAME_FILE` can't be read, or both are set.
    """
    if os.environ.get(name) and os.environ.get(name + FILE):
        raise SettingError(f"{name} and {name}{FILE} are both set: leave one of them")
    text: str = ENV.str(name, default="")
    return text.strip() or default


def read_bool(name: str, *, default: bool) -> bool:
    """Give the variable as a yes or no. `Env.bool` would take any word that it does not know for a no.

    Raises:
        SettingError: it is neither.
    """
    text = read_text(name).lower()
    if text and text not in TRUE | FALSE:
        raise SettingError(f"{describe(name, text)} is neither yes nor no: set it to 1 or 0")
    return text in TRUE if text else default


def read_choice(name: str, choices: Sequence[str], *, default: str) -> str:
    """Give the variable as one of `choices`.

    Raises:
        SettingError: it is none of them.
    """
    text = read_text(name, default)
    if text not in choices:
        raise SettingError(f"{describe(name, text)} is not known: set it to one of {', '.join(choices)}")
    return text


def read_list(name: str, default: Sequence[str] = ()) -> list[str]:
    """Give the variable's comma-separated entries, without blanks."""
    text = read_text(name)
    return [entry.strip() for entry in text.split(",") if entry.strip()] if text else list(default)


def read_number(name: str, default: int) -> int:
    """Give the variable as a whole number, 0 or more.

    Raises:
        SettingError: it is none.
    """
    text = read_text(name)
    if text and not re.fullmatch("[0-9]{1,10}", text):
        raise SettingError(f"{describe(name, text)} is no number: set it to 0, {default} or another")
    return int(text) if text else default


def describe_file(name: str) -> str:
    """Give a variable that names a file, with the name; of a secret without, which may stand there by mistake."""
    return f"the file that {name}{FILE} names" if name in SECRETS else f"{name}{FILE}={os.environ[name + FILE]!r}"


def describe(name: str, text: str) -> str:
    """Give a variable with what it holds, as an error may show it."""
    return f"{name} (a secret, not shown here)" if name in SECRETS else f"{name}={text!r}"
