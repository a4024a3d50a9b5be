"""Tells whether a statement has a table's name in it, for what SQLite itself does not say."""

from __future__ import annotations

import re
from typing import Final

_QUOTES: Final = re.compile(r"""["'`\[\]]""")
_LETTER: Final = rb"[0-9A-Za-z_$\x80-\xff]"  # of an identifier; only ASCII has two cases here, as for SQLite
_MARK: Final = b"\xef\xbb\xbf"  # a byte order mark, which is a space where a word could begin


def is_named(table: str, text: str) -> bool:
    """Tell whether a statement has the name in it, in any case, as a word; a name that can be quoted so that it reads
    otherwise counts as there."""
    if _QUOTES.search(table):
        return True
    pattern = rb"(?:(?<!%b)|(?<=%b))%b(?!%b)" % (_LETTER, _MARK, re.escape(table.encode()), _LETTER)
    return bool(re.search(pattern, text.encode(), re.IGNORECASE))
