"""Who acts now: a service, and the principal it acts for. Values and one context variable; nothing here touches a
database.

Backends read `get_acting()` at each statement. PostgreSQL sets the role and the settings below, local to the
transaction; SQLite's authorizer and the router hold what PostgreSQL's grants hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Final, Literal, Protocol

EVERYTHING: Final = "*"
WORDS: Final = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE"})  # of what is withheld, those that are no columns

Kind = Literal["anonymous", "user", "api_key", "service"]

USER: Final = "freehold.user_id"
TENANT: Final = "freehold.tenant_id"
PRINCIPAL: Final = "freehold.principal"
REQUEST: Final = "application_name"  # so that each line of the server's log says it, by %a, with no setting more
PROOF: Final = "freehold.proof"
# What every setting is outside a block. Whoever acts, the request stays the one it is until the transaction ends.
NOBODY: Final = {USER: "", TENANT: "", PRINCIPAL: "", PROOF: ""}


@dataclass(frozen=True)
class Principal:
    """Who a request acts for. The ids are UUIDs as text, empty where there is none.

    `part_id` is the part of the tenant that an API key is for, such as a project. On SQLite what stands in for the
    project's functions asks for it; on PostgreSQL they look for it themselves, by the proof.
    """

    kind: Kind = "anonymous"
    user_id: str = ""
    tenant_id: str = ""
    scopes: frozenset[str] = frozenset()
    part_id: str = ""

    @property
    def is_somebody(self) -> bool:
        """Whether there is a user or a tenant to know it by."""
        return bool(self.user_id) or (self.kind == "api_key" and bool(self.tenant_id))


ANONYMOUS: Final = Principal()


class Sought(Protocol):
    """Somebody whom a database finds by a proof (`freehold.acting.principals`)."""

    proof: str

    @property
    def principal(self) -> Principal:
        """The principal itself."""


@dataclass(frozen=True)
class Asking:
    """How the database finds who acts, as the map's proofs say it, in SQL.

    `user` and `tenant` are expressions, empty where no proof shows such an id. `seal` and `delegate` are names of the
    functions that make tickets, whose texts begin with `ticket` and a colon; empty where the map has none.
    """

    user: str = ""
    tenant: str = ""
    ticket: str = ""
    seal: str = ""
    delegate: str = ""


@dataclass(frozen=True)
class Rights:
    """What a service may do in which schema, as the map says it: for SQLite's authorizer and for the router.

    `columns` maps a table (`auth.user`) to the columns that contracts let the service read. A table without a schema
    in its name lies in `public`. `withheld` maps a table to what no service gets of it: columns, words such as INSERT,
    or `*` for all of it. `owners` maps a schema to who owns it, in words, for whoever is refused.
    """

    writes: frozenset[str] = frozenset()
    reads: frozenset[str] = frozenset()
    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    withheld: Mapping[str, frozenset[str]] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict, compare=False)

    def may_write(self, table: str, verb: str = "", column: str = "") -> bool:
        """Tell whether rows of the table may be written: by INSERT, UPDATE or DELETE, or by any of them."""
        return get_schema(table) in self.writes and not {EVERYTHING, verb, column} & self._list_withheld(table)

    def may_read(self, table: str, column: str = "") -> bool:
        """Tell whether a column may be read, `*` for all of them, or any without one."""
        shared = self.columns.get(table, frozenset())
        if column in shared:
            return True
        withheld = self._list_withheld(table)
        if withheld & {EVERYTHING, "SELECT", column} or (column == EVERYTHING and withheld - WORDS):
            return False
        schema = get_schema(table)
        return schema in self.writes or schema in self.reads or bool(shared and not column)

    def withholds(self, table: str) -> bool:
        """Tell whether the map keeps something of a table that the service would have by its schema."""
        return table in self.withheld and get_schema(table) in (*self.writes, *self.reads)

    def _list_withheld(self, table: str) -> frozenset[str]:
        return self.withheld.get(table, frozenset())


def get_schema(table: str) -> str:
    """Give the schema in a table's name: `auth` of `auth.user`, `public` of a name without one."""
    schema, dot, _ = table.partition(".")
    return schema if dot else "public"


