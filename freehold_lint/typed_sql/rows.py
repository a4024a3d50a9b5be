"""Writes the structs of a statement's rows, nested ones before those that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from freehold_lint.typed_sql.compilation import Column, Compiled, Parameter
from freehold_lint.typed_sql.nulls import find_missing
from freehold_lint.typed_sql.types import Imports, bind_type


def make_row_name(*words: str) -> str:
    """Give the name of a struct: `ListItemsRow`, and of what is nested `ListItemsCategoryRow`."""
    return "".join(part.capitalize() for word in words for part in word.split("_")) + "Row"


def make_arguments_name(name: str) -> str:
    """Give the name of the struct that a batch or a load takes: `LoadItemsArgs`."""
    return f"{make_row_name(name).removesuffix('Row')}Args"


def iter_arguments(compiled: Compiled, imports: Imports) -> Iterator[tuple[str, str]]:
    """Yield name and text of the struct that a batch or a load takes."""
    header = compiled.source.header
    if header.kind not in ("batch", "load"):
        return
    imports.add("msgspec", "Struct")
    name = make_arguments_name(header.name)
    fields = [f"    {each.name}: {write_parameter(compiled, each, imports)}" for each in compiled.parameters]
    for number, each in enumerate(compiled.parameters):
        if each.has_default:
            imports.names.setdefault("freehold.queries", set()).update({"UNSET", "Unset"})
            fields[number] += " | Unset = UNSET"
    title = f'    """What `{header.name}` takes for each row."""'
    yield name, "\n".join([f"class {name}(Struct, frozen=True, kw_only=True):", title, "", *fields])


def write_parameter(compiled: Compiled, each: Parameter, imports: Imports) -> str:
    """Give the type that a parameter takes."""
    override = compiled.source.header.types.get(each.name)
    python = bind_type(compiled.source, override.line if override else each.line, each.python, imports)
    return f"{python} | None" if each.is_nullable and python != "Any" else python


def iter_rows(compiled: Compiled, imports: Imports) -> Iterator[tuple[str, str]]:
    """Yield name and text of each struct."""
    if compiled.columns:
        imports.add("msgspec", "Struct")
        yield from _iter_structs(compiled, imports, (), compiled.columns, frozenset())


def _iter_structs(
    compiled: Compiled, imports: Imports, path: tuple[str, ...], columns: Sequence[Column], found: frozenset[str]
) -> Iterator[tuple[str, str]]:
    name = make_row_name(compiled.source.header.name, *path)
    fields: list[str] = []
    for word, own in _group(columns, len(path)).items():
        if len(own) == 1 and own[0].name.count(".") == len(path):
            fields.append(f"    {word}: {_write_column(compiled, imports, own[0], found)}")
            continue
        missing = find_missing([each.null for each in own], found)
        yield from _iter_structs(compiled, imports, (*path, word), own, found | missing)
        may_be_none = " | None" if missing else ""
        fields.append(f"    {word}: {make_row_name(compiled.source.header.name, *path, word)}{may_be_none}")
    what = f"`{'.'.join(path)}` of a row" if path else "A row"
    title = f'    """{what} of `{compiled.source.header.name}`."""'
    yield name, "\n".join([f"class {name}(Struct, frozen=True):", title, "", *fields])


def _group(columns: Sequence[Column], depth: int) -> dict[str, list[Column]]:
    """Give the columns by their word at a depth, in the order of the first."""
    groups: dict[str, list[Column]] = {}
    for each in columns:
        groups.setdefault(each.name.split(".")[depth], []).append(each)
    return groups


def _write_column(compiled: Compiled, imports: Imports, column: Column, found: frozenset[str]) -> str:
    source = compiled.source
    override = source.header.types.get(column.name)
    python = bind_type(source, override.line if override else 1, column.python, imports)
    is_nullable = column.null.may_be or bool(column.null.behind - found)
    return f"{python} | None" if is_nullable and python != "Any" else python
