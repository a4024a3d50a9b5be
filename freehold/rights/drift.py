"""What differs between what is declared and what a server holds, and the changes that mend it: values alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import IntEnum
from functools import cached_property
from typing import Final

from psycopg import sql

from freehold.ownership.comparable import DatabaseObject, DatabasePolicy, DefaultGrant, Grant
from freehold.ownership.compilation import Declared
from freehold.rights.inspection import Catalogue

WAIT: Final = "It waits for a migration: run manage.py migrate"


class Phase(IntEnum):
    """The order that changes run in: what makes and gives first, what takes last."""

    CREATE_ROLE = 1
    ALTER_ROLE = 2
    BECOME = 3
    SCHEMA = 4
    OWNER = 5
    SETTING = 6
    POLICY = 7
    SEAL = 8
    GRANT = 9
    DEFAULT = 10
    REVOKE_DEFAULT = 11
    REVOKE = 12
    GRANT_AGAIN = 13
    DROP_POLICY = 14
    RESET = 15
    LEAVE = 16
    WEAKEN_ROLE = 17


@dataclass(frozen=True)
class Change:
    """One statement. `role` executes it (empty: whoever is connected); `right` is what that takes from an admin.

    `is_admins` says that no role of the map may do it; `login` names the login that the statement makes, whose
    password is added when it runs; `loses` is the role that loses a way in, or what it does anything by; `policies` are
    those that it makes or seals.
    """

    says: str
    statement: sql.SQL | sql.Composed
    role: str = ""
    right: str = ""
    phase: Phase = Phase.GRANT
    is_admins: bool = False
    login: str = ""
    loses: str = ""
    policies: tuple[DatabasePolicy, ...] = ()

    @property
    def is_of_roles(self) -> bool:
        """Whether it comes before an admin can become the migrator, who may not be there yet."""
        return self.phase <= Phase.BECOME


@dataclass(frozen=True)
class Drift:
    """A difference: `rule` is its stable id, `object` what it is about, `found` against `declared` in words.

    Either `changes` mend it, or `grants` (of which those with an equal `takes` share statements), or `defaults`. With
    none of them it is for people to mend, as `advice` says. `held` counts the privileges that mending takes from
    whoever holds them; what PUBLIC holds by PostgreSQL's own default is not counted, but `is_built_in`.
    """

    rule: str
    object: str
    found: str
    declared: str
    changes: tuple[Change, ...] = ()
    grants: frozenset[Grant] = frozenset()
    defaults: frozenset[DefaultGrant] = frozenset()
    again: frozenset[Grant] = frozenset()  # what revoking `grants` takes along and has to be given again
    seals: tuple[DatabasePolicy, ...] = ()  # whose policies are made anew
    takes: bool = False
    is_built_in: bool = False
    held: int = 0
    advice: str = ""


@dataclass(frozen=True)
class Comparison:
    """What is declared, what was found, and each difference once: `compare` alone makes it, everyone else is given it.

    It also says who may do what once roles and schemas are in place.
    """

    declared: Declared
    found: Catalogue
    drifts: list[Drift] = field(default_factory=list)

    @cached_property
    def owners(self) -> dict[str, str]:
        """The owner that each schema of the map has."""
        return {schema.name: schema.owner for schema in self.declared.ownership.schemas}

    @cached_property
    def foreign(self) -> set[DatabaseObject]:
        """The objects that belong to someone else than they should."""
        return {each.object for each in self.found.objects if each.owner != self.get_owner(each.object)}

    @cached_property
    def reachable(self) -> set[str]:
        """The roles that the migrator can act as: itself, and those it is a member of."""
        migrator = self.declared.ownership.migrator
        become = {each.membership.role for each in self.found.memberships if each.membership.member == migrator}
        return (become | {migrator}) & self.found.roles.keys()

    @cached_property
    def elsewhere(self) -> set[DatabaseObject]:
        """What lies in no schema of the map, or belongs to an extension in one."""
        return {each.whole for each in self.found.elsewhere}

    def get_owner(self, found: DatabaseObject) -> str:
        """Give who should own an object; nobody for what belongs to whoever made it: the database, an extension's."""
        return "" if found.whole in self.elsewhere else self.owners.get(found.schema, "")

    def is_at_hand(self, found: DatabaseObject) -> bool:
        """Tell whether it is the database that is looked at: whoever has no right there can't come in."""
        return found.kind == "database" and found.name == self.declared.database

    def is_admins(self, found: DatabaseObject, grantees: Iterable[str] = ()) -> bool:
        """Tell whether granting on the object is beyond the migrator: for what is in no schema of the map, and where a
        role, a membership or an owner is not in place yet."""
        schema = self.found.schemas.get(found.schema)
        if found.whole in self.elsewhere or schema is None or schema.owner != self.get_owner(found):
            return True
        missing = {role for role in grantees if role in self.declared.roles and role not in self.found.roles}
        return bool(missing) or found.whole in self.foreign or self.get_owner(found) not in self.reachable

    def change(
        self,
        says: str,
        statement: sql.SQL | sql.Composed,
        found: DatabaseObject,
        phase: Phase,
        grantees: Iterable[str] = (),
        policies: tuple[DatabasePolicy, ...] = (),
    ) -> Change:
        """Give a change that the owner of the object's schema makes."""
        owner, is_admins = self.get_owner(found), self.is_admins(found, grantees)
        return Change(says, statement, owner, f"membership in {owner}", phase, is_admins, policies=policies)
