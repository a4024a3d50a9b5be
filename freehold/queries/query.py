"""A statement of a file, as the generated modules hold it and code runs it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Final, Generic, Literal, TypeVar

import msgspec
from django.db import DEFAULT_DB_ALIAS, connections, transaction

from freehold.queries.cursors import name_query, read_cursor, write_cursor
from freehold.queries.engines import Engine, Statement, get_engine
from freehold.queries.errors import ManyRowsError, NoRowError, ParameterError, QueryError
from freehold.queries.joining import AFTER, FIRST, LIMIT, Combination, Dialect, Joined, join, list_own, list_parts
from freehold.queries.loading import BATCH, PIPELINE, cut, find_array, list_columns, split, write_segments
from freehold.queries.rows import RowMaker
from freehold.queries.values import UNSET, Column, Page, Parameter, Segment, Sort

Kind = Literal["one", "maybe", "many", "exec", "execrows", "batch", "load"]
R = TypeVar("R")
_WRITES: Final = re.compile(r"\b(insert|update|delete|merge)\b", re.IGNORECASE)
Arguments = Mapping[str, Any]
Values = tuple[Any, ...]


@dataclass(frozen=True, eq=False)
class Query(Generic[R]):
    """A statement with all that it can become. `row` is None where it gives no rows, `sqlite` where the same segments
    serve. `page` is a page's default and greatest number of rows. One that `writes` and whose rows are refused has
    changed nothing; where it is not said, it does if its text has the words for it."""

    file: str
    kind: Kind
    segments: tuple[Segment, ...]
    row: type[R] | None = None
    sqlite: tuple[Segment, ...] | None = None
    parameters: tuple[Parameter, ...] = ()
    columns: tuple[Column, ...] = ()
    sorts: Mapping[str, Sort] = field(default_factory=dict)
    page: tuple[int, int] | None = None
    writes: bool | None = None

    # --- Reading -----------------------------------------------------------------------------------------------------
    def fetch_one(self, arguments: Arguments, *, using: str = DEFAULT_DB_ALIAS) -> R:
        """Give the one row.

        Raises:
            NoRowError: there is none.
            ManyRowsError: there are more.
        """
        return self._fetch_single(self._maker.make, arguments, using, least=1)[0]

    def fetch_maybe(self, arguments: Arguments, *, using: str = DEFAULT_DB_ALIAS) -> R | None:
        """Give the row, or None.

        Raises:
            ManyRowsError: there are more than one.
        """
        found = self._fetch_single(self._maker.make, arguments, using)
        return found[0] if found else None

    def fetch_many(self, arguments: Arguments, *, sort: str = "", using: str = DEFAULT_DB_ALIAS) -> list[R]:
        """Give all rows."""
        combination = Combination(self._choose(arguments), self._find_sort(sort))
        with self._holding(using):
            return self._maker.make(self._fetch(arguments, combination, using))

    def fetch_page(
        self, arguments: Arguments, *, sort: str = "", after: str = "", limit: int = 0, using: str = DEFAULT_DB_ALIAS
    ) -> Page[R]:
        """Give the rows behind the cursor `after`, at most `limit` of them, and the cursor of those that follow.

        Raises:
            CursorError: the cursor is another statement's, sort's or principal's, or none.
        """
        values, following = self._fetch_page(arguments, sort, after, limit, using)
        return Page(self._maker.make(values), following)

    # --- The same as JSON --------------------------------------------------------------------------------------------
    def fetch_one_json(self, arguments: Arguments, *, using: str = DEFAULT_DB_ALIAS) -> bytes:
        """Give the one row as JSON; raises what `fetch_one` raises."""
        return msgspec.json.encode(self._fetch_single(self._maker.make_raw, arguments, using, least=1)[0])

    def fetch_maybe_json(self, arguments: Arguments, *, using: str = DEFAULT_DB_ALIAS) -> bytes:
        """Give the row as JSON, `null` where there is none; raises what `fetch_maybe` raises."""
        found = self._fetch_single(self._maker.make_raw, arguments, using)
        return msgspec.json.encode(found[0] if found else None)

    def fetch_many_json(self, arguments: Arguments, *, sort: str = "", using: str = DEFAULT_DB_ALIAS) -> bytes:
        """Give all rows as a JSON list."""
        combination = Combination(self._choose(arguments), self._find_sort(sort))
        with self._holding(using):
            return msgspec.json.encode(self._maker.make_raw(self._fetch(arguments, combination, using)))

    def fetch_page_json(
        self, arguments: Arguments, *, sort: str = "", after: str = "", limit: int = 0, using: str = DEFAULT_DB_ALIAS
    ) -> bytes:
        """Give the page as a JSON object with `rows` and `next`."""
        values, following = self._fetch_page(arguments, sort, after, limit, using)
        return msgspec.json.encode(Page(self._maker.make_raw(values), following))

    # --- Writing -----------------------------------------------------------------------------------------------------
    def execute(self, arguments: Arguments, *, using: str = DEFAULT_DB_ALIAS) -> None:
        """Run it."""
        self.execute_count(arguments, using=using)

    def execute_count(self, arguments: Arguments, *, using: str = DEFAULT_DB_ALIAS) -> int:
        """Run it; give how many rows it changed."""
        engine = get_engine(connections[using])
        return engine.execute(self._prepare(engine, arguments, Combination(self._choose(arguments))))

    # --- Many at once ------------------------------------------------------------------------------------------------
    def run_batch(self, rows: Iterable[Any], *, using: str = DEFAULT_DB_ALIAS) -> list[list[R]]:
        """Run it for each of the structs, whose fields are its parameters: all or none, many in a round trip. Give the
        rows of each."""
        engine = get_engine(connections[using])
        with transaction.atomic(using):
            batches = [engine.fetch_batch(*each) for each in self._iter_batches(engine, rows)]
        return [self._maker.make(each) for batch in batches for each in batch]

    def run_batch_count(self, rows: Iterable[Any], *, using: str = DEFAULT_DB_ALIAS) -> list[int]:
        """Run it as `run_batch` does; give how many rows each changed."""
        engine = get_engine(connections[using])
        with transaction.atomic(using):
            batches = [engine.execute_batch(*each) for each in self._iter_batches(engine, rows)]
        return [count for batch in batches for count in batch]

    def load(self, rows: Iterable[Any], *, size: int = BATCH, using: str = DEFAULT_DB_ALIAS) -> int:
        """Insert the structs, whose fields are its columns, `size` in a statement: all or none. Give the number of rows
        that were inserted or, where it says so, updated. Rows that leave out other columns go in statements of their
        own."""
        if name := find_array(self.parameters):
            raise QueryError(f"{self.place}: column {name} is a list, and a load has none: use kind batch")
        engine, count = get_engine(connections[using]), 0
        with transaction.atomic(using):
            for some in cut(rows, size):
                for names, group in split(some, self.parameters):
                    count += self._load_group(engine, names, group)
        return count

    def _load_group(self, engine: Engine, names: tuple[str, ...], rows: list[Any]) -> int:
        """Insert rows that give the same columns; those that give none go one by one, many in a round trip."""
        statement = self._prepare_load(engine, names)
        if names:
            return engine.load(statement, list_columns(rows, names))
        return sum(sum(engine.execute_batch(statement, [()] * len(some))) for some in cut(rows, PIPELINE))

    def _iter_batches(self, engine: Engine, rows: Iterable[Any]) -> Iterator[tuple[Statement, list[Any]]]:
        joined = self.join(engine.dialect)
        names = tuple(each.name for each in joined.parameters)
        for some in cut(rows, PIPELINE):
            values = list(zip(*list_columns(some, names), strict=True)) if names else [() for _ in some]
            yield Statement(self.file, joined, values[0], self.columns), values

    def _prepare_load(self, engine: Engine, names: tuple[str, ...]) -> Statement:
        """Give the statement that loads these columns, which is put together once."""
        key = (engine.dialect, Combination(frozenset(names)))
        joined = self._joined.get(key)
        if joined is None:
            kept = [each for each in self.parameters if each.name in names]
            if engine.dialect == "postgresql":
                kept = [replace(each, is_list=True) for each in kept]
            segments = write_segments(self.list_segments(engine.dialect), self.parameters, names, engine.dialect)
            joined = self._joined[key] = join(segments, kept, engine.dialect)
        return Statement(self.file, joined, ())

    # --- What both need ----------------------------------------------------------------------------------------------
    @cached_property
    def place(self) -> str:
        """The file, and the line where its statement begins."""
        return f"{self.file}:{self.segments[0].line}"

    def list_segments(self, dialect: Dialect) -> tuple[Segment, ...]:
        """Give the segments for a dialect."""
        return self.sqlite if dialect == "sqlite" and self.sqlite is not None else self.segments

    def join(self, dialect: Dialect, combination: Combination = FIRST) -> Joined:
        """Give the statement of a combination, which is put together once."""
        found = self._joined.get((dialect, combination))
        if found is None:
            sort = self.sorts[combination.sort] if combination.sort else None
            segments, is_paged = self.list_segments(dialect), self.page is not None
            found = join(segments, self.parameters, dialect, combination, sort, is_paged=is_paged)
            self._joined[dialect, combination] = found
        return found

    @cached_property
    def _joined(self) -> dict[tuple[Dialect, Combination], Joined]:
        return {}

    @cached_property
    def _maker(self) -> RowMaker[R]:
        if self.row is None:
            raise QueryError(f"{self.place}: gives no rows")
        return RowMaker(self.place, self.row, self.columns)

    @cached_property
    def _is_write(self) -> bool:
        if self.writes is None:
            return any(_WRITES.search(each.text) for each in (*self.segments, *(self.sqlite or ())))
        return self.writes

    @cached_property
    def _parts(self) -> dict[str, list[str]]:
        return {part: list_own(self.segments, part) for part in list_parts(self.segments)}

    def _choose(self, arguments: Arguments) -> frozenset[str]:
        """Give the parts that the arguments put in."""
        if not self._parts:
            return frozenset()
        return frozenset(part for part, names in self._parts.items() if self._is_chosen(part, names, arguments))

    def _is_chosen(self, part: str, names: Sequence[str], arguments: Arguments) -> bool:
        if not names:
            flag = arguments.get(part, UNSET)
            if flag is not UNSET and not isinstance(flag, bool):
                raise ParameterError(f"{self.place}: the part {part} is put in by True and left out by False")
            return flag is True
        given = [arguments.get(name, UNSET) is not UNSET for name in names]
        if any(given) and not all(given):
            raise ParameterError(f"{self.place}: the part {part} takes {', '.join(names)}: give all of them or none")
        return all(given)

    def _find_sort(self, sort: str) -> str:
        if not self.sorts:
            return ""
        if sort and sort not in self.sorts:
            raise ParameterError(f"{self.place}: there is no such sort; use one of {', '.join(self.sorts)}")
        return sort or next(iter(self.sorts))

    def _prepare(self, engine: Engine, arguments: Arguments, combination: Combination) -> Statement:
        joined = self.join(engine.dialect, combination)
        values = [arguments.get(each.name, UNSET) for each in joined.parameters]
        if UNSET in values:
            missing = next(each for each in joined.parameters if arguments.get(each.name, UNSET) is UNSET)
            raise ParameterError(f"{self.place}: the parameter {missing.name} is missing")
        return Statement(self.file, joined, values, self.columns)

    def _fetch(self, arguments: Arguments, combination: Combination, using: str) -> list[Values]:
        engine = get_engine(connections[using])
        return engine.fetch(self._prepare(engine, arguments, combination))

    def _fetch_single(
        self, make: Callable[[list[Values]], list[R]], arguments: Arguments, using: str, *, least: int = 0
    ) -> list[R]:
        """Give the row, if there is one; what was written for no row or for more is taken back."""
        combination = Combination(self._choose(arguments), self._find_sort(""))
        with self._holding(using):
            found = self._fetch(arguments, combination, using)
            if len(found) > 1:
                raise ManyRowsError(f"{self.place}: more than one row, where the file says there is at most one")
            if len(found) < least:
                raise NoRowError(f"{self.place}: no row, where the file says there is one")
            return make(found)

    def _holding(self, using: str) -> AbstractContextManager[None]:
        """Hold what is written until its rows are taken."""
        return transaction.atomic(using) if self._is_write else nullcontext()

    def _fetch_page(
        self, arguments: Arguments, sort: str, after: str, limit: int, using: str
    ) -> tuple[list[Values], str | None]:
        """Give the values of a page's rows, and the cursor of the next; one row more is asked for, to know of it."""
        usual, most = self.page or (0, 0)
        limit = limit or usual
        if isinstance(limit, bool) or not isinstance(limit, int) or not 1 <= limit <= most:
            raise ParameterError(f"{self.place}: limit lies between 1 and {most:,}")
        chosen = Combination(self._choose(arguments), self._find_sort(sort), is_next=bool(after))
        order, name = self.sorts[chosen.sort], name_query(self.file, arguments)
        behind = read_cursor(self.place, name, chosen, order, after) if after else []
        keys = {f"{AFTER}{place}": value for place, value in enumerate(behind)}
        found = self._fetch({**arguments, **keys, LIMIT: limit + 1}, chosen, using)
        if len(found) <= limit:
            return found, None
        last = found[limit - 1]
        return found[:limit], write_cursor(self.place, name, chosen, order, [last[place] for place in order.places])
