"""The header of a file of typed SQL: comments at its top, a word and what it says in each."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from freehold.lexer import ScriptError, iter_tokens
from freehold_lint.typed_sql.faults import TypedSQLError

KINDS: Final = ("one", "maybe", "many", "exec", "execrows", "batch", "load")
MOST: Final = 64
_GREATEST: Final = 4096  # statements of a file; each is prepared
_DIGITS: Final = 10  # of a number of rows
ROW_KINDS: Final = ("one", "maybe", "many")
_ENTRY: Final = re.compile(r"--\s?(?P<word>[a-z]+):(?:\s+(?P<said>.*))?$")
_MORE: Final = re.compile(r"--\s{2,}(?P<said>\S.*)$")
WORDS: Final = (
    "name",
    "kind",
    "purpose",
    "service",
    "sort",
    "page",
    "type",
    "embed",
    "most",
    "plan",
    "only",
    "caller",
    "index",
)
_MANY: Final = ("sort", "type", "embed")
_NEEDED: Final = ("name", "kind", "purpose")
NAME: Final = re.compile(r"[a-z][a-z0-9_]*")
_RESERVED: Final = ("sort", "after", "limit", "using", "cls", "self")


@dataclass(frozen=True)
class Key:
    """A column of an order. `direction` is ASC or DESC."""

    expression: str
    direction: Literal["ASC", "DESC"]


@dataclass(frozen=True)
class Override:
    """What a `type` line says of a column or a parameter. `type` may be empty; None: nothing is said of NULL."""

    type: str
    is_nullable: bool | None
    line: int


@dataclass
class Header:
    """What the comments at a file's top say."""

    path: Path
    name: str = ""
    kind: str = ""
    purpose: str = ""
    service: str = ""
    sorts: dict[str, tuple[Key, ...]] = field(default_factory=dict)
    page: tuple[int, int] | None = None
    types: dict[str, Override] = field(default_factory=dict)
    embeds: dict[str, dict[str, str]] = field(default_factory=dict)  # by name: each column with its name inside
    most: int = MOST
    plan: str = ""
    only: str = ""
    caller: str = ""
    lines: dict[str, int] = field(default_factory=dict)  # the first line of each word

    def fail(self, word: str, message: str) -> TypedSQLError:
        return TypedSQLError(self.path, self.lines.get(word, 1), message)


def read_header(path: Path, text: str) -> Header:
    """Give what the header says.

    Raises:
        TypedSQLError: a line can't be read, says what is not so, or one that is needed is missing.
    """
    header = Header(path)
    for line, word, said in _list_entries(path, text):
        if word in header.lines and word not in _MANY:
            raise TypedSQLError(path, line, f"`{word}` is said twice: line {header.lines[word]} has it too; remove one")
        header.lines.setdefault(word, line)
        _READERS[word](header, line, said)
    for word in _NEEDED:
        if word not in header.lines:
            raise TypedSQLError(path, 1, f"the header has no `{word}`: write `-- {word}: …` at the file's top")
    _check(header)
    return header


def _list_entries(path: Path, text: str) -> list[tuple[int, str, str]]:
    found: list[tuple[int, str, str]] = []
    for line, row in enumerate(text.splitlines(), 1):
        if not row.startswith("--"):
            break
        entry, more = _ENTRY.match(row), _MORE.match(row)
        if row.startswith(("-- if:",)):
            break
        if entry:
            if entry["word"] not in WORDS:
                raise TypedSQLError(path, line, f"no header is called `{entry['word']}`: {', '.join(WORDS)} are")
            found.append((line, entry["word"], (entry["said"] or "").strip()))
        elif more and found:
            found[-1] = (*found[-1][:2], f"{found[-1][2]} {more['said'].strip()}")
        elif row.strip("- "):
            raise TypedSQLError(
                path, line, "this line of the header says nothing: write `-- word: …`, or go on by two blanks"
            )
    return found


def _check(header: Header) -> None:
    if header.name != header.path.stem:
        raise header.fail("name", f"the name is {header.name}, and the file is called {header.path.name}: use one")
    if header.page and not header.sorts:
        raise header.fail("page", "`page` needs an order: write `-- sort: newest = created_at DESC, id DESC`")
    if header.page and header.kind != "many":
        raise header.fail("page", f"`page` is for `kind: many`, and this is `{header.kind}`")
    if header.sorts and header.kind != "many":
        raise header.fail("sort", f"`sort` is for `kind: many`, and this is `{header.kind}`")
    if header.embeds and header.kind not in ROW_KINDS:
        raise header.fail("embed", f"`embed` is for rows, and this is `{header.kind}`")


# --- Each word -------------------------------------------------------------------------------------------------------
def check_name(path: Path, line: int, name: str, what: str) -> str:
    """Give the name, which Python takes too.

    Raises:
        TypedSQLError: it does not.
    """
    if not NAME.fullmatch(name) or keyword.iskeyword(name):
        raise TypedSQLError(path, line, f"{name or 'nothing'} is no name for {what}: small letters, digits and _")
    return name


def check_argument(path: Path, line: int, name: str) -> str:
    """Give the name of a parameter or part, which the function has not already.

    Raises:
        TypedSQLError: it has.
    """
    if name in _RESERVED:
        raise TypedSQLError(path, line, f"{name} is an argument that functions have themselves: use another name")
    return check_name(path, line, name, "a parameter")


def _read_name(header: Header, line: int, said: str) -> None:
    header.name = check_name(header.path, line, said, "a function")
    if hasattr(builtins, said):
        raise TypedSQLError(header.path, line, f"{said} is a name of Python's own: use another, such as {said}_all")


