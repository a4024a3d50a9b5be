"""The words of an ownership map: schemas, services, contracts, groups. Values only; nothing here touches a database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from freehold.ownership.elsewhere import Right

Columns = Mapping[str, tuple[str, ...]]
ADMIN = "admin"  # the service that commands act as, where a map has it and names no other
# What a key across schemas does on delete unless its contract says otherwise: what lets the owner delete its rows.
FREEING = ("CASCADE", "SET NULL", "SET DEFAULT")
ALL = "all"  # every service in one process, and in a contract its login


@dataclass(frozen=True)
class Withheld:
    """What of a schema no service gets, not even one that writes the schema: a table, or a function by its signature.

    With `columns` it is these columns of the table, with `verbs` (`INSERT`) these privileges on it; the rest is as for
    other tables. A contract gives a function back to one service.
    """

    name: str
    columns: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ()

    @property
    def is_function(self) -> bool:
        return "(" in self.name

    @property
    def is_whole(self) -> bool:
        """Whether no service gets anything of it."""
        return not self.columns and not self.verbs


@dataclass(frozen=True)
class Proof:
    """How the database finds who acts by one kind of proof: `auth.user_of_session()`, functions without arguments.

    `user` gives the id of the user whose proof it is, `tenant` that of the tenant which the proof itself names; NULL
    for a proof that shows nobody. `seal` makes a ticket of this kind for a principal (its kind, user, tenant, the
    service's login, minutes) and `delegate` one for whoever acts (the service's login, minutes).
    """

    user: str = ""
    tenant: str = ""
    seal: str = ""
    delegate: str = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """The functions that policies ask."""
        return tuple(filter(None, (self.user, self.tenant)))


@dataclass(frozen=True)
class Schema:
    """A PostgreSQL schema, the role that owns it and the apps whose tables lie in it.

    `apps` are app labels whose models say `db_table = "schema.table"` themselves; `places` are labels of third-party
    apps whose tables are put into the schema without editing them. `service` is the owning service. An `external`
    schema belongs to something that is not Django: it gets roles, grants and contracts, no migrations, and apps whose
    models are all unmanaged, which describe its tables. `login` is the role that an external schema's own tool connects
    as, and that may become the owner. `withheld` is what no service gets of it.
    `lets_run` are its functions that run with the rights of whoever uses a table, and may.
    """

    name: str
    service: str | None = None
    owner: str = ""
    apps: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    external: bool = False
    login: str = ""
    comment: str = ""
    withheld: tuple[Withheld, ...] = ()
    lets_run: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.owner:
            object.__setattr__(self, "owner", f"{self.name}_owner")


@dataclass(frozen=True)
class Service:
    """A kind of process: its login role and the schemas whose tables it reads and writes.

    `reads` adds schemas it may only read. `search_path` is pinned on the login, for people in psql; no code relies
    on it. A view is answered by the service that owns its app's schema; `namespaces` are namespaces of URLs (`admin`)
    whose views are this service's, whatever their app, and `modules` are modules with views that belong to no app of
    the map (`config.views`).

    `connections` is how many its login may have at once, -1 for as many as there are; the times are how long a
    statement may take, a transaction may idle, a lock may be waited for: `"5s"`, `"0"` for no limit. None: see
    docs/ownership.md.
    """

    name: str
    login: str = ""
    writes: tuple[str, ...] = ()
    reads: tuple[str, ...] = ()
    search_path: tuple[str, ...] = ()
    namespaces: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    comment: str = ""
    connections: int | None = None
    statement_timeout: str | None = None
    idle_in_transaction_session_timeout: str | None = None
    lock_timeout: str | None = None

    def __post_init__(self) -> None:
        if not self.login:
            object.__setattr__(self, "login", f"{self.name}_rw")


@dataclass(frozen=True)
class Contract:
    """What `schema`'s owner lets `consumer` use: a service, or the owner of another schema by that schema's name. Where
    a service and a schema have the name, the service reads and calls, and the owner references.

    `read` maps a bare table name to the columns the consumer may select; `reference` to the columns its foreign keys
    may point at; `call` lists functions with their argument types, `use` types. Nothing else crosses a schema.
    `on_delete` are the actions of ON DELETE that those foreign keys may have.
    """

    schema: str
    consumer: str
    read: Columns = field(default_factory=dict)
    reference: Columns = field(default_factory=dict)
    call: tuple[str, ...] = ()
    comment: str = ""
    use: tuple[str, ...] = ()
    on_delete: tuple[str, ...] = FREEING

    @property
    def is_empty(self) -> bool:
        return not (self.read or self.reference or self.call or self.use)

    def iter_tables(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """Yield `read` or `reference`, a table and its columns, for each table that it lists."""
        for word, tables in (("read", self.read), ("reference", self.reference)):
            yield from ((word, table, columns) for table, columns in tables.items())


@dataclass(frozen=True)
class Group:
    """A group of the admin site that holds `actions` on every model of `schemas`."""

    name: str
    schemas: tuple[str, ...]
    actions: tuple[str, ...] = ("add", "change", "delete", "view")


@dataclass(frozen=True)
class Move:
    """A table that a migration moves: `old` and `new` are "schema.table".

    Two owners may be concerned, which nothing but an entry here allows. `until` is the last day of the view that stays
    under the old name for a release that still uses it; None: there is no view, not yet or not any more. `services`
    are those of that release that read and write the table; by default whoever the map lets into the old schema.
    """

    old: str
    new: str
    until: date | None = None
    services: tuple[str, ...] = ()
    comment: str = ""

    @property
    def places(self) -> tuple[tuple[str, str], tuple[str, str]]:
        """Schema and bare name, before and after."""
        (source, _, old), (target, _, new) = self.old.partition("."), self.new.partition(".")
        return (source, old), (target, new)


@dataclass(frozen=True)
class Ownership:
    """The whole map. `migrator` is the login that applies migrations, a member of every owner role.

    Without `services` it is for placement alone: it says in which schema an app's tables lie, and asks for no role.

    `combined` is the login of a process that is every service in one (SERVICE=all): it owns nothing, has no right of
    its own, and may become each service's login. Empty: there is none. `commands` is the service that such a process
    is outside of requests; empty: `admin`, where there is a service of that name.

    `moves` are the tables that migrations move. Where one goes from one owner to another, `mover` is the role that has
    the rights of both: nobody logs in as it, and only the migrator may become it.

    `prefix` is put before the name of every role that does not begin with it, so that two maps share a cluster.

    `proofs` are the kinds of proof by which the database finds who acts (docs/identity.md). Without any it believes
    what a service says.

    `extensions` is the schema in which extensions lie, `rights` are those on what lies in no schema of the map.
    """

    schemas: tuple[Schema, ...]
    services: tuple[Service, ...] = ()
    contracts: tuple[Contract, ...] = ()
    groups: tuple[Group, ...] = ()
    migrator: str = "migrator"
    combined: str = ""
    prefix: str = ""
    moves: tuple[Move, ...] = ()
    mover: str = "mover"
    commands: str = ""
    proofs: Mapping[str, Proof] = field(default_factory=dict)
    extensions: str = ""
    rights: tuple[Right, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.prefix, str) and self.prefix:
            self.put_prefix()

    def put_prefix(self) -> None:
        """Put the prefix before every role's name, once: a map that is made from another has it already."""
        schemas = tuple(
            replace(each, owner=self.name_role(each.owner), login=self.name_role(each.login)) for each in self.schemas
        )
        services = tuple(replace(each, login=self.name_role(each.login)) for each in self.services)
        object.__setattr__(self, "schemas", schemas)
        object.__setattr__(self, "services", services)
        object.__setattr__(self, "migrator", self.name_role(self.migrator))
        object.__setattr__(self, "combined", self.name_role(self.combined))
        object.__setattr__(self, "mover", self.name_role(self.mover))

    def name_role(self, name: str) -> str:
        return name if not name or name.startswith(self.prefix) else f"{self.prefix}{name}"

    @property
    def has_roles(self) -> bool:
        """Whether it asks for roles and rights: it does so for services, and is for placement alone without any."""
        return bool(self.services)

    @property
    def schema_names(self) -> tuple[str, ...]:
        return tuple(schema.name for schema in self.schemas)

    @property
    def migrated_names(self) -> tuple[str, ...]:
        """The schemas whose contents migrations make: all but external ones."""
        return tuple(schema.name for schema in self.schemas if not schema.external)

    def find_schema(self, name: str) -> Schema | None:
        return next((schema for schema in self.schemas if schema.name == name), None)

    def find_schema_of_app(self, label: str) -> Schema | None:
        """Give the schema in which the app's tables lie, or None where the map does not name the app."""
        return next((schema for schema in self.schemas if label in (*schema.apps, *schema.places)), None)

    def find_service(self, name: str) -> Service | None:
        return next((service for service in self.services if service.name == name), None)

    def find_commands_service(self) -> Service | None:
        """Give the service that a process of all is outside of requests, or None where the map does not say."""
        return self.find_service(self.commands or ADMIN)

    def find_move(self, old: str, new: str) -> Move | None:
        """Give the move of one table to another name, or None where the map has none."""
        return next((move for move in self.moves if (move.old, move.new) == (old, new)), None)

    def list_moving_owners(self) -> list[str]:
        """Give the owners between whom tables move, sorted; none where each table stays its owner's."""
        owners: set[str] = set()
        for move in self.moves:
            schemas = [self.find_schema(schema) for schema, _ in move.places]
            pair = {schema.owner for schema in schemas if schema}
            owners |= pair if len(pair) > 1 else set()
        return sorted(owners)

    def iter_logins(self) -> Iterator[str]:
        """Yield each login role: the migrator first, then the services', the combined one, and external tools'."""
        yield self.migrator
        yield from (service.login for service in self.services)
        if self.combined:
            yield self.combined
        yield from (schema.login for schema in self.schemas if schema.login)


def list_role_names(ownership: Ownership) -> list[str]:
    """Give every role that the map names, each once, owners first."""
    owners = [schema.owner for schema in ownership.schemas]
    mover = [ownership.mover] if ownership.list_moving_owners() else []
    return list(dict.fromkeys([*owners, *mover, *ownership.iter_logins()]))
