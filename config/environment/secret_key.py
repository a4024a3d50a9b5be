"""The secret key: from the environment, or in development one of this machine's own."""

from __future__ import annotations

import os
import zlib
from itertools import pairwise
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from config.environment.variables import SettingError, read_list, read_text
from freehold.filetrust import make_file

SHORTEST = 50  # characters, as Django's check security.W009 has it
LEAST_INFORMATION = 40  # bytes, compressed: 64 hexadecimal digits have some 50
LEAST_STEPS = 10  # different distances from one character to the next: 1 in abcdef
EXAMPLES = ("django-insecure-", "changeme", "change-me", "change_me", "secret", "example", "password", "your-", "your_")
WAY = "`python -c 'import secrets; print(secrets.token_urlsafe(50))'`"


def read_secret_key(path: Path, *, debug: bool) -> str:
    """Give SECRET_KEY; while DEBUG is on and it is unset, a random one kept in `path` (mode 0600).

    Where `path` can't be written, the key lasts as long as the process: sessions end with it, nothing else is lost.

    Raises:
        SettingError: DEBUG is off and SECRET_KEY is unset, or can be guessed.
    """
    if key := read_text("SECRET_KEY"):
        if not debug:
            check_key(key, "SECRET_KEY")
        return key
    if not debug:
        raise SettingError(f"SECRET_KEY is not set, and DEBUG is off: set it to a long random text, {WAY}")
    try:
        return read_or_make(path)
    except OSError:
        return get_random_secret_key()


def read_fallbacks(*, debug: bool) -> list[str]:
    """Give SECRET_KEY_FALLBACKS: what they signed is believed, so that none may be guessed either.

    Raises:
        SettingError: DEBUG is off, and one can be.
    """
    keys = read_list("SECRET_KEY_FALLBACKS")
    for number, key in enumerate(keys if not debug else (), 1):
        check_key(key, f"SECRET_KEY_FALLBACKS, entry {number},")
    return keys


def check_key(key: str, name: str) -> None:
    """Refuse a key that is short, that repeats itself, runs up or down, or is an example's.

    Raises:
        SettingError: it does. The message does not show it.
    """
    fault = find_fault(key)
    if fault:
        raise SettingError(f"{name} {fault}: whoever guesses it signs in as anybody. Make one by {WAY}")


def find_fault(key: str) -> str:
    """Say why the key can be guessed, without it; empty where nothing is seen. Only randomness makes it safe."""
    steps = [ord(after) - ord(before) for before, after in pairwise(key)]
    if len(key) < SHORTEST:
        return f"has {len(key)} characters, and {SHORTEST} are the least"
    if any(word in key.lower() for word in EXAMPLES):
        return "is an example's or a placeholder"
    if len(zlib.compress(key.encode(), 9)) < LEAST_INFORMATION or len(set(steps)) < LEAST_STEPS:
        return "repeats itself or follows a pattern"
    return ""


def read_or_make(path: Path) -> str:
    """Give the key in `path`, made on first use. Two processes that start at once end up with the same one."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        make_file(fresh, get_random_secret_key())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