def _read_kind(header: Header, line: int, said: str) -> None:
    if said not in KINDS:
        raise TypedSQLError(header.path, line, f"no kind is called `{said}`: {', '.join(KINDS)} are")
    header.kind = said


def _read_text(word: str) -> Callable[[Header, int, str], None]:
    def read(header: Header, line: int, said: str) -> None:
        if not said:
            raise TypedSQLError(header.path, line, f"`{word}` says nothing: write it behind the colon")
        setattr(header, word, said)

    return read


def _read_sort(header: Header, line: int, said: str) -> None:
    name, equals, order = (part.strip() for part in said.partition("="))
    if not equals or not order:
        raise TypedSQLError(header.path, line, "write an order as `-- sort: newest = created_at DESC, id DESC`")
    check_name(header.path, line, name, "an order")
    if name in header.sorts:
        raise TypedSQLError(header.path, line, f"the order {name} is there already: use another name")
    try:
        header.sorts[name] = tuple(_read_key(header.path, line, key) for key in split_commas(order))
    except ScriptError as error:
        raise TypedSQLError(header.path, line, f"{str(error).partition(': ')[2]}: {error.advice}") from error


def _read_key(path: Path, line: int, text: str) -> Key:
    if re.search(r"\bNULLS\s+(FIRST|LAST)$", text, re.IGNORECASE):
        raise TypedSQLError(
            path, line, "NULLS FIRST and NULLS LAST are not taken: order by a column that is never NULL"
        )
    if "@" in text:
        raise TypedSQLError(path, line, "an order takes no parameters: write one for each")
    found = re.fullmatch(r"(?P<expression>.*?)(?:\s+(?P<direction>ASC|DESC))?", text, re.IGNORECASE | re.DOTALL)
    if not found or not found["expression"]:
        raise TypedSQLError(path, line, "a column of the order is missing: write `created_at DESC, id DESC`")
    is_down = (found["direction"] or "").upper() == "DESC"
    return Key(found["expression"], "DESC" if is_down else "ASC")


def split_commas(text: str) -> list[str]:
    """Give the parts between the commas that stand in no brackets."""
    parts, depth = [""], 0
    for token in iter_tokens(text):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
        if token.text == "," and not depth:
            parts.append("")
        else:
            parts[-1] += token.text
    return [part.strip() for part in parts]


def _read_page(header: Header, line: int, said: str) -> None:
    words = said.split()
    if (
        len(words) != 2
        or not all(word.isascii() and word.isdigit() and len(word) < _DIGITS for word in words)
        or not 0 < int(words[0]) <= int(words[1])
    ):
        raise TypedSQLError(header.path, line, "write the usual and the greatest number of rows: `-- page: 50 200`")
    header.page = int(words[0]), int(words[1])


def _read_most(header: Header, line: int, said: str) -> None:
    if not (said.isascii() and said.isdigit() and len(said) < _DIGITS and 0 < int(said) <= _GREATEST):
        raise TypedSQLError(
            header.path, line, f"`most` is a number of statements, such as {MOST}, and {_GREATEST:,} at most"
        )
    header.most = int(said)


def _read_type(header: Header, line: int, said: str) -> None:
    found = re.fullmatch(r"(?P<name>[a-z][a-z0-9_.]*)(?P<null>[?!])?(?:\s*=\s*(?P<type>\S.*))?", said)
    if not found or not (found["null"] or found["type"]):
        raise TypedSQLError(header.path, line, "write `-- type: name = int`, `-- type: name?` or `-- type: name!`")
    if found["name"] in header.types:
        raise TypedSQLError(header.path, line, f"the type of {found['name']} is said twice: remove one")
    is_nullable = None if not found["null"] else found["null"] == "?"
    header.types[found["name"]] = Override(found["type"] or "", is_nullable, line)


def _read_embed(header: Header, line: int, said: str) -> None:
    name, equals, columns = (part.strip() for part in said.partition("="))
    check_name(header.path, line, name, "a nested row")
    names: dict[str, str] = {}
    for part in columns.split(",") if equals else []:
        words = part.split()
        if len(words) not in (1, 3) or (len(words) == 3 and words[1].lower() != "as"):
            names.clear()
            break
        names[words[0]] = check_name(
            header.path, line, words[-1].removeprefix(f"{name}_" if len(words) == 1 else ""), "a column"
        )
    if not names:
        raise TypedSQLError(header.path, line, "write `-- embed: category = category_id, category_slug AS slug`")
    if name in header.embeds:
        raise TypedSQLError(header.path, line, f"the nested row {name} is there already: use another name")
    header.embeds[name] = names


def _read_only(header: Header, line: int, said: str) -> None:
    if said != "postgresql":
        raise TypedSQLError(header.path, line, "`only` may say `postgresql`: there is then nothing for SQLite")
    header.only = said


def _read_nothing(header: Header, line: int, said: str) -> None:
    """`index` is for readers."""


_READERS: Final[dict[str, Callable[[Header, int, str], None]]] = {
    "name": _read_name,
    "kind": _read_kind,
    "purpose": _read_text("purpose"),
    "service": _read_text("service"),
    "sort": _read_sort,
    "page": _read_page,
    "type": _read_type,
    "embed": _read_embed,
    "most": _read_most,
    "plan": _read_text("plan"),
    "only": _read_only,
    "caller": _read_text("caller"),
    "index": _read_nothing,
}
