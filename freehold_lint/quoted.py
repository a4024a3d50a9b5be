"""What a statement touches, by its quoted names: for where nothing can parse it. Django quotes every name it writes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from freehold.backends.names import split_name
from freehold_lint.uses import EVERY, Use

NAME = re.compile(r'"([^"]+)"(?:\."([^"]+)")?(?:\."([^"]+)")?(\.\*)?')
ALIAS = re.compile(r'(?:FROM|JOIN|,|\()\s*("[^"]+"(?:\."[^"]+")?)\s+(?:AS\s+)?"?([A-Za-z]\w*)"?')
WRITE = re.compile(
    r'^\s*(?:INSERT(?:\s+OR\s+\w+)?\s+INTO|UPDATE|DELETE\s+FROM|TRUNCATE|REPLACE\s+INTO)\s+("[^"]+"(?:\."[^"]+")?)'
)
QUALIFIED = re.compile(r'"?\b(\w+)"?\."([^"]+)"')
LITERAL = re.compile(r"'(?:[^']|'')*'")
WORDS = {
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
    text = LITERAL.sub("''", text)
    written = [name for found in WRITE.finditer(text) if (name := read_table(found[1], schemas))]
    uses = [Use("write", *name) for name in written]
    for use in [*iter_names(text, schemas), *iter_aliased(text, schemas)]:
        if use.column or (use.schema, use.table) not in written:
            uses.append(use)
    return list(dict.fromkeys(uses))


def read_table(quoted: str, schemas: Collection[str]) -> tuple[str, str] | None:
    """Give the schema and table of `"app"."items"` or `"app.items"`; None where the schema is not known."""
    parts = [part.strip('"') for part in quoted.split('"."')]
    schema, bare = (parts[0], parts[1]) if len(parts) > 1 else split_name(parts[0], schemas)
    return (schema, bare) if schema in schemas else None


def iter_names(text: str, schemas: Collection[str]) -> Iterator[Use]:
    """Yield each table, and each column that stands behind its table's whole name."""
    for found in NAME.finditer(text):
        words = [word for word in found.groups()[:3] if word]
        schema, bare = split_name(words[0], schemas)
        if not schema and len(words) > 1 and words[0] in schemas:
            schema, bare, words = words[0], words[1], words[1:]
        if schema:
            yield Use("read", schema, bare, EVERY if found[4] else "".join(words[1:2]))


def iter_aliased(text: str, schemas: Collection[str]) -> Iterator[Use]:
    """Yield each column that stands behind an alias."""
    aliases = {
        found[2]: table
        for found in ALIAS.finditer(text)
        if found[2].upper() not in WORDS and (table := read_table(found[1], schemas))
    }
    for found in QUALIFIED.finditer(text):
        if found[1] in aliases:
            yield Use("read", *aliases[found[1]], found[2])
