"""Writes the functions that call a statement: the one for rows, and the one for their JSON."""

from __future__ import annotations

from collections.abc import Iterator

from freehold_lint.typed_sql.compilation import Compiled
from freehold_lint.typed_sql.docstrings import wrap_docstring
from freehold_lint.typed_sql.header import ROW_KINDS
from freehold_lint.typed_sql.rows import make_arguments_name, make_row_name, write_parameter
from freehold_lint.typed_sql.types import Imports

_METHODS = {
    "one": "fetch_one",
    "maybe": "fetch_maybe",
    "many": "fetch_many",
    "exec": "execute",
    "execrows": "execute_count",
}


def iter_functions(compiled: Compiled, imports: Imports) -> Iterator[tuple[str, str]]:
    """Yield name and text of each function."""
    header = compiled.source.header
    if header.kind in ("batch", "load"):
        yield header.name, _write_many(compiled, imports)
        return
    method = "fetch_page" if header.page else _METHODS[header.kind]
    yield header.name, _write(compiled, imports, header.name, method, _write_result(compiled, imports), header.purpose)
    if header.kind in ROW_KINDS:
        name = f"{header.name}_json"
        yield name, _write(compiled, imports, name, f"{method}_json", "bytes", f"The same as JSON: {header.purpose}")


def _write_many(compiled: Compiled, imports: Imports) -> str:
    """Give the function of a batch or a load, which takes structs."""
    imports.add("collections.abc", "Iterable")
    header = compiled.source.header
    method = "load" if header.kind == "load" else "run_batch" if compiled.columns else "run_batch_count"
    row = f"list[list[{make_row_name(header.name)}]]"
    result = {"load": "int", "run_batch": row, "run_batch_count": "list[int]"}[method]
    lines = [f"def {header.name}(", f"    rows: Iterable[{make_arguments_name(header.name)}],", "    *,"]
    lines += ['    using: str = "default",', f") -> {result}:", *wrap_docstring(header.purpose, "    ")]
    return "\n".join([*lines, f"    return _{header.name.upper()}.{method}(rows, using=using)"])


def _write_result(compiled: Compiled, imports: Imports) -> str:
    header = compiled.source.header
    row = make_row_name(header.name)
    if header.page:
        imports.add("freehold.queries", "Page")
    many = f"Page[{row}]" if header.page else f"list[{row}]"
    return {"one": row, "maybe": f"{row} | None", "many": many, "execrows": "int"}.get(header.kind, "None")


def _write(compiled: Compiled, imports: Imports, name: str, method: str, result: str, purpose: str) -> str:
    header = compiled.source.header
    arguments = list(_iter_arguments(compiled, imports))
    words, given = _write_page(compiled, imports)
    lines = [f"def {name}(", "    *,", *(f"    {each}," for each in (*arguments, *words, 'using: str = "default"'))]
    lines += [f") -> {result}:", *wrap_docstring(purpose, "    ")]
    call = f"_{header.name.upper()}.{method}("
    values = ", ".join(f'"{each}": {each}' for each in _list_names(compiled))
    inside = ", ".join([f"{{{values}}}", *(f"{word}={word}" for word in (*given, "using"))])
    lines.append(f"    {'' if result == 'None' else 'return '}{call}{inside})")
    return "\n".join(lines)


def _list_names(compiled: Compiled) -> list[str]:
    flags = [part for part, names in compiled.source.parts.items() if not names]
    return [*(each.name for each in compiled.parameters), *flags]


def _iter_arguments(compiled: Compiled, imports: Imports) -> Iterator[str]:
    """Yield the arguments, those that must be given first."""
    source = compiled.source
    parts = {name: part for part, names in source.parts.items() for name in names}
    for each in sorted(compiled.parameters, key=lambda each: each.name in parts):
        python = write_parameter(compiled, each, imports)
        if each.name in parts:
            imports.names.setdefault("freehold.queries", set()).update({"UNSET", "Unset"})
            yield f"{each.name}: {python} | Unset = UNSET"
        else:
            yield f"{each.name}: {python}"
    for part, names in source.parts.items():
        if not names:
            yield f"{part}: bool = False"


def _write_page(compiled: Compiled, imports: Imports) -> tuple[list[str], list[str]]:
    """Give the arguments of orders and pages, and their names."""
    header = compiled.source.header
    words: list[str] = []
    given: list[str] = []
    if header.sorts:
        imports.add("typing", "Literal")
        names = ", ".join(f'"{name}"' for name in header.sorts)
        words.append(f'sort: Literal[{names}] = "{next(iter(header.sorts))}"')
        given.append("sort")
    if header.page:
        words += ['after: str = ""', f"limit: int = {header.page[0]}"]
        given += ["after", "limit"]
    return words, given
