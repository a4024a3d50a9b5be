"""What a map asks of a server, and what a server holds, in the same values: so that the two compare as sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

PUBLIC = "PUBLIC"  # every role; no role can be called so, since names of the map are lower case

Kind = Literal["database", "schema", "table", "column", "sequence", "function"]
ObjectType = Literal["TABLES", "SEQUENCES", "FUNCTIONS"]


@dataclass(frozen=True, order=True)
class Role:
    """A role and the attributes that are switched on, as `CREATE ROLE` writes them: LOGIN, INHERIT, SUPERUSER, …"""

    name: str
    attributes: frozenset[str] = field(default=frozenset(), compare=True)

    @property
    def can_login(self) -> bool:
        """Whether the role can connect."""
        return "LOGIN" in self.attributes


@dataclass(frozen=True, order=True)
class Membership:
    """`member` belongs to `role`: whether it has the role's rights at all times, and whether it may SET ROLE."""

    role: str
    member: str
    inherits: bool = False
    can_set: bool = True


@dataclass(frozen=True, order=True)
class OwnedSchema:
    """A schema, its owner and its comment."""

    name: str
    owner: str
    comment: str = ""


@dataclass(frozen=True, order=True)
class SearchPath:
    """The search_path of a login in this database."""

    login: str
    path: tuple[str, ...]


@dataclass(frozen=True, order=True)
class DatabaseObject:
    """A table, column, sequence, function, schema or the database. A function's name holds its argument types."""

    kind: Kind
    schema: str = ""
    name: str = ""
    column: str = ""

    @property
    def label(self) -> str:
        """The object as people name it: `auth.user (email)`."""
        if self.kind == "database":
            return f"database {self.name}"
        if self.kind == "schema":
            return f"schema {self.schema}"
        return f"{self.schema}.{self.name}" + (f" ({self.column})" if self.column else "")


@dataclass(frozen=True, order=True)
class Grant:
    """One privilege on one object for one role, or for PUBLIC."""

    object: DatabaseObject
    privilege: str
    grantee: str


@dataclass(frozen=True, order=True)
class DefaultGrant:
    """One privilege that an owner grants on whatever it makes; an empty schema stands for every schema."""

    owner: str
    schema: str
    objects: ObjectType
    privilege: str
    grantee: str


@dataclass(frozen=True)
class Objects:
    """What exists: each object and its owner."""

    owners: dict[DatabaseObject, str] = field(default_factory=dict)

    def list_owned(self, kind: Kind, schema: str, owner: str) -> list[DatabaseObject]:
        """Give the schema's objects of that kind that belong to `owner`, sorted."""
        return sorted(
            each for each, found in self.owners.items() if (each.kind, each.schema, found) == (kind, schema, owner)
        )


@dataclass(frozen=True)
class State:
    """All that a bootstrap puts in place, and nothing else."""

    roles: frozenset[Role] = frozenset()
    memberships: frozenset[Membership] = frozenset()
    schemas: frozenset[OwnedSchema] = frozenset()
    search_paths: frozenset[SearchPath] = frozenset()
    grants: frozenset[Grant] = frozenset()
    default_grants: frozenset[DefaultGrant] = frozenset()
