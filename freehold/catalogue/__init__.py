"""The live database, read from its catalogue: who owns what, who may do what there, and what crosses."""

from freehold.catalogue.comparison import Difference, list_declared_tables, list_differences
from freehold.catalogue.reader import list_tables, read_catalogue
from freehold.catalogue.values import Access, Catalogue, ForeignKey, Schema, Table

__all__ = [
    "Access",
    "Catalogue",
    "Difference",
    "ForeignKey",
    "Schema",
    "Table",
    "list_declared_tables",
    "list_differences",
    "list_tables",
    "read_catalogue",
]
