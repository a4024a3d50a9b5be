"""The category tree of a marketplace, three levels deep."""

from collections.abc import Iterator

from freehold.seeds import Rows, Seed
from master.seeds import slugs, tree


def read() -> Iterator[tree.CategoryLine]:
    """Yield the categories of categories.txt."""
    return tree.read_categories(tree.SOURCE.read_text(encoding="utf-8"))


SEED = Seed(
    kind="reference",
    rows=(
        Rows(
            "master.Category",
            key=("path",),
            fields=tree.CategoryLine._fields,
            references={"parent": ("path",)},
            read=read,
        ),
    ),
    sources=(tree.SOURCE, tree, slugs),
)
