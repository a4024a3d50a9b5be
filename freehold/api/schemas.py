"""How types are described in the OpenAPI document: as msgspec does it, and times as what they are.

msgspec leaves the format of a `datetime` open unless its type says that it has a time zone. Rows of typed SQL don't say
so, and are given in UTC: a client that was generated from the document would take their times for any text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from dmr.plugins.msgspec.schema import MsgspecSchemaGenerator
from msgspec import inspect


class SchemaGenerator(MsgspecSchemaGenerator):
    """Says `date-time` of each field that is a time."""

    __slots__ = ()

    @classmethod
    def get_schema(cls, model: Any, ref_template: str, *, used_for_response: bool = False) -> Any:
        """Give the model's schema, and those that it refers to by their names."""
        schema, components = super().get_schema(model, ref_template, used_for_response=used_for_response)
        name_times(model, [schema, *components.values()])
        return schema, components


def name_times(model: Any, schemas: list[Any]) -> None:
    """Say the format of times in those of the schemas that describe a struct of the model's."""
    times = {
        (struct.cls.__name__, field.encode_name)
        for struct in _iter_structs(inspect.type_info(model))
        for field in struct.fields
        if _is_time(field.type)
    }
    for schema in schemas:
        for name, described in schema.get("properties", {}).items():
            if (schema.get("title"), name) in times:
                for each in described.get("anyOf", [described]):
                    each.update({"format": "date-time"} if each.get("type") == "string" else {})


def _is_time(kind: inspect.Type) -> bool:
    kinds = kind.types if isinstance(kind, inspect.UnionType) else (kind,)
    return any(isinstance(each, inspect.DateTimeType) for each in kinds)


def _iter_structs(part: Any, seen: set[int] | None = None) -> Iterator[inspect.StructType]:
    """Yield every struct that a type is made of, each once: a tree's node is made of itself."""
    seen = set() if seen is None else seen
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, inspect.StructType):
        yield part
    parts = part if isinstance(part, tuple) else [getattr(part, name) for name in _list_names(part)]
    for each in parts:
        yield from _iter_structs(each, seen)


def _list_names(part: Any) -> tuple[str, ...]:
    return part.__struct_fields__ if isinstance(part, (inspect.Type, inspect.Field)) else ()
