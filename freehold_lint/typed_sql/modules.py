"""Writes the module of a folder of files: rows as structs, statements as values, functions with types."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from freehold_lint.typed_sql.compilation import Compiled
from freehold_lint.typed_sql.functions import iter_functions
from freehold_lint.typed_sql.loads import cut_load
from freehold_lint.typed_sql.pieces import Piece, merge
from freehold_lint.typed_sql.rows import iter_arguments, iter_rows, make_row_name
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import write_key
from freehold_lint.typed_sql.types import Imports

MARK = '"""Written by `manage.py compilesql` from the files beside it; do not edit."""'
_NOTES = ("# fmt: off", "# isort: skip_file", "# ruff: noqa: A002, E501, RUF100")


def write_module(files: Iterable[tuple[Compiled, Source]], place: str) -> str:
    """Give the module's text. With each file comes how SQLite reads it; `place` is the folder as errors name it."""
    imports = Imports({"typing": {"Final"}})
    body: list[str] = []
    names: list[str] = []
    for compiled, translated in files:
        rows = [*iter_arguments(compiled, imports), *iter_rows(compiled, imports)]
        functions = list(iter_functions(compiled, imports))
        query = _write_query(compiled, translated, place, imports)
        body += [*(text for _, text in rows), query, *(text for _, text in functions)]
        own = [name for name, _ in (*rows, *functions)]
        if taken := sorted(set(names) & set(own)):
            raise compiled.source.fail(1, f"the module has another {taken[0]}, of a file beside: rename one")
        names += own
    head = [
        MARK,
        *_NOTES,
        "",
        "from __future__ import annotations",
        "",
        *_write_imports(imports),
        "",
        _write_all(names),
    ]
    return "\n".join(head) + "\n\n\n" + "\n\n\n".join(body) + "\n"


def _write_imports(imports: Imports) -> Iterator[str]:
    for module, names in sorted(imports.names.items()):
        yield f"from {module} import {', '.join(sorted(names))}" if all(names) else f"import {module}"


def _write_all(names: list[str]) -> str:
    lines = "".join(f'    "{name}",\n' for name in sorted(names, key=_get_key))
    return f"__all__ = [\n{lines}]"


def _get_key(name: str) -> tuple[bool, list[tuple[str, int]]]:
    """Sort as ruff does: classes first, numbers by their value."""
    parts = [(word, int(number or 0)) for word, number in re.findall(r"(\D+)(\d*)", name)]
    return name[:1].islower(), parts


# --- The statement ---------------------------------------------------------------------------------------------------
def _write_query(compiled: Compiled, translated: Source, place: str, imports: Imports) -> str:
    source, header = compiled.source, compiled.source.header
    imports.names.setdefault("freehold.queries", set()).update({"Query", "Segment"})
    row = make_row_name(header.name) if compiled.columns else "None"
    lines = [f"_{header.name.upper()}: Final[Query[{row}]] = Query("]
    lines += [f'    file="{place}/{source.path.name}",', f'    kind="{header.kind}",']
    lines += [f"    row={row},"] if compiled.columns else []
    segments, others = (
        _write_segments(cut_load(each.pieces) if header.kind == "load" else each.pieces)
        for each in (source, translated)
    )
    lines += ["    segments=(", *segments, "    ),"]
    if header.only:
        lines.append("    sqlite=(),")
    elif segments != others:
        lines += ["    sqlite=(", *others, "    ),"]
    lines += _write_tuple("parameters", list(_iter_parameters(compiled, imports)))
    lines += _write_tuple("columns", list(_iter_columns(compiled, imports)))
    lines += _write_sorts(compiled, imports)
    lines += [f"    page={header.page},"] if header.page else []
    lines += [f"    writes={compiled.writes},"] if compiled.columns else []
    return "\n".join([*lines, ")"])


def _write_tuple(word: str, calls: list[str]) -> list[str]:
    return [f"    {word}=(", *(f"        {call}," for call in calls), "    ),"] if calls else []


def _write_segments(pieces: Iterable[Piece]) -> list[str]:
    lines: list[str] = []
    for each in merge(pieces):
        words = [f'part="{each.part}"'] if each.part else []
        words += [f'role="{each.role}"'] if each.role else []
        words.append(f"line={each.line}")
        first, *rest = write_text(each.text)
        if rest:
            lines += ["        Segment(", f"            {first}", *rest[:-1], f"{rest[-1]},"]
            lines += [*(f"            {word}," for word in words), "        ),"]
        else:
            lines.append(f"        Segment({first}, {', '.join(words)}),")
    return lines


def write_text(text: str) -> list[str]:
    """Give a text as Python writes it, in as many lines as it has and one before them; a short one in one line."""
    escaped = text.replace("\\", "\\\\")
    if "\n" not in text and '"' not in text:
        return [f'"{escaped}"']
    escaped = escaped.replace('"""', '\\"\\"\\"')
    if escaped.endswith('"'):
        escaped = f'{escaped[:-1]}\\"'
    return ['"""\\', *f'{escaped}"""'.split("\n")]


def _quote(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _iter_parameters(compiled: Compiled, imports: Imports) -> Iterator[str]:
    for each in compiled.parameters:
        imports.add("freehold.queries", "Parameter")
        default = ", has_default=True" if each.has_default else ""
        words = f"is_list={each.is_list}, is_nullable={each.is_nullable}{default}"
        yield f'Parameter("{each.name}", {_quote(each.type)}, {words})'


def _iter_columns(compiled: Compiled, imports: Imports) -> Iterator[str]:
    for each in compiled.columns:
        imports.add("freehold.queries", "Column")
        yield f'Column("{each.name}", {_quote(each.type)}, is_nullable={each.is_nullable})'


def _write_sorts(compiled: Compiled, imports: Imports) -> list[str]:
    sorts = compiled.source.header.sorts
    if not sorts:
        return []
    imports.add("freehold.queries", "Sort")
    lines = ["    sorts={"]
    for name, keys in sorts.items():
        places = compiled.places.get(name, ())
        types = [compiled.columns[place].type for place in places] or [""] * len(keys)
        columns = ", ".join(
            f'({_quote(write_key(key))}, {_quote(type_)}, "{key.direction}")'
            for key, type_ in zip(keys, types, strict=True)
        )
        lines.append(f'        "{name}": Sort(({columns},), ({"".join(f"{place}, " for place in places).rstrip()})),')
    return [*lines, "    },"]
