"""What a map asks of a server, and what a server holds, in the same values: so that the two compare as sets."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

CONNECTIONS = "CONNECTIONS="  # before a role's limit of them, where it has one: an attribute like the others
PUBLIC = "PUBLIC"  # every role; no role can be called so, since names of the map are lower case

# fmt: off
ObjectKind = Literal[
    "database", "schema", "table", "column", "sequence", "function", "type",
    "language", "tablespace", "foreign server", "foreign data wrapper", "large object", "parameter",
    "other",  # what has an owner and no list of rights: a collation, an operator
]
# fmt: on
ObjectType = Literal["TABLES", "SEQUENCES", "FUNCTIONS", "TYPES", "SCHEMAS", "LARGE OBJECTS"]


@dataclass(frozen=True, order=True)
class Role:
    """A role and the attributes that are switched on, as `CREATE ROLE` writes them: LOGIN, INHERIT, SUPERUSER, …, and
    CONNECTIONS=40."""

    name: str
    attributes: frozenset[str] = field(default=frozenset(), compare=True)

    @property
    def can_login(self) -> bool:
        return "LOGIN" in self.attributes


@dataclass(frozen=True, order=True)
class Membership:
    """`member` belongs to `role`: whether it has the role's rights at all times, may SET ROLE, may pass it on."""

    role: str
    member: str
    inherits: bool = False
    can_set: bool = True
    admin: bool = False


@dataclass(frozen=True, order=True)
class Setting:
    """What a role has set for its sessions: in this database, or everywhere. A search_path is `app, public`."""

    role: str
    name: str
    value: str
    everywhere: bool = False


@dataclass(frozen=True, order=True)
class OwnedSchema:
    name: str
    owner: str
    comment: str = ""


@dataclass(frozen=True, order=True)
class DatabaseObject:
    """A table, column, sequence, function, schema, a database or another thing of the server's. A function's name holds
    its argument types; what lies in no schema has none."""

    kind: ObjectKind
    schema: str = ""
    name: str = ""
    column: str = ""

    @property
    def label(self) -> str:
        """The object as people name it: `auth.user (email)`."""
        if self.kind == "schema":
            return f"schema {self.schema}"
        if not self.schema:
            return f"{self.kind} {self.name}"
        return f"{self.schema}.{self.name}" + (f" ({self.column})" if self.column else "")

    @property
    def whole(self) -> DatabaseObject:
        """The table of a column; any other object itself."""
        return DatabaseObject("table", self.schema, self.name) if self.column else self


@dataclass(frozen=True, order=True)
class Grant:
    """One privilege on one object for one role, or for PUBLIC.

    `option` stands for the right to pass the privilege on, which is a grant of its own beside the privilege. `grantor`
    is empty where the object's owner gave it, as the map's are.
    """

    object: DatabaseObject
    privilege: str
    grantee: str
    option: bool = False
    grantor: str = ""


@dataclass(frozen=True, order=True)
class DefaultGrant:
    """One privilege that an owner grants on whatever it makes; an empty schema stands for every schema."""

    owner: str
    schema: str
    objects: ObjectType
    privilege: str
    grantee: str
    option: bool = False


@dataclass(frozen=True, order=True)
class RowSecurity:
    """Whether row-level security is enabled on a table, and forced on its owner too."""

    schema: str
    table: str
    enabled: bool = True
    forced: bool = True


@dataclass(frozen=True, order=True)
class DatabasePolicy:
    """A row-level policy as declared: `using` and `check` are SQL.

    `command` is ALL, SELECT, INSERT, UPDATE or DELETE.
    """

    schema: str
    table: str
    name: str
    command: str
    roles: tuple[str, ...]
    using: str = ""
    check: str = ""
    permissive: bool = True
