"""A picture of the schemas and the foreign keys that cross them: coordinates for an inline SVG."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from studio.overview import Overview, SchemaCard, find_accent

WIDTH: Final = 560
_MARGIN: Final = 8
_GAP: Final = 24  # between boxes of a row
_BOX_HEIGHT: Final = 98
BETWEEN: Final = 104  # the rows: room for arrows and their labels
MOST_BOXES: Final = 8  # beyond that a picture this size says less than the tables below it


@dataclass(frozen=True)
class Box:
    """A schema: its corner, its width, what stands in it."""

    card: SchemaCard
    x: int
    y: int
    width: int
    height: int = _BOX_HEIGHT

    @property
    def text_x(self) -> int:
        """Where its lines of text begin."""
        return self.x + 18


@dataclass(frozen=True)
class Arrow:
    """The keys that lead from one schema to another: a path, its label and where that stands."""

    accent: str
    path: str
    head: str
    x: int
    y: int
    label: str


@dataclass(frozen=True)
class Picture:
    """Boxes and arrows, in a view box of `width` by `height`."""

    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    words: str
    width: int = WIDTH
    height: int = 2 * _MARGIN + 2 * _BOX_HEIGHT + BETWEEN


def draw_picture(overview: Overview) -> Picture | None:
    """Give the picture: schemas that others refer to above, those that refer to them below.

    None where there are too many schemas to be legible, or nothing crosses.
    """
    counts = Counter((key.schema, key.to_schema) for key in overview.database.foreign_keys)
    sources = {source for source, _target in counts}
    targets = {target for _source, target in counts} - sources
    if not targets or len(overview.cards) > MOST_BOXES:
        return None
    above = [card for card in overview.cards if card.name in targets]
    below = [card for card in overview.cards if card.name not in targets]
    boxes = (*_place_row(above, _MARGIN), *_place_row(below, _MARGIN + _BOX_HEIGHT + BETWEEN))
    placed = {box.card.name: box for box in boxes}
    arrows = _draw_arrows([(source, target, count) for (source, target), count in counts.items()], placed)
    words = "; ".join(f"{_count_keys(count)} from {source} to {target}" for (source, target), count in counts.items())
    return Picture(boxes, tuple(arrows), words)


def _place_row(cards: Sequence[SchemaCard], y: int) -> list[Box]:
    """Share the width out, more of it to schemas with more tables."""
    if not cards:
        return []
    weights = [2 + min(len(card.tables), 6) / 3 for card in cards]
    free = WIDTH - 2 * _MARGIN - _GAP * (len(cards) - 1)
    boxes: list[Box] = []
    x = _MARGIN
    for card, weight in zip(cards, weights, strict=True):
        width = int(free * weight / sum(weights))
        boxes.append(Box(card, x, y, width))
        x += width + _GAP
    return boxes


def _draw_arrows(crossings: Sequence[tuple[str, str, int]], placed: dict[str, Box]) -> list[Arrow]:
    """Draw what leads from the lower row to the upper one, each arrow with its own foot on the box it leaves."""
    arrows = []
    upward = [entry for entry in crossings if placed[entry[0]].y > placed[entry[1]].y]
    for source in sorted({entry[0] for entry in upward}):
        box = placed[source]
        leaving = sorted((entry for entry in upward if entry[0] == source), key=lambda entry: placed[entry[1]].x)
        for position, (_source, target, count) in enumerate(leaving, start=1):
            foot = box.x + box.width * position // (len(leaving) + 1)
            arrows.append(_draw_arrow(foot, box.y, placed[target], count))
    return arrows


def _draw_arrow(foot: int, bottom: int, target: Box, count: int) -> Arrow:
    top = target.y + _BOX_HEIGHT
    tip = min(max(foot, target.x + 40), target.x + target.width - 40)
    middle = (top + bottom) // 2
    return Arrow(
        accent=find_accent(target.card.name),
        path=f"M{foot} {bottom}C{foot} {middle} {tip} {middle} {tip} {top + 9}",
        head=f"M{tip - 7} {top + 11}L{tip} {top + 1}L{tip + 7} {top + 11}z",
        x=(foot + tip) // 2,
        y=middle,
        label=_count_keys(count),
    )


def _count_keys(count: int) -> str:
    return "1 foreign key" if count == 1 else f"{count} foreign keys"
