"""Whether a statement of a file can leave anything on the connection: what can't, need not be put back behind it."""

from __future__ import annotations

import re
from typing import Final

# What writes, which advances a sequence; and ways to write a name that are not read here: comments, escapes, operators
# with a schema, a function as a field. What policies, views and operators call is their owners' to answer for.
_OTHER: Final = re.compile(
    r"""\b(?:insert|update|delete|merge|call|into|operator)\b | [uU]&["'] | -- | /\* | \)\s*\. | "\s*\(""",
    re.IGNORECASE | re.VERBOSE,
)
_CALL: Final = re.compile(r"((?:[\w$]+\s*\.\s*)*[\w$]+)\s*\(")
_PREFIX: Final = "pg_catalog."
# What may stand before a bracket: words of SQL, and functions of the server's that read only what they are given.
_WORDS: Final = """
    all and any array as between by case cast distinct else except exists filter from having in intersect join lateral
    like limit not offset on or order over partition row select some then union using values when where within
    char character decimal numeric time timestamp timestamptz varchar
    abs array_agg array_length avg bool_and bool_or btrim cardinality ceil char_length coalesce concat concat_ws count
    date_part date_trunc dense_rank every exp extract first_value floor greatest isfinite jsonb_array_length
    jsonb_build_array jsonb_build_object jsonb_typeof lag last_value lead least left length ln lower lpad ltrim
    make_interval max min mod nullif percentile_cont percentile_disc position power rank replace reverse right round
    row_number rpad rtrim sign split_part sqrt starts_with string_agg strpos substr substring sum to_char trim trunc
    unnest upper
"""
_HARMLESS: Final = frozenset(_WORDS.split())


def leaves_nothing(text: str) -> bool:
    """Tell whether a statement reads and does nothing else; False where that can't be seen from its words."""
    if _OTHER.search(text):
        return False
    names = ("".join(found.split()).lower().removeprefix(_PREFIX) for found in _CALL.findall(text))
    return _HARMLESS.issuperset(names)
