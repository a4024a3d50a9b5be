"""Compiles a file: each of its statements is prepared, and what PostgreSQL says of them becomes types."""

from __future__ import annotations

import keyword
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import repeat
from typing import Any

from freehold_lint.parsing import Tree, list_words
from freehold_lint.typed_sql.catalogue import Attribute
from freehold_lint.typed_sql.header import ROW_KINDS
from freehold_lint.typed_sql.loads import list_loaded, write_load
from freehold_lint.typed_sql.nullability import list_nullable
from freehold_lint.typed_sql.nullable_parameters import list_nullable_parameters
from freehold_lint.typed_sql.nulls import Null, unite
from freehold_lint.typed_sql.page_keys import find_fault
from freehold_lint.typed_sql.page_rows import check_rows
from freehold_lint.typed_sql.pages import check_after
from freehold_lint.typed_sql.plans import refuse_leaks
from freehold_lint.typed_sql.preparing import Prepared, Preparer, Result
from freehold_lint.typed_sql.sources import Source
from freehold_lint.typed_sql.statements import Choice, Statement, is_of_page, list_choices, write_statement
from freehold_lint.typed_sql.trees import may_write, read_tree, walk
from freehold_lint.typed_sql.types import is_type, name_type, write_type


@dataclass(frozen=True)
class Parameter:
    """A parameter. `type` is PostgreSQL's, of a list its element's; `python` is Python's, without None."""

    name: str
    type: str
    python: str
    is_list: bool
    is_nullable: bool
    line: int
    has_default: bool = False


@dataclass(frozen=True)
class Column:
    """A column of the result. `python` is Python's type, without None."""

    name: str
    type: str
    python: str
    null: Null

    @property
    def is_nullable(self) -> bool:
        return self.null.is_nullable


@dataclass(frozen=True)
class Compiled:
    """A file with its types. `tree` is that of its statement with all parts, `results` the columns as it names them."""

    source: Source
    service: str
    parameters: tuple[Parameter, ...]
    columns: tuple[Column, ...]
    places: dict[str, tuple[int, ...]] = field(default_factory=dict)  # of each sort's keys among the columns
    tree: Tree = field(default_factory=dict)
    results: tuple[Result, ...] = ()
    login: str = ""  # as whom it was prepared
    writes: bool = True


def compile_source(source: Source, preparer: Preparer, service: str) -> Compiled:
    """Give the file with its types.

    Raises:
        TypedSQLError: it is refused.
    """
    known = preparer.ownership
    service = source.header.service or service
    found = known.find_service(service)
    if source.header.service and found is None:
        raise source.header.fail("service", f"the map has no service {service}: write one of it")
    return _Compiler(source, preparer, service).compile(found.login if found and known.has_roles else "")


