"""Every fault of a document, where msgspec tells the first one alone."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator
from itertools import islice
from typing import Annotated, Any, Final, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo, fields

Path = tuple[str | int, ...]
MOST_FAULTS: Final = 50
MOST_PARTS: Final = 1000
UNKNOWN: Final = "There is no such field."
_PLACE: Final = re.compile(r" - at `(key in )?\$([^`]*)`$", re.DOTALL)
_STEP: Final = re.compile(r"\.([A-Za-z_][A-Za-z0-9_]*)|\[(\d+)\]|\[\.\.\.\]")


class FaultsError(msgspec.ValidationError):
    """A document is not what its type says: `faults` has a path and a sentence for each thing that is wrong."""

    def __init__(self, faults: list[tuple[Path, str]]) -> None:
        super().__init__("; ".join(sentence for _, sentence in faults))
        self.faults = faults


def list_faults(document: Any, expected: Any, *, strict: bool) -> list[tuple[Path, str]]:
    """Give the faults of a decoded document, MOST_FAULTS at most; empty where it fits. Of lists and structs, those of
    each part, and of the first MOST_PARTS of a list: one that is too long is not gone through."""
    return list(islice(_iter_faults(document, expected, strict, ()), MOST_FAULTS))


def _iter_faults(document: Any, expected: Any, strict: bool, path: Path) -> Iterator[tuple[Path, str]]:
    is_told = False
    for choice in iter_choices(expected):
        if isinstance(document, dict) and isinstance(choice, type) and issubclass(choice, msgspec.Struct):
            yield from _iter_struct_faults(document, choice, strict, path)
            return
        types_within = get_args(choice) if get_origin(choice) in (list, dict) else ()
        if types_within and isinstance(document, get_origin(choice)):
            for fault in _iter_inner_faults(document, types_within, strict, path):
                is_told = True
                yield fault
    if not is_told:
        yield from _iter_value_faults(document, expected, strict, path)


def _iter_inner_faults(document: Any, types_within: Any, strict: bool, path: Path) -> Iterator[tuple[Path, str]]:
    """Yield those of a list's elements, of a mapping's values and of its names."""
    is_mapping = isinstance(document, dict)
    for name, each in islice(document.items() if is_mapping else enumerate(document), MOST_PARTS):
        if is_mapping:
            for place, sentence in _iter_value_faults(name, types_within[0], strict, (*path, name)):
                yield place, f"Its name: {sentence}"
        yield from _iter_faults(each, types_within[-1], strict, (*path, name))


def iter_choices(expected: Any) -> Iterator[Any]:
    """Yield the types that a type may be, without their annotations."""
    origin = get_origin(expected)
    if origin is Annotated:
        yield from iter_choices(get_args(expected)[0])
    elif origin in (Union, types.UnionType):
        for each in get_args(expected):
            yield from iter_choices(each)
    else:
        yield expected


def _iter_struct_faults(
    document: dict[str, Any], struct: type[msgspec.Struct], strict: bool, path: Path
) -> Iterator[tuple[Path, str]]:
    known: dict[str, FieldInfo] = {each.encode_name: each for each in fields(struct)}
    if struct.__struct_config__.forbid_unknown_fields:
        for name in document.keys() - known.keys():
            yield (*path, name), UNKNOWN
    for name, field in known.items():
        if name in document:
            yield from _iter_faults(document[name], field.type, strict, (*path, name))
        elif field.required:
            yield (*path, name), "This is missing."


def _iter_value_faults(value: Any, expected: Any, strict: bool, path: Path) -> Iterator[tuple[Path, str]]:
    try:
        msgspec.convert(value, expected, strict=strict, str_keys=True)
    except msgspec.ValidationError as error:
        yield _read_message(str(error), path)


def _read_message(message: str, path: Path) -> tuple[Path, str]:
    """Cut msgspec's sentence from the place that it names: ``Expected `int`, got `str` - at `$.a[0]```."""
    place = _PLACE.search(message)
    if not place:
        return path, f"{message}."
    steps = [name or (int(number) if number else "") for name, number in _STEP.findall(place[2])]
    return (*path, *steps), f"{message[: place.start()]}."
