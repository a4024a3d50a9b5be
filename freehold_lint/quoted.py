"""What a statement touches, by its quoted names: for where nothing can parse it. Django quotes every name it writes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from freehold.ownership.spelling import split_name
from freehold_lint.uses import EVERY, Use

_NAME = re.compile(r'"([^"]+)"(?:\."([^"]+)")?(?:\."([^"]+)")?(\.\*)?')
_ALIAS = re.compile(r'(?:FROM|JOIN|,|\()\s*("[^"]+"(?:\."[^"]+")?)\s+(?:AS\s+)?"?([A-Za-z]\w*)"?')
_WRITE = re.compile(
    r'^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|REPLACE\s+INTO)\s+("[^"]+"(?:\."[^"]+")?)'
)
_QUALIFIED = re.compile(r'"?\b(\w+)"?\."([^"]+)"')
_LITERAL = re.compile(r"'(?:[^']|'')*'")
_WORDS = {
    "ON",
    "WHERE",
    "SET",
    "INNER",
    "LEFT",
    "JOIN",
    "GROUP",
    "ORDER",
    "LIMIT",
    "VALUES",
    "USING",
    "CROSS",
    "UNION",
    "AS",
}


def list_quoted(text: str, schemas: Collection[str]) -> list[Use]:
    """Give the tables of known schemas that a statement names in quotes, and those columns that it qualifies."""
    text = _LITERAL.sub("''", text)
    written = [name for found in _WRITE.finditer(text) if (name := _read_table(found[1], schemas))]
    uses = [Use("write", *name) for name in written]
    for use in [*_iter_names(text, schemas), *_iter_aliased(text, schemas)]:
        if use.column or (use.schema, use.table) not in written:
            uses.append(use)
    return list(dict.fromkeys(uses))


def _read_table(quoted: str, schemas: Collection[str]) -> tuple[str, str] | None:
    """Give the schema and table of `"app"."items"` or `"app.items"`; None where the schema is not known."""
    parts = [part.strip('"') for part in quoted.split('"."')]
    schema, bare = (parts[0], parts[1]) if len(parts) > 1 else split_name(parts[0], schemas)
    return (schema, bare) if schema in schemas else None


def _iter_names(text: str, schemas: Collection[str]) -> Iterator[Use]:
    for found in _NAME.finditer(text):
        words = [word for word in found.groups()[:3] if word]
        schema, bare = split_name(words[0], schemas)
        if not schema and len(words) > 1 and words[0] in schemas:
            schema, bare, words = words[0], words[1], words[1:]
        if schema:
            yield Use("read", schema, bare, EVERY if found[4] else "".join(words[1:2]))


def _iter_aliased(text: str, schemas: Collection[str]) -> Iterator[Use]:
    aliases = {
        found[2]: table
        for found in _ALIAS.finditer(text)
        if found[2].upper() not in _WORDS and (table := _read_table(found[1], schemas))
    }
    for found in _QUALIFIED.finditer(text):
        if found[1] in aliases:
            yield Use("read", *aliases[found[1]], found[2])