class _Compiler:
    def __init__(self, source: Source, preparer: Preparer, service: str) -> None:
        self.source, self.header = source, source.header
        self.preparer, self.catalogue = preparer, preparer.catalogue
        self.service = service
        self.types: dict[str, int] = {}
        self.results: tuple[Result, ...] | None = None

    def compile(self, login: str) -> Compiled:
        choices = list_choices(self.source)
        statements = [(choice, write_statement(self.source, choice)) for choice in choices]
        trees = [read_tree(self.source, statement) for _, statement in statements]
        with self.preparer.acting_as(login):
            prepared = self.preparer.prepare_all([statement for _, statement in statements]) or repeat(None)
            for (choice, statement), tree, taken in zip(statements, trees, prepared, strict=False):
                if choice.is_next:
                    check_rows(self.source, statement, choice, tree, self.catalogue)
                    check_after(self.source, statement, choice, tree)
                self.take(taken or self.preparer.prepare(self.source, statement, choice, tree, self.service), choice)
        statement, tree = statements[0][1], trees[0]
        refuse_leaks(self.source, statement, tree, self.catalogue)
        nullable = self.list_nullable_parameters(statement, tree)
        columns = tuple(self.list_columns(trees, nullable))
        self.check_overrides(columns)
        if self.header.kind in ("batch", "load") and not self.source.parameters:
            raise self.header.fail("kind", f"`kind: {self.header.kind}` needs parameters: write `exec`")
        loaded = list_loaded(self.source, tree, self.catalogue) if self.header.kind == "load" else {}
        parameters = tuple(self.make_parameter(name, name in nullable, loaded) for name in self.source.parameters)
        if loaded:
            self.prepare_load(login, choices[0], parameters)
        places, writes = self.place_sorts(tree, columns), may_write(tree, self.catalogue.writing)
        found = self.results or ()
        return Compiled(self.source, self.service, parameters, columns, places, tree, found, login, writes)

    def prepare_load(self, login: str, choice: Choice, parameters: tuple[Parameter, ...]) -> None:
        """Prepare what the run time makes of a load, whose values come as arrays."""
        statement = write_load(self.source, {each.name: each.type for each in parameters})
        tree = read_tree(self.source, statement)
        with self.preparer.acting_as(login):
            self.preparer.prepare(self.source, statement, choice, tree, self.service)

    def take(self, prepared: Prepared, choice: Choice) -> None:
        """Note what one statement says, which is what the others say."""
        for name, type_ in prepared.parameters.items():
            if not is_of_page(name) and self.types.setdefault(name, type_) != type_:
                names = " and ".join(sorted(name_type(self.catalogue, each) for each in (self.types[name], type_)))
                message = f"@{name} is of two types, {names} ({choice}): say which, as @{name}::text"
                raise self.source.fail(self.source.get_line(name), message)
        shape = [(each.name, each.type) for each in prepared.results]
        if self.results is None:
            self.results = prepared.results
            self.check_results()
        elif shape != [(each.name, each.type) for each in self.results]:
            line = next((each.line for each in self.source.pieces if each.part and each.part not in choice.parts), 1)
            raise self.source.fail(line, f"the columns are others with {choice}: parts may change rows, not columns")
        else:
            pairs = zip(self.results, prepared.results, strict=True)
            self.results = tuple(first if first.shows(second) else first.forget() for first, second in pairs)

    def check_results(self) -> None:
        line, kind = self.source.pieces[0].line, self.header.kind
        if kind in ROW_KINDS and not self.results:
            raise self.header.fail("kind", f"it gives no rows, and `kind: {kind}` does: write `exec`, or RETURNING")
        if kind in ("exec", "execrows", "load") and self.results:
            raise self.header.fail("kind", f"it gives rows, and `kind: {kind}` none: write `many`, `maybe` or `one`")
        names = [each.name for each in self.results or ()]
        for name in names:
            words = name.split(".")
            if not all(map(_is_name, words)):
                raise self.source.fail(line, f"a column is called {name}, which is no name: write AS and one")
            if any(map(is_type, words)):
                raise self.source.fail(line, f"a column is called {name}, as a type of Python's: write AS and another")
            if names.count(name) > 1:
                raise self.source.fail(line, f"two columns are called {name}: write AS and another name")

    # --- Parameters --------------------------------------------------------------------------------------------------
    def list_nullable_parameters(self, statement: Statement, tree: Tree) -> set[str]:
        """Give the parameters that may be None: by a line, since they are tested, or since their column takes NULL."""
        numbers = list_nullable_parameters(tree, self.catalogue)
        found = {statement.parameters[number - 1] for number in numbers}
        for name, override in self.header.types.items():
            if override.is_nullable is not None:
                found = found | {name} if override.is_nullable else found - {name}
        return found & set(self.source.parameters)

    def make_parameter(self, name: str, is_nullable: bool, loaded: dict[str, Attribute]) -> Parameter:
        type_, line = self.types[name], self.source.get_line(name)
        if self.header.kind in ("batch", "load") and is_type(name):
            raise self.source.fail(line, f"@{name} is called as a type of Python's: use `kind: exec`, or another name")
        element = self.catalogue.types[self.catalogue.get_base(type_)][1]
        override = self.header.types.get(name)
        choices = loaded[name].choices if name in loaded else ()
        python = write_type(self.source, line, f"@{name}", self.catalogue, type_, override, choices=choices)
        if element and loaded:
            raise self.source.fail(line, f"@{name} is a list, and a load has none: use `kind: batch`")
        has_default = name in loaded and loaded[name].has_default
        kind = name_type(self.catalogue, element or type_)
        return Parameter(name, kind, python, bool(element), is_nullable, line, has_default)

    # --- Columns -----------------------------------------------------------------------------------------------------
    def list_columns(self, trees: list[Tree], nullable: set[str]) -> Iterator[Column]:
        """Yield the columns. One may be NULL if it may be in any of the statements: a part may have an outer join."""

        seen = []
        for tree, choice in zip(trees, list_choices(self.source), strict=True):
            names = write_statement(self.source, choice).parameters
            seen.append(list_nullable(tree, self.catalogue, lambda number, names=names: names[number - 1] in nullable))  # type: ignore[misc]
        for result, nulls in zip(self.results or (), zip(*seen, strict=True), strict=True):
            yield self.make_column(result, unite(nulls))

    def make_column(self, result: Result, null: Null) -> Column:
        name = self.nest(result.name)
        override = self.header.types.get(name) or self.header.types.get(result.name)
        if override and override.is_nullable is not None:
            null = null._replace(may_be=True) if override.is_nullable else Null(has_elements=null.has_elements)
        line = self.source.pieces[0].line
        choices = self.catalogue.list_choices(result.table, result.number)
        python = write_type(
            self.source, line, f"column {name}", self.catalogue, result.type, override, null.has_elements, choices
        )
        return Column(name, name_type(self.catalogue, result.type, result.modifier), python, null)

    def nest(self, name: str) -> str:
        for row, columns in self.header.embeds.items():
            if name in columns:
                return f"{row}.{columns[name]}"
        return name

    def check_overrides(self, columns: tuple[Column, ...]) -> None:
        """Refuse lines of the header that name what is not there."""
        names = (
            {each.name for each in columns} | {each.name for each in self.results or ()} | set(self.source.parameters)
        )
        for name, override in self.header.types.items():
            if name not in names:
                raise self.source.fail(override.line, f"there is no column or parameter {name}: correct the name")
        given = {each.name for each in self.results or ()}
        for row, embedded in self.header.embeds.items():
            for name in embedded.keys() - given:
                raise self.header.fail("embed", f"the nested row {row} has {name}, and there is no such column")
        paths = {each.name for each in columns}
        for each in sorted(paths):
            if any(other.startswith(f"{each}.") for other in paths):
                raise self.source.fail(self.source.pieces[0].line, f"{each} is a column and a nested row: rename one")

    # --- Sorts -------------------------------------------------------------------------------------------------------
    def place_sorts(self, tree: Tree, columns: tuple[Column, ...]) -> dict[str, tuple[int, ...]]:
        """Give for each key of a page's sorts its place among the columns, and refuse what no page can end at."""
        if not self.header.page:
            return {}
        line = self.header.lines["sort"]
        targets = _list_targets(tree)
        places = {
            name: tuple(self.place_key(line, key.expression, targets, columns, name) for key in keys)
            for name, keys in self.header.sorts.items()
        }
        for name, some in places.items():
            if fault := find_fault(self.catalogue, [(self.results or ())[place] for place in some]):
                raise self.source.fail(line, f"the order {name} has {fault}")
        return places

    def place_key(self, line: int, expression: str, targets: list[str], columns: tuple[Column, ...], sort: str) -> int:
        wanted = "".join(expression.split()).lower()
        if wanted not in targets:
            message = f"the order {sort} has {expression}, which is none of the columns: add it to them"
            raise self.source.fail(line, message)
        place = targets.index(wanted)
        if "." not in wanted and any(each.name == wanted and targets[at] != wanted for at, each in enumerate(columns)):
            message = f"the order {sort} has {expression}, and another column is called so: write its table before it"
            raise self.source.fail(line, message)
        if columns[place].is_nullable:
            message = f"the order {sort} has {expression}, which may be NULL: no page can end there; use another column"
            raise self.source.fail(line, message)
        return place


def _is_name(word: str) -> bool:
    """Tell whether a field of a row may be called so: Python has names of its own with two underscores before them."""
    return word.isidentifier() and not keyword.iskeyword(word) and not word.startswith("__")


def _list_targets(tree: Tree) -> list[str]:
    """Give what each column of a SELECT is, as it is written, for columns of tables."""
    node: Any = tree.get("SelectStmt", {})
    while node.get("op", "SETOP_NONE") != "SETOP_NONE":
        node = node["larg"]
    found = []
    for each in node.get("targetList", []):
        refs = walk(each["ResTarget"]["val"], "ColumnRef")
        is_plain = "ColumnRef" in each["ResTarget"]["val"]
        found.append(".".join(list_words(refs[0]["fields"])) if is_plain else "")
    return found
