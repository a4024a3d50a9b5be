"""What is known of NULL in a value: whether it may be there, and which outer joins would put it there."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from typing import Final, NamedTuple


class Null(NamedTuple):
    """`may_be`: it may be NULL even where all of `behind` found a row. `behind`: the outer joins of which each makes it
    NULL where it finds nothing. `has_elements`: as a list it may have NULL among its elements."""

    may_be: bool = False
    behind: frozenset[str] = frozenset()
    has_elements: bool = True

    @property
    def is_nullable(self) -> bool:
        return self.may_be or bool(self.behind)

    def put_behind(self, join: str) -> Null:
        return self._replace(behind=self.behind | {join})

    def nest(self, name: str) -> Null:
        """Give the same of what FROM calls `name`: its joins are others than those of a second reading."""
        return self._replace(behind=frozenset(f"{name}/{join}" for join in self.behind))


NOT_NULL: Final = Null()
MAYBE: Final = Null(may_be=True)


def unite(nulls: Sequence[Null]) -> Null:
    """Give what is known of a value that is one of several: an arm of UNION, an end of CASE."""
    return reduce(_unite_two, nulls)


def _unite_two(left: Null, right: Null) -> Null:
    has_elements = left.has_elements or right.has_elements
    if left.behind == right.behind:
        return Null(left.may_be or right.may_be, left.behind, has_elements)
    return Null(left.is_nullable or right.is_nullable, has_elements=has_elements)


def pass_on(nulls: Sequence[Null]) -> Null:
    """Give what is known of a value that is NULL where one of several is: of an operator or a strict function."""
    return Null(any(each.may_be for each in nulls), frozenset().union(*(each.behind for each in nulls)))


def take_first(nulls: Sequence[Null]) -> Null:
    """Give what is known of a value that is NULL where all of several are: of coalesce."""
    common = frozenset.intersection(*(each.behind for each in nulls))
    is_given = any(not each.may_be and each.behind <= common for each in nulls)
    return Null(not is_given, common, any(each.has_elements for each in nulls))


def find_missing(nulls: Sequence[Null], found: frozenset[str]) -> frozenset[str]:
    """Give the outer joins, beside those that `found` a row, without whose rows all the values are NULL, where one of
    them tells so by being NULL then alone; none where there is no such."""
    behind = [each.behind - found for each in nulls]
    common = frozenset.intersection(*behind)
    is_told = any(not each.may_be and own == common for each, own in zip(nulls, behind, strict=True))
    return common if is_told else frozenset()
