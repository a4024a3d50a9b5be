"""Files between the page that shows what an import would do and the one that does it.

A form carries a sealed ticket, never a file's name. The files lie in a directory that only this account may enter.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import stat
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.core import signing

from freehold.errors import FreeholdError

_SALT = "freehold.admin.transfer"
LIFETIME = 3600  # seconds
NAME = re.compile(r"[0-9a-f]{32}")


class UploadDirectoryError(FreeholdError):
    """The directory for uploads is someone else's, or open to others."""


@dataclass(frozen=True)
class Upload:
    """A file that waits for a word, for one person and one model. `seen` is a digest of what the page showed."""

    file: str
    digest: str
    name: str
    format: str
    model: str
    user: str
    seen: str

    def seal(self) -> str:
        """Give a ticket that nobody else can make; it holds for an hour."""
        return signing.dumps(asdict(self), salt=_SALT, compress=True)


def open_ticket(ticket: str, *, model: str, user: str) -> Upload | None:
    """Give the upload, or None where the ticket is none, too old, another person's or for another model."""
    try:
        upload = Upload(**signing.loads(ticket, salt=_SALT, max_age=LIFETIME))
    except signing.BadSignature:
        return None
    return upload if (upload.model, upload.user) == (model, user) else None


def keep_file(data: bytes) -> tuple[str, str]:
    """Store a file and give its name and its digest. Files that nobody asked for again within an hour go."""
    directory = _get_directory()
    _remove_old(directory)
    name = secrets.token_hex(16)
    descriptor = os.open(directory / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    return name, hashlib.sha256(data).hexdigest()


def find_file(upload: Upload) -> bytes | None:
    """Give what was stored, or None where it is gone or no longer the same."""
    try:
        data = get_path(upload.file).read_bytes()
    except FileNotFoundError:
        return None
    return data if hashlib.sha256(data).hexdigest() == upload.digest else None


def remove_file(name: str) -> None:
    get_path(name).unlink(missing_ok=True)


def get_path(name: str) -> Path:
    """Give where a file lies; its name is one of those made above."""
    if not NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of an upload")
    return _get_directory() / name


def _get_directory() -> Path:
    """Give the directory, made where it is missing; several processes of one account share it.

    Raises:
        UploadDirectoryError: someone else made it, or may enter it. In a common directory, anyone could.
    """
    parent = Path(settings.FILE_UPLOAD_TEMP_DIR or tempfile.gettempdir())
    account = os.getuid() if hasattr(os, "getuid") else 0
    directory = parent / f"freehold-imports-{account}"
    directory.mkdir(mode=0o700, exist_ok=True)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or (
        hasattr(os, "getuid") and (found.st_uid != account or found.st_mode & 0o077)
    ):
        raise UploadDirectoryError(f"{directory} is not this account's alone: remove it, or set FILE_UPLOAD_TEMP_DIR")
    return directory


def _remove_old(directory: Path) -> None:
    """Remove what is older than any ticket."""
    for path in directory.iterdir():
        try:
            if path.stat().st_mtime < time.time() - LIFETIME:
                path.unlink()
        except FileNotFoundError:  # another process was faster
            continue
