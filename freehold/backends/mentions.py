"""What a statement says of tables and their columns: read from its text alone, to put a refusal into words."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from freehold.lexer import ScriptError, Token, iter_tokens

_NO_ALIAS: Final = frozenset(
    {
        *("cross", "for", "from", "full", "group", "having", "inner", "intersect", "join", "left", "limit", "natural"),
        *("on", "order", "returning", "right", "set", "union", "using", "values", "where", "select", "default"),
    }
)
_WRITES: Final = {
    ("insert", "into"): "insert into",
    ("merge", "into"): "merge into",
    ("delete", "from"): "delete from",
    ("truncate", "table"): "truncate",
    ("lock", "table"): "lock",
}
_WRITES_ALONE: Final = {"update": "update", "truncate": "truncate", "lock": "lock"}
_KEYS_OF_A_LOCK: Final = frozenset({"update", "share", "no", "key"})
_CHANGES: Final = (["create"], ["alter"], ["drop"])
_MODIFIERS: Final = frozenset(
    {"or", "replace", "temp", "temporary", "unlogged", "unique", "materialized", "concurrently", "if", "not", "exists"}
)


class _Mention(NamedTuple):
    """`schema.name` in a statement; `start` and `end` are the places of its first token and the one behind it."""

    schema: str
    name: str
    start: int
    end: int


class StatementWords:
    """The words of a statement, without blanks. What can't be cut into words has none."""

    def __init__(self, text: str, schemas: Collection[str]) -> None:
        self.schemas = schemas
        try:
            self.tokens: Sequence[Token] = [token for token in iter_tokens(text) if not token.is_blank]
        except ScriptError:
            self.tokens = []
        self.names = [token.name for token in self.tokens]

    @cached_property
    def mentions(self) -> list[_Mention]:
        """Each `schema.name` of a known schema, in order."""
        return [
            _Mention(name, self.names[place + 2], place, place + 3)
            for place, name in enumerate(self.names[:-2])
            if name in self.schemas and self.is_sign(place + 1, ".") and self.names[place + 2]
        ]

    def find(self, name: str = "", schema: str = "") -> _Mention | None:
        """Give the first mention of that name, or in that schema."""
        found = (each for each in self.mentions if name in ("", each.name) and schema in ("", each.schema))
        return next(found, None)

    def is_sign(self, place: int, sign: str) -> bool:
        return place < len(self.tokens) and self.tokens[place].text == sign

    def find_write(self, table: str) -> str:
        """Give how the statement writes to a table: `insert into`; empty where it only reads."""
        return next(filter(None, map(self._get_write, self._list(table))), "")

    def _get_write(self, mention: _Mention) -> str:
        before = [name for name in self.names[max(mention.start - 3, 0) : mention.start] if name != "only"]
        if tuple(before[-2:]) in _WRITES:
            return _WRITES[before[-2], before[-1]]
        if before[-1:] == ["copy"]:
            return "copy into" if "from" in self.names[mention.end :] else ""
        alone = _WRITES_ALONE.get(before[-1], "") if before else ""
        return "" if before[-2:-1] in (["for"], ["key"]) else alone  # FOR NO KEY UPDATE OF is no update

    def locks_rows(self) -> bool:
        """Tell whether it says FOR UPDATE, FOR SHARE or the like."""
        return any(first == "for" and second in _KEYS_OF_A_LOCK for first, second in pairwise(self.names))

    def iter_columns(self, table: str, columns: Sequence[str]) -> Iterator[str]:
        """Yield the columns of a table that it names, in order; `*` stands for all of them.

        `columns` are those that there are. A name that could be another table's is left out.
        """
        mentions = self._list(table)
        qualifiers = {self._find_alias(each) for each in mentions} - {""}
        ends = {each.end for each in mentions}
        is_alone = {(each.schema, each.name) for each in self.mentions} == {
            (each.schema, each.name) for each in mentions
        }
        for place, name in enumerate(self.names):
            is_qualified = place > 1 and self.is_sign(place - 1, ".")
            if is_qualified and place - 1 not in ends and self.names[place - 2] not in qualifiers:
                continue
            if not is_qualified and not is_alone:
                continue
            if self.tokens[place].text == "*" and self._begins_output(place - 1):
                yield from columns
            elif name in columns:
                yield name

    def _begins_output(self, place: int) -> bool:
        """Tell whether a `*` behind that place is no product: `SELECT *`, `u.*`."""
        return self.tokens[place].text in {".", ","} or self.names[place] in {"select", "distinct", "all", "returning"}

    def _find_alias(self, mention: _Mention) -> str:
        place = mention.end + (self.names[mention.end : mention.end + 1] == ["as"])
        name = self.names[place] if place < len(self.names) else ""
        return "" if name in _NO_ALIAS else name

    def _list(self, table: str) -> list[_Mention]:
        if "." not in table:  # of schema public, on the search path
            return [_Mention("", name, place, place + 1) for place, name in enumerate(self.names) if name == table]
        return [each for each in self.mentions if f"{each.schema}.{each.name}" == table]

    @cached_property
    def action(self) -> str:
        """What it does to structure: `alter table`, `grant`. Its first word, and the kind of thing."""
        return " ".join(self._head[: 2 if self._head[:1] in _CHANGES else 1])

    @cached_property
    def target(self) -> str:
        """What it does that to: the name behind, with its schema where the statement has one."""
        mention = self.find()
        behind = self._head[2 if self._head[:1] in _CHANGES else 1 :]
        return f"{mention.schema}.{mention.name}" if mention else "".join(behind[:1])

    @cached_property
    def _head(self) -> list[str]:
        return [name for name in self.names[:8] if name and name not in _MODIFIERS]
