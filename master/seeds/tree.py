"""Reads the category tree from categories.txt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from master.seeds.slugs import slugify

SOURCE = Path(__file__).with_name("categories.txt")
INDENT = "  "


class CategoryLine(NamedTuple):
    """A category as the file has it. `parent` is the path of the one above, None at the top."""

    path: str
    slug: str
    name: str
    position: int
    parent: str | None


def read_categories(text: str) -> Iterator[CategoryLine]:
    """Yield the categories, each after its parent; `position` counts from 1 among the children of one parent.

    Raises:
        ValueError: a line is more than one level deeper than the one before, or a path comes twice.
    """
    above: list[str] = []
    positions: Counter[str] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        depth = (len(line) - len(line.lstrip())) // len(INDENT)
        if depth > len(above):
            raise ValueError(
                f"categories.txt, line {number}: {line.strip()!r} has no category above it: indent it less"
            )
        del above[depth:]
        parent = "/".join(above)
        name, _, slug = (part.strip() for part in line.partition("|"))
        above.append(slug or slugify(name))
        path = "/".join(above)
        if positions[path]:
            raise ValueError(f"categories.txt, line {number}: {path} comes twice")
        positions[path] += 1
        positions[f"{parent}/"] += 1
        yield CategoryLine(path, above[-1], name, positions[f"{parent}/"], parent or None)
