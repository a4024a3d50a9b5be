"""Versioned rows that can be taken back: `manage.py seed up|down|status`. docs/seeds.md tells how to write one.

Here are the words of a seed: which rows of which models. Values only; nothing here touches a database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import Any, Literal

__all__ = ["Rows", "Seed"]

Row = tuple[Any, ...]
_Kind = Literal["reference", "demo"]
_Source = ModuleType | Path | str
KINDS: tuple[_Kind, ...] = ("reference", "demo")


@dataclass(frozen=True)
class Rows:
    """Rows of one model, each a tuple of values in the order of `fields`.

    `key` names the fields, all among `fields`, that tell one row from another: the row's id is made from them, and a
    row that a person made with the same key is left alone. `ignore_case` says that its texts are the same in any case.

    `references` maps each foreign key among `fields` to lookups on the model it points at: with `{"user": ("email",)}`
    the row holds an e-mail address, with `{"project": ("tenant__slug", "slug")}` a pair. None is NULL. A foreign key to
    the model itself looks for a key of the same rows.

    `read` gives the rows; it is called only when something may be missing. Fields that are left out take their
    default, a callable one once for all rows.
    """

    model: str
    key: tuple[str, ...]
    fields: tuple[str, ...]
    read: Callable[[], Iterable[Row]]
    references: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    ignore_case: bool = False

    @property
    def key_positions(self) -> list[int]:
        return [self.fields.index(name) for name in self.key]

    @property
    def lookups(self) -> tuple[str, ...]:
        """The key as lookups on the model, such as `("tenant__slug", "slug")` where `tenant` is told by its slug."""
        return tuple(
            f"{name}__{lookup}" if lookup else name for name in self.key for lookup in self.references.get(name, ("",))
        )


@dataclass(frozen=True)
class Seed:
    """What one file `<app>/seeds/NNNN_name.py` calls SEED: rows for tables of one schema, written in this order.

    `depends` names seeds that must be up before, such as `master.0001_categories`. `sources` says what the rows come
    from besides the file itself: a module, a Path for a file, a text for an installed distribution, whose version
    counts. They make up the checksum.
    """

    kind: _Kind
    rows: tuple[Rows, ...]
    depends: tuple[str, ...] = ()
    sources: tuple[_Source, ...] = ()
