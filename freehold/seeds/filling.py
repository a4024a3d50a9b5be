"""Puts the rows of one seed into their tables: only those that are not there."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.errors import SeedError
from freehold.progress import Progress
from freehold.seeds import Row, Rows
from freehold.seeds.identities import (
    SEPARATOR,
    IdRange,
    RawId,
    find_by_key,
    flatten,
    get_range,
    make_row_ids,
    normalise,
    to_raw,
)
from freehold.seeds.journal import TableCount, merge_counts
from freehold.seeds.references import References
from freehold.seeds.registry import RegisteredSeed, get_model
from freehold.seeds.writing import get_field, insert_rows, make_layout


@dataclass(frozen=True)
class _ReadRows:
    """Rows with the values their source gave, and the flat key and the id of each."""

    rows: Rows
    model: type[models.Model]
    id_range: IdRange
    values: list[Row]
    keys: list[str]
    ids: list[RawId]


def read_seed(seed: RegisteredSeed) -> list[_ReadRows]:
    """Read all that the seed declares, without the database: this may take seconds.

    Raises:
        SeedError: the source can't be read, a row has too many or too few values, or two have the same key.
    """
    return [_read_rows(seed.name, rows) for rows in seed.seed.rows]


def _read_rows(seed: str, rows: Rows) -> _ReadRows:
    model = get_model(seed, rows)
    id_range = get_range(seed, model)
    _check_fields(seed, rows, model)
    try:
        values = list(rows.read())
    except (OSError, ValueError) as error:
        raise SeedError(f"seed {seed}: the rows of {rows.model} can't be read: {error}") from error
    for row in values:
        if len(row) != len(rows.fields):
            raise SeedError(
                f"seed {seed}: a row of {rows.model} has {len(row)} values for {len(rows.fields)} fields: {row[:2]}…"
            )
    keys = list(map(flatten, _pick(values, rows.key_positions)))
    ids = make_row_ids(id_range, model, keys)
    _check_unique(seed, rows, keys, ids)
    return _ReadRows(rows, model, id_range, values, keys, ids)


def _check_fields(seed: str, rows: Rows, model: type[models.Model]) -> None:
    if missing := set(rows.key) - set(rows.fields):
        raise SeedError(f"seed {seed}: {rows.model} has {', '.join(sorted(missing))} in its key, not among its fields")
    for name in rows.fields:
        if get_field(seed, model, name).is_relation and name not in rows.references:
            raise SeedError(
                f"seed {seed}: {rows.model}.{name} is a foreign key: say in `references` by which fields of "
                "the other model its rows are told"
            )


def _pick(rows: Iterable[Row], positions: Sequence[int]) -> Iterator[Row]:
    if len(positions) == 1:
        (position,) = positions
        return ((row[position],) for row in rows)
    return map(itemgetter(*positions), rows)


def _check_unique(seed: str, rows: Rows, keys: list[str], ids: list[RawId]) -> None:
    if len(set(ids)) == len(ids):
        return
    (key, count), *_ = Counter(keys).most_common(1)
    if count > 1:
        raise SeedError(f"seed {seed}: {count} rows of {rows.model} have the key {_show(key)}: keys tell rows apart")
    first: dict[RawId, str] = {}
    for key, pk in zip(keys, ids, strict=True):
        other = first.setdefault(pk, key)
        if other != key:
            raise SeedError(
                f"seed {seed}: rows {_show(other)} and {_show(key)} of {rows.model} get the same id, {pk!r}: "
                "change the key of one, or use a UUIDField as primary key, which has room for more rows"
            )


def _show(key: str) -> str:
    return repr(key.replace(SEPARATOR, ", "))


def put_seed(
    connection: BaseDatabaseWrapper,
    seed: RegisteredSeed,
    seeds: Mapping[str, RegisteredSeed],
    read: list[_ReadRows],
    progress: Progress,
) -> list[TableCount]:
    """Put the rows that are missing into their tables; give the counts of each table, one entry a table.

    To be called in a transaction, as the owner of the seed's schema.
    """
    references = References(connection, seed, seeds)
    return merge_counts(_put_rows(connection, seed.name, each, references, progress) for each in read)


def _put_rows(
    connection: BaseDatabaseWrapper, seed: str, read: _ReadRows, references: References, progress: Progress
) -> TableCount:
    layout = make_layout(seed, read.rows, read.model, connection)  # first: it says which field there is not
    queryset = read.model._base_manager.using(connection.alias)
    in_range = {"pk__range": (read.id_range.low, read.id_range.high)}
    present = {to_raw(pk) for pk in queryset.filter(**in_range).values_list("pk", flat=True)}
    missing = [index for index, pk in enumerate(read.ids) if pk not in present]
    kept: dict[int, RawId] = {}
    if missing and queryset.exclude(**in_range).exists():
        kept = _find_kept(queryset.exclude(**in_range), read, missing, references)
    references.remember(
        read.model,
        read.rows,
        {key: kept.get(index, pk) for index, (key, pk) in enumerate(zip(read.keys, read.ids, strict=True))},
    )
    added = [index for index in missing if index not in kept]
    if added:
        values = _replace_keys(read.rows, [read.values[index] for index in added], references, read.rows.fields)
        progress.start(layout.table, len(values))
        insert_rows(connection, layout, layout.convert([read.ids[index] for index in added], values), progress)
    return TableCount(layout.table, len(read.ids), len(added), len(kept), present=len(present) + len(added))


def _find_kept(
    others: models.QuerySet[Any], read: _ReadRows, missing: list[int], references: References
) -> dict[int, RawId]:
    """Map the positions of the missing rows whose key a row outside the seed has to the id of that row."""
    rows = read.rows
    chosen = [read.values[index] for index in missing]
    keys = list(_pick(_replace_keys(rows, chosen, references, rows.key), rows.key_positions))
    lookups = tuple(read.model._meta.get_field(name).attname for name in rows.key)  # type: ignore[union-attr]  # concrete
    found = find_by_key(others, lookups, keys, ignore_case=rows.ignore_case)
    normal = (normalise(key, ignore_case=rows.ignore_case) for key in keys)
    return {index: found[key] for index, key in zip(missing, normal, strict=True) if key in found}


def _replace_keys(rows: Rows, values: list[Row], references: References, names: Iterable[str]) -> list[Row]:
    """Give the rows with ids in place of the keys of what they refer to, in those of the named fields that do."""
    for name in names:
        if name in rows.references:
            position = rows.fields.index(name)
            ids = references.resolve(rows, name, (row[position] for row in values))
            values = [(*row[:position], ids.get(row[position]), *row[position + 1 :]) for row in values]
    return values
