"""Values as the text of a cell, texts that start no formula, and the text of a file."""

from __future__ import annotations

import codecs
import json
import re
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from freehold.admin.transfer.tables import UnreadableFileError

# What a spreadsheet takes for the start of a formula (OWASP, "CSV Injection"), where a cell may begin: also after a
# semicolon or a line break, since a spreadsheet that expects semicolons does not see the quotes around the cell.
_STARTS = r"[=+\-@\uff1d\uff0b\uff0d\uff20]"
_PLACE = r"(?:\A|(?<=[;\t\r\n]))"
_RISKY = re.compile(rf"{_PLACE}(?='*{_STARTS})|\A(?='*[\t\r\n])")
_DEFUSED = re.compile(rf"{_PLACE}'(?='*{_STARTS})|\A'(?='*[\t\r\n])")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")  # PostgreSQL's text has no U+0000; half a surrogate pair is no character
_BOMS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}


def defuse(text: str) -> str:
    """Give the text with an apostrophe before whatever would start a formula; `restore` takes it away again."""
    return _RISKY.sub("'", text)


def restore(text: str) -> str:
    """Give the text that `defuse` was given."""
    return _DEFUSED.sub("", text)


def show(value: Any) -> str:
    """Give a value as the text of a cell: one that every spreadsheet leaves as it is, whatever its language."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value.total_seconds())
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def validate_storable_text(text: str) -> None:
    """Raise ValidationError where the text holds a character that PostgreSQL can't store."""
    if _UNSTORABLE.search(text):
        raise ValidationError(_("Text holds a character that can't be stored."))


def make_sendable(text: str) -> str:
    """Give the text with a mark in the place of each such character: a page can hold half a pair as little."""
    return _UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", text)


def read_text(data: bytes) -> str:
    """Give the text of a file: UTF-8, or UTF-16 where its first bytes say so.

    Raises:
        UnreadableFileError: it is something else.
    """
    encoding = next((name for mark, name in _BOMS.items() if data.startswith(mark)), "utf-8")
    if encoding == "utf-8" and b"\0" in data[:1024]:
        raise UnreadableFileError("This is no text file, or the format chosen is not the file's.")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        name, found = encoding.removesuffix("-sig").upper(), f"byte {error.start} is 0x{data[error.start]:02x}"
        raise UnreadableFileError(
            f"The file is not in {name}: {found}. Save it as “CSV UTF-8”, or choose UTF-8 when exporting."
        ) from error