@dataclass(frozen=True)
class Acting:
    """A service at work for a principal. `role` is the service's login on PostgreSQL. A `service` without a name is
    none: the map does not say whom commands act as (`freehold.services.make_undecided`).

    `asking` is how PostgreSQL finds the principal by a proof; None: it believes the service.

    `logins` are the logins of its processes. As a process's default it concerns their connections alone: whoever
    connects as another (the migrator, or a user whom DATABASE_URL names) means that one, until a block says otherwise.
    """

    service: str
    role: str
    rights: Rights = field(default_factory=Rights, compare=False)
    who: Principal | Sought = ANONYMOUS
    request_id: str = ""
    logins: frozenset[str] = field(default=frozenset(), compare=False)
    asking: Asking | None = field(default=None, compare=False)

    @cached_property
    def principal(self) -> Principal:
        """Who it works for. Whoever is sought is looked for now."""
        return self.who if isinstance(self.who, Principal) else self.who.principal

    @cached_property
    def settings(self) -> dict[str, str]:
        """What the database is told, by the setting's name; empty texts for what is not known."""
        proof = "" if isinstance(self.who, Principal) else self.who.proof
        request = {REQUEST: self.request_id} if self.request_id else {}
        if self.asking:
            chosen = self.who.tenant_id if isinstance(self.who, Principal) else ""
            return {PROOF: proof, TENANT: chosen, **request}
        who = self.principal
        shown = {PROOF: proof} if proof else {}
        return {USER: who.user_id, TENANT: who.tenant_id, PRINCIPAL: who.kind, **request, **shown}

    @property
    def needs_ticket(self) -> bool:
        """Whether the database takes nobody's word for the principal, and there is no proof of it."""
        return self.asking is not None and isinstance(self.who, Principal) and self.who.is_somebody

    def working_for(self, who: Principal | Sought, request_id: str = "") -> Acting:
        """Give the same service at work for somebody else."""
        return Acting(self.service, self.role, self.rights, who, request_id, self.logins, self.asking)

    def applies_to(self, login: str) -> bool:
        """Tell whether it says anything about a connection of `login`."""
        return login in self.logins or self is not get_default()

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to tell the database but the role. Where it asks for proofs, there is: that there is
        none. Another's may be left on the connection behind a pooler."""
        return self.who == ANONYMOUS and not self.request_id and self.asking is None


class Unset(Enum):
    """The state outside every block."""

    UNSET = "unset"


_acting: ContextVar[Acting | Unset | None] = ContextVar("freehold_acting", default=Unset.UNSET)
_default: list[Acting] = []  # at most one: who acts outside every block, see `set_default`


def get_acting() -> Acting | None:
    """Give who acts: the innermost block's, outside of all the process's default, None where nobody does."""
    found = _acting.get()
    if found is Unset.UNSET:  # without a further call: every statement asks
        return _default[0] if _default else None
    return found


def get_default() -> Acting | None:
    """Give who acts outside every block, or None."""
    return _default[0] if _default else None


def set_default(acting: Acting | None) -> None:
    """Say who acts outside every block, for the whole process."""
    _default[:] = [acting] if acting else []


class acting:  # noqa: N801 - it is called like the function that contextmanager would make, in a third of the time
    """Let `found` act inside the block; None: nobody, so that the login's own rights decide, as for an owner."""

    __slots__ = ("found", "token")

    def __init__(self, found: Acting | None) -> None:
        self.found = found

    def __enter__(self) -> None:
        self.token = _acting.set(self.found)

    def __exit__(self, *error: object) -> None:
        _acting.reset(self.token)
