"""The secret key: from the environment, or in development one of this machine's own."""

from __future__ import annotations

import os
from pathlib import Path

from django.core.management.utils import get_random_secret_key

from config.environment.variables import SettingError, read_text


def read_secret_key(path: Path, *, debug: bool) -> str:
    """Give SECRET_KEY; while DEBUG is on and it is unset, a random one kept in `path` (mode 0600).

    Where `path` can't be written, the key lasts as long as the process: sessions end with it, nothing else is lost.

    Raises:
        SettingError: DEBUG is off and SECRET_KEY is unset.
    """
    if key := read_text("SECRET_KEY"):
        return key
    if not debug:
        raise SettingError("SECRET_KEY is not set, and DEBUG is off: set it to a long random text")
    try:
        return read_or_make(path)
    except OSError:
        return get_random_secret_key()


def read_or_make(path: Path) -> str:
    """Give the key in `path`, made on first use. Two processes that start at once end up with the same one."""
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(get_random_secret_key())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text()
