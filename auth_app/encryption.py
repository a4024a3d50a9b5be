"""What is in a session, encrypted: the table, its backups and the server's log hold nothing of it in clear.

Fernet (AES-128-CBC and an HMAC over it, https://github.com/fernet/spec), by keys that SECRET_KEY and
SECRET_KEY_FALLBACKS give: the first writes, each of them reads. Inside stands the row that the data belongs to, so that
what is copied from somebody's row into one's own is worth nothing there.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.encoding import force_bytes

SALT, INFO = b"freehold.auth_app", b"session data, version 1"  # of no other use of the same secret
KEY_LENGTH = 32  # bytes, as Fernet has it
_SEPARATOR = b"\n"  # in no row's key


class UnreadableError(Exception):
    """No key opens the text, or it is another row's."""


def encrypt(data: bytes, row_key: str) -> str:
    """Give the text to store in the row of that key."""
    return _get_keys().encrypt(row_key.encode() + _SEPARATOR + data).decode()


def decrypt(text: str, row_key: str | None) -> bytes:
    """Give what was encrypted for the row of that key; None takes any row's.

    Raises:
        UnreadableError: no key opens the text, or it is another row's.
    """
    try:
        found, _, data = _get_keys().decrypt(text.encode()).partition(_SEPARATOR)
    except InvalidToken as error:
        raise UnreadableError("no key opens it") from error
    if row_key is not None and found != row_key.encode():
        raise UnreadableError("it is another row's")
    return data


def _get_keys() -> MultiFernet:
    return _derive_keys((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@lru_cache(maxsize=4)  # tests change the setting
def _derive_keys(secrets: tuple[str | bytes, ...]) -> MultiFernet:
    return MultiFernet([Fernet(urlsafe_b64encode(_derive_key(force_bytes(each)))) for each in secrets])


def _derive_key(secret: bytes) -> bytes:
    return HKDF(SHA256(), KEY_LENGTH, SALT, INFO).derive(secret)
