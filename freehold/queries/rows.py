"""Makes rows of values: columns at a time, by calls of C, since this is what a long list costs."""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Sequence
from functools import cached_property, partial
from types import NoneType, UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from freehold.queries.errors import ResultError
from freehold.queries.types import get_kind, is_array
from freehold.queries.values import Column

R = TypeVar("R")
Values = Sequence[Any]


class RowMaker(Generic[R]):
    """Makes the rows of one query; JSON columns come as bytes, and become what their field says."""

    def __init__(self, place: str, row: type[R], columns: Sequence[Column]) -> None:
        self.place, self.row, self.columns = place, row, columns

    def make(self, rows: Sequence[Values]) -> list[R]:
        """Give rows of the query's class.

        Raises:
            ResultError: a JSON document or a choice is not what its field says.
        """
        return self._build(self._plan, rows)

    def make_raw(self, rows: Sequence[Values]) -> list[R]:
        """Give the same to be encoded as JSON, with JSON columns as they are."""
        return self._build(self._raw_plan, rows)

    @cached_property
    def _plan(self) -> _Plan:
        return _Plan(self.place, self.row, self.columns, is_raw=False)

    @cached_property
    def _raw_plan(self) -> _Plan:
        return _Plan(self.place, self.row, self.columns, is_raw=True)

    def _build(self, plan: _Plan, rows: Sequence[Values]) -> list[R]:
        return list(plan.build(list(zip(*rows, strict=True)))) if rows else []


class _Plan:
    """How one struct is made: for each field in order a column or a plan of its own, with what converts its values."""

    def __init__(self, place: str, row: Any, columns: Sequence[Column], *, is_raw: bool, prefix: str = "") -> None:
        self.row = row
        self.fields: list[tuple[Any, Any]] = []
        self.columns: list[int] = []  # all, those of what is nested in it too
        self.key: int | None = None  # a column that is NULL only where the whole nested row is
        hints = get_type_hints(row)
        places = {column.name: place for place, column in enumerate(columns) if column.name}
        for name in row.__struct_fields__:
            hint, is_optional = _strip(hints[name])
            found = places.get(f"{prefix}{name}")
            if found is None:
                nested = _Plan(place, hint, columns, is_raw=is_raw, prefix=f"{prefix}{name}.")
                self.fields.append((nested, nested.make_optional if is_optional else nested.build))
                self.columns += nested.columns
                found = nested.key
            else:
                what = f"{place}: column {columns[found].name}"
                self.fields.append((found, _choose(what, columns[found], hint, is_raw)))
                self.columns.append(found)
            if self.key is None and not is_optional:
                self.key = found

    def build(self, columns: Sequence[Values]) -> Any:
        """Yield the structs for the columns' values."""
        return map(self.row, *(self._convert(source, convert, columns) for source, convert in self.fields))

    def make_optional(self, columns: Sequence[Values]) -> Any:
        """Give the structs, None where what can't be NULL is: there the outer join found nothing."""
        own = zip(*(columns[each] for each in self.columns), strict=True)
        keys = map(_first, own) if self.key is None else columns[self.key]
        return [None if key is None else each for key, each in zip(keys, self.build(columns), strict=True)]

    @staticmethod
    def _convert(source: Any, convert: Any, columns: Sequence[Values]) -> Any:
        if isinstance(source, _Plan):
            return convert(columns)
        return columns[source] if convert is None else map(convert, columns[source])


def _first(values: Values) -> Any:
    return next((each for each in values if each is not None), None)


def _strip(hint: Any) -> tuple[Any, bool]:
    """Give a type without None, and whether it had it."""
    if get_origin(hint) not in (Union, UnionType):
        return hint, hint is Any
    members = [each for each in get_args(hint) if each is not NoneType]
    bare = members[0] if len(members) == 1 else Union[tuple(members)]  # noqa: UP007 - of types known here alone
    return bare, len(members) < len(get_args(hint))


def _choose(what: str, column: Column, hint: Any, is_raw: bool) -> Callable[[Any], Any] | None:
    """Give what makes a field's value of a column's; None where they are the same."""
    kind, is_list = get_kind(column.type), is_array(column.type)
    convert = _choose_single(what, kind, _get_element(hint) if is_list else hint, is_raw)
    if convert is None or not is_list:
        return convert
    return _skip_null(lambda values: [convert(each) for each in values])


def _choose_single(what: str, kind: str, hint: Any, is_raw: bool) -> Callable[[Any], Any] | None:
    if kind in ("json", "jsonb"):
        return _skip_null(msgspec.Raw) if is_raw else _refuse_unfit(what, msgspec.json.Decoder(hint).decode)
    if kind == "float" and is_raw:
        return _skip_null(partial(_refuse_infinite, what))
    if isinstance(hint, type) and issubclass(hint, enum.Enum) and not is_raw:
        return _refuse_unfit(what, hint)
    return None


def _get_element(hint: Any) -> Any:
    """Give the type of a list's elements, without None."""
    return _strip(next(iter(get_args(hint)), Any))[0]


def _refuse_infinite(what: str, value: float) -> float:
    if not math.isfinite(value):
        raise ResultError(f"{what} holds NaN or infinity, which JSON does not have: select NULL in its place")
    return value


def _skip_null(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda value: None if value is None else convert(value)


def _refuse_unfit(what: str, convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def run(value: Any) -> Any:
        if value is None:
            return None
        try:
            return convert(value)
        except (TypeError, ValueError):  # msgspec's own is one; its words may have a key of the document
            raise ResultError(f"{what} holds what its field's type does not take") from None

    return run
