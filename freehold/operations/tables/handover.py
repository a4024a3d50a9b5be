"""What is declared about a table's new place: rights, row security, policies. Prepared before the table is locked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from freehold.operations.tables.readers import Place
from freehold.ownership.acl import Acl
from freehold.ownership.comparable import DatabaseObject, DatabasePolicy, Grant
from freehold.ownership.compilation import Declared
from freehold.rights.comparison.policies import write_policy
from freehold.rights.drift import Change, Phase
from freehold.rights.execution import apply_changes
from freehold.rights.statements import group_grants, write_group, write_seal


@dataclass
class Handover:
    """What makes the rights of one table what is declared; nothing where no map has a say."""

    owner: str = ""
    place: Place = ("", "")
    secured: bool = False
    policies: list[DatabasePolicy] = field(default_factory=list)
    grants: list[Grant] = field(default_factory=list)
    sequences: Acl = frozenset()
    declared: Declared | None = None

    def apply(self, connection: BaseDatabaseWrapper, sequences: Sequence[str], columns: Sequence[str]) -> None:
        """Run it in the transaction at hand, as the owner; `columns` are those that the table has.

        A policy that names what is still to come is left to the end of `migrate`: fewer rows are seen until then."""
        changes = [*self.list_policy_changes(), *self.list_grant_changes(sequences, columns)]
        if changes:
            apply_changes(psycopg.Cursor(connection.connection), changes, doing="migrate", waiting={})

    def list_policy_changes(self) -> list[Change]:
        """Give what makes each declared policy anew: those that came along are for the old owner, and bear its seal."""
        table = sql.Identifier(*self.place)
        changes = [
            self.change(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY").format(table))
        ]
        for policy in self.policies:
            drop = sql.SQL("DROP POLICY IF EXISTS {} ON {}").format(sql.Identifier(policy.name), table)
            statement = sql.SQL("{}; {}").format(drop, write_policy(policy))
            changes.append(self.change(statement, Phase.POLICY, (policy,)))
        seal = [self.change(write_seal(self.policies), Phase.SEAL, tuple(self.policies))] if self.policies else []
        return [*changes, *seal] if self.secured else []

    def list_grant_changes(self, sequences: Sequence[str], columns: Sequence[str]) -> list[Change]:
        grants = list(self.grants)
        for column in [DatabaseObject("column", *self.place, name) for name in columns]:
            acl = self.declared.get_acl(column) if self.declared else frozenset()
            grants += [Grant(column, entry.privilege, entry.grantee) for entry in sorted(acl)]
        for name in sequences:
            found = DatabaseObject("sequence", self.place[0], name)
            grants += [Grant(found, entry.privilege, entry.grantee) for entry in self.sequences]
        return [self.change(write_group(group)) for group in group_grants(grants)]

    def change(
        self, statement: sql.Composed, phase: Phase = Phase.GRANT, policies: tuple[DatabasePolicy, ...] = ()
    ) -> Change:
        return Change(f"move {'.'.join(self.place)}", statement, self.owner, "", phase, policies=policies)


def prepare_handover(declared: Declared, old: Place, new: Place, *, back: bool) -> Handover:
    """Give the rights of the table where it will be: at `new`, or at `old` where it goes `back`."""
    place = old if back else new
    if back:
        declared = declared.with_waiting({old})
    secured, table = declared.row_security.get(place), DatabaseObject("table", *place)
    return Handover(
        owner=next(each.owner for each in declared.ownership.schemas if each.name == place[0]),
        place=place,
        secured=bool(secured and secured.enabled and secured.forced),
        policies=[each for key, each in sorted(declared.policies.items()) if key[:2] == place],
        grants=[Grant(table, entry.privilege, entry.grantee) for entry in sorted(declared.get_acl(table))],
        sequences=declared.get_acl(DatabaseObject("sequence", place[0]), place[1]),
        declared=declared,
    )
