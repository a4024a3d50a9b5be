"""One difference between what is declared and what a server holds, and the statements that mend a list of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from freehold.ownership.acl import BUILT_IN, AclEntry
from freehold.ownership.comparable import PUBLIC, DatabaseObject, DatabasePolicy, DefaultGrant, Grant
from freehold.ownership.compilation import Declared
from freehold.rights.inspection import Catalogue
from freehold.rights.seals import write_seal
from freehold.rights.statements import Change, Phase, describe_group, group_grants, iter_default_changes, write_group


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


class Desk:
    """What both sides are, for those who write changes: who may do what once roles and schemas are in place."""

    def __init__(self, declared: Declared, found: Catalogue) -> None:
        self.declared, self.found = declared.with_waiting(found.row_security), found
        self.owners = {schema.name: schema.owner for schema in declared.ownership.schemas}
        self.foreign = {each.object for each in found.objects if each.owner != self.get_owner(each.object)}
        become = {each.membership.role for each in found.memberships if self.is_migrators(each.membership.member)}
        self.reachable = (become | {declared.ownership.migrator}) & found.roles.keys()

    def is_migrators(self, member: str) -> bool:
        """Tell whether the member is the migrator."""
        return member == self.declared.ownership.migrator

    def get_owner(self, found: DatabaseObject) -> str:
        """Give who should own an object; the database belongs to whoever made it."""
        return self.owners.get(found.schema, "")

    def is_admins(self, found: DatabaseObject, grantees: Iterable[str] = ()) -> bool:
        """Tell whether granting on the object is beyond the migrator: for the database, and where a role, a membership
        or an owner is not in place yet."""
        schema = self.found.schemas.get(found.schema)
        if found.kind == "database" or schema is None or schema.owner != self.get_owner(found):
            return True
        missing = {role for role in grantees if role in self.declared.roles and role not in self.found.roles}
        return bool(missing) or found.whole in self.foreign or self.get_owner(found) not in self.reachable


# --- Statements ------------------------------------------------------------------------------------------------------
def list_changes(drifts: Iterable[Drift], desk: Desk) -> list[Change]:
    """Give the statements that mend all of it, in the order they run in; grants share statements."""
    drifts = list(drifts)
    given = [grant for each in drifts if not each.takes for grant in each.grants]
    taken = [grant for each in drifts if each.takes for grant in each.grants]
    again = [grant for each in drifts for grant in each.again]
    given_by_default = [one for each in drifts if not each.takes for one in each.defaults]
    taken_by_default = [one for each in drifts if each.takes for one in each.defaults]
    owners = frozenset(desk.owners.values())
    changes = [
        *(change for each in drifts for change in each.changes),
        *iter_seals([policy for each in drifts for policy in each.seals], desk),
        *iter_grant_changes(given, desk),
        *iter_default_changes(given_by_default, owners),
        *iter_default_changes(taken_by_default, owners, revoke=True),
        *iter_grant_changes((grant for grant in taken if grant.option), desk, revoke=True),
        *iter_grant_changes((grant for grant in taken if not grant.option), desk, revoke=True),
        *(replace(change, phase=Phase.GRANT_AGAIN) for change in iter_grant_changes(again, desk)),
    ]
    return sorted(changes, key=lambda change: change.phase)


def iter_grant_changes(grants: Iterable[Grant], desk: Desk, *, revoke: bool = False) -> Iterator[Change]:
    """Yield what gives or takes the grants, each as the owner of the schema that its object lies in.

    What someone else than the owner passed on has no statement of its own: it goes with the right to pass it on.
    """
    own = [grant for grant in grants if not grant.grantor]
    admins = {grant for grant in own if desk.is_admins(grant.object, [grant.grantee])}
    for is_admins in (True, False):
        for group in group_grants(grant for grant in own if (grant in admins) is is_admins):
            owner = desk.get_owner(group.objects[0])
            yield Change(
                describe_group(group, revoke=revoke),
                write_group(group, revoke=revoke),
                owner,
                f"membership in {owner}" if owner else f"ownership of database {group.objects[0].name}",
                Phase.REVOKE if revoke else Phase.GRANT,
                is_admins,
                loses=group.grantee if revoke and group.kind == "database" else "",
            )


def iter_seals(policies: list[DatabasePolicy], desk: Desk) -> Iterator[Change]:
    """Yield what seals the policies, one statement for each owner."""
    by_owner: dict[tuple[str, bool], list[DatabasePolicy]] = defaultdict(list)
    for policy in policies:
        is_admins = desk.is_admins(DatabaseObject("table", policy.schema, policy.table), policy.roles)
        by_owner[desk.owners[policy.schema], is_admins].append(policy)
    for (owner, is_admins), those in sorted(by_owner.items()):
        says = f"write down what is declared of {len(those)} policies of {owner}"
        right = f"membership in {owner}"
        yield Change(says, write_seal(those), owner, right, Phase.SEAL, is_admins, policies=tuple(those))


def is_built_in(grant: Grant) -> bool:
    """Tell whether PUBLIC holds it because PostgreSQL gives it to everyone: nobody chose it."""
    entry = AclEntry(grant.grantee, grant.privilege)
    enters = grant.object.kind in ("schema", "database") and entry.grantee == PUBLIC
    return not grant.option and (enters or entry in BUILT_IN.get(grant.object.kind, frozenset()))
