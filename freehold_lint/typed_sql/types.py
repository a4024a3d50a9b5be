"""PostgreSQL's types as Python's, and what the generated module imports for them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from typing import Final

from freehold_lint.typed_sql.catalogue import Catalogue
from freehold_lint.typed_sql.header import Override
from freehold_lint.typed_sql.sources import Source

_PYTHON: Final = {
    **dict.fromkeys(("int2", "int4", "int8", "oid"), "int"),
    **dict.fromkeys(("float4", "float8"), "float"),
    **dict.fromkeys(("text", "varchar", "bpchar", "name", "citext"), "str"),
    "bool": "bool",
    "bytea": "bytes",
    "numeric": "Decimal",
    "uuid": "UUID",
    "timestamptz": "datetime",  # a class of the module datetime, and written so: a column may be called date
    "timestamp": "datetime",
    "date": "date",
    "time": "time",
    "interval": "timedelta",
    **dict.fromkeys(("json", "jsonb"), "Any"),
}
_MODULES: Final = {
    "Decimal": "decimal",
    "UUID": "uuid",
    "Any": "typing",
    "Literal": "typing",
}
_DATETIME_MODULE: Final = "datetime"
_DATETIME: Final = ("datetime", "date", "time", "timedelta")
_BUILT_IN: Final = ("int", "float", "str", "bool", "bytes", "list", "dict", "None")
_WORD: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'|[A-Za-z_][\w.]*(?::\w+)?")
_PLAIN: Final = re.compile(r"[a-z_][a-z0-9_$]*")
_NUMERIC: Final = 1700


@dataclass
class Imports:
    """What a module imports: names by module."""

    names: dict[str, set[str]] = field(default_factory=dict)

    def add(self, module: str, name: str) -> None:
        self.names.setdefault(module, set()).add(name)


def name_type(catalogue: Catalogue, type_: int, modifier: int = -1) -> str:
    """Give PostgreSQL's short name, a domain's own type, with a number's scale: `numeric(12,2)`, `uuid[]`; with the
    schema where it is not PostgreSQL's own."""
    base = catalogue.get_base(type_)
    name, element, _ = catalogue.types[base]
    if element:
        return f"{name_type(catalogue, element)}[]"
    if base == _NUMERIC and modifier >= 0:
        return f"numeric({(modifier - 4) >> 16},{(modifier - 4) & 0x7FF})"
    return f"{_quote_name(catalogue.schemas[base])}.{_quote_name(name)}" if base in catalogue.schemas else name


def _quote_name(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else '"{}"'.format(name.replace('"', '""'))


def write_type(
    source: Source,
    line: int,
    what: str,
    catalogue: Catalogue,
    type_: int,
    override: Override | None,
    has_null: bool = False,
    choices: tuple[str, ...] = (),
) -> str:
    """Give Python's type without None, which `override` may say; of a list whose elements may be None if it `has_null`.
    `choices` are the only texts that there can be.

    Raises:
        TypedSQLError: the type is not known here, and no `type` line says it.
    """
    base = catalogue.get_base(type_)
    name, element, _ = catalogue.types[base]
    if element and catalogue.get_base(element) != element:
        whole = name_type(catalogue, element)
        raise source.fail(line, f"{what} is a list of the domain {catalogue.types[element][0]}: write ::{whole}[]")
    if override and override.type:
        return override.type
    if element:
        python = write_type(source, line, what, catalogue, element, None)
        return f"list[{python}{' | None' if has_null and python != 'Any' else ''}]"
    if values := catalogue.enums.get(base) or choices:
        return f"Literal[{', '.join(_quote(each) for each in values)}]"
    if name not in _PYTHON:
        raise source.fail(
            line, f"{what} is of type {name}, which is not known here: write `-- type: … = str` and ::text"
        )
    return _PYTHON[name]


def is_type(name: str) -> bool:
    """Tell whether a field of this name would stand before a type that rows are written with."""
    return name in (*_BUILT_IN, _DATETIME_MODULE)


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def bind_type(source: Source, line: int, text: str, imports: Imports) -> str:
    """Give the type as the module writes it, whose imports are noted: `shop.notes:Note` is `Note`.

    Raises:
        TypedSQLError: a name in it is neither built in nor says its module.
    """

    def bind(found: re.Match[str]) -> str:
        word = found[0]
        module, colon, name = word.partition(":")
        if word[0] in "\"'" or word in _BUILT_IN:
            return word
        if colon:
            imports.add(module, name)
            return name
        if word in _DATETIME:
            imports.add(_DATETIME_MODULE, "")
            return f"{_DATETIME_MODULE}.{word}"
        if word in _MODULES:
            imports.add(_MODULES[word], word)
            return word
        raise source.fail(line, f"the type {word} says no module: write its module and it as `shop.notes:{word}`")

    bound = _WORD.sub(bind, text)
    try:
        ast.parse(bound, mode="eval")
    except SyntaxError:
        raise source.fail(line, f"{text} is no type of Python's: mend it") from None
    return bound
