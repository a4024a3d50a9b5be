"""The file `.env` beside manage.py: read into the environment, and written by `make run` where there is none.

    python -m config.environment.dotenv    write it, unless something says already which database is meant

django-environ reads it. What that would pass over in silence, or show with its secrets in a warning, is refused first,
by line number.
"""

from __future__ import annotations

import io
import os
import re
import sys
from pathlib import Path

from config.environment.variables import ENV, FILE, SettingError, read_text
from freehold.filetrust import make_file

BASE = Path(__file__).resolve().parents[2]
WHERE = "ENV_FILE"
DATABASE = "DATABASE_URL"
NAMES = (DATABASE, DATABASE + FILE)
EMBEDDED = "embedded:./var/postgres"
WRITTEN = f"""\
# Written by `make run`: which database it and `manage.py` mean. .env.example lists what else can stand here.
{DATABASE}={EMBEDDED}
"""

_ENTRY = re.compile(r"(?:export )?([A-Za-z_][A-Za-z0-9_]*)=(\S.*)?")
_ALMOST = re.compile(r"(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*[=:]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\x85\u2028\u2029]")  # some of them end a line for str.splitlines


# --- Reading -----------------------------------------------------------------------------------------------------
def read_dotenv(base: Path) -> None:
    """Set the variables of `base/.env`, or of the file that ENV_FILE names, that the process's environment leaves out.

    Raises:
        SettingError: the file can't be read, or a line of it can't. The message has its number, and no value.
    """
    path = find_path(base)
    text = _read(path, is_named=bool(read_text(WHERE)))
    lines = [line.strip() for line in text.removeprefix("\ufeff").split("\n")]
    for number, line in enumerate(lines, 1):
        _check(line, f"{path}, line {number}")
    said = [line for line in lines if not _is_said_otherwise(line)]
    ENV.read_env(io.StringIO("\n".join(said)), overwrite=False)


def _is_said_otherwise(line: str) -> bool:
    """Tell whether the process's environment has the line's variable by the other of its names, NAME and NAME_FILE."""
    entry = _ENTRY.fullmatch(line)
    name = entry[1] if entry else ""
    return bool(name) and (name.removesuffix(FILE) if name.endswith(FILE) else name + FILE) in os.environ


def find_path(base: Path) -> Path:
    """Give where the file is, or would be."""
    return base / Path(read_text(WHERE, ".env")).expanduser()


def _read(path: Path, *, is_named: bool) -> str:
    """Give the file's text; none where there is no file and nobody named one."""
    try:
        if not is_named and path.exists() and not path.is_file() and not path.is_dir():  # to read it might never end
            raise SettingError(
                f"{path} is no plain file: put a file of lines NAME=value there, or set {WHERE} to what is to be read"
            )
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if is_named or path.is_symlink():
            raise SettingError(f"{path} does not exist: make it, or set {WHERE} to another file") from None
        return ""
    except IsADirectoryError:
        raise SettingError(f"{path} is a directory: put a file of lines NAME=value there, or remove it") from None
    except UnicodeDecodeError:
        raise SettingError(f"{path} is no UTF-8 text: save it as UTF-8") from None
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise SettingError(
            f"{path} can't be read ({reason}): let this account read it, or set {WHERE}={os.devnull} to read none"
        ) from None


def _check(line: str, where: str) -> None:
    """Refuse a line that django-environ would skip, or take for something else than people mean."""
    if _CONTROL.search(line):
        raise SettingError(f"{where}: it holds a control character: remove it")
    if not line or line.startswith("#"):
        return
    if entry := _ENTRY.fullmatch(line):
        _check_value(entry[1], entry[2] or "", where)
        return
    almost = _ALMOST.match(line)
    name, form = (f"{almost[1]} ", almost[1]) if almost else ("", "NAME")
    raise SettingError(f"{where}: {name}can't be read: write {form}=value, without blanks around the =")


def _check_value(name: str, value: str, where: str) -> None:
    """Refuse a comment behind the value: django-environ takes it for a part of it, or for the end of every `a#b`."""
    if value[:1] in ("'", '"'):
        if len(value) < 2 or value[-1] != value[0]:
            raise SettingError(
                f"{where}: the value of {name} begins with a quote and does not end with it: close it, and put a "
                f"comment on a line of its own"
            )
    elif re.search(r"\s#", value):
        raise SettingError(
            f"{where}: the value of {name} has a # after a blank: put a comment on a line of its own, or such a value "
            f"into quotes"
        )


# --- Writing -----------------------------------------------------------------------------------------------------
def write_dotenv(path: Path) -> bool:
    """Write the file, readable by its owner alone, and tell whether it was written: never over one that is there."""
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    make_file(fresh, WRITTEN)
    try:
        os.link(fresh, path)  # whole or not at all: another `make run` may be reading
    except FileExistsError:
        return False
    finally:
        fresh.unlink()
    return True


def main() -> int:
    """Say which database `make run` means, where nobody has; return the exit status."""
    if os.environ.get(WHERE) or not os.environ.keys().isdisjoint(NAMES):
        return 0
    try:
        _say(_settle(find_path(BASE)))
    except SettingError as error:
        print(f"freehold: {error}", file=sys.stderr)  # noqa: T201 - Django, which has a way to say it, is not loaded
        return 1
    return 0


def _settle(path: Path) -> str:
    """Write the file, or find what is there; give what there is to say about it."""
    try:
        if not os.path.lexists(path) and write_dotenv(path):
            return f".env written: {DATABASE}={EMBEDDED}"
    except OSError as error:
        reason = os.strerror(error.errno or 0).lower()
        raise SettingError(f"{path} can't be written ({reason}): set {DATABASE} in the environment") from None
    read_dotenv(BASE)
    if not os.environ.keys().isdisjoint(NAMES):
        return ""
    return f".env has no {DATABASE}: the default holds. {DATABASE}={EMBEDDED} there would mean the embedded PostgreSQL"


def _say(words: str) -> None:
    if words:
        print(f"  • {words}", flush=True)  # noqa: T201 - a step, in the form of scripts/setup.py


if __name__ == "__main__":
    sys.exit(main())
