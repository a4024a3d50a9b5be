"""Row security and policies. A policy's SQL reads otherwise once the server has parsed it, so that digests compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from psycopg import sql

from freehold.ownership.comparable import DatabaseObject, DatabasePolicy, RowSecurity
from freehold.rights.changes import Desk, Drift
from freehold.rights.inspection import FoundPolicy
from freehold.rights.seals import make_digest
from freehold.rights.statements import Change, Phase, write_role

WAIT = "It waits for a migration: run manage.py migrate"
COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}  # pg_policy.polcmd


def is_managed(desk: Desk, schema: str) -> bool:
    """Tell whether the schema's row security is declared here; an external schema's tool has its own."""
    found = desk.declared.ownership.find_schema(schema)
    return found is not None and not found.external


# --- Row security ----------------------------------------------------------------------------------------------------
def iter_security_drift(desk: Desk) -> Iterator[Drift]:
    """Yield tables whose row security is not switched on as declared, or is and was not declared."""
    declared = desk.declared.row_security
    for key, held in desk.found.row_security.items():
        wanted = declared.get(key) or RowSecurity(*key, enabled=False, forced=False)
        if held == wanted or not is_managed(desk, held.schema):
            continue
        rule = "D020" if key in declared else "D021"
        label = f"{wanted.schema}.{wanted.table}"
        loosens = (held.enabled and not wanted.enabled) or (held.forced and not wanted.forced)
        change = switch_security(wanted, held, desk)
        yield Drift(rule, label, describe_security(held), describe_security(wanted), (change,), takes=loosens)


def switch_security(wanted: RowSecurity, held: RowSecurity, desk: Desk) -> Change:
    """Switch a table's row security on or off."""
    words = []
    if wanted.enabled != held.enabled:
        words.append("ENABLE ROW LEVEL SECURITY" if wanted.enabled else "DISABLE ROW LEVEL SECURITY")
    if wanted.forced != held.forced:
        words.append("FORCE ROW LEVEL SECURITY" if wanted.forced else "NO FORCE ROW LEVEL SECURITY")
    statement = sql.SQL("ALTER TABLE {} {}").format(
        sql.Identifier(wanted.schema, wanted.table), sql.SQL(", ").join(map(sql.SQL, words))
    )
    says = f"{', '.join(words).lower().replace('row level', 'row-level')} on {wanted.schema}.{wanted.table}"
    phase = Phase.POLICY if wanted.enabled else Phase.DROP_POLICY
    return make_change(says, statement, wanted.schema, wanted.table, phase, desk)


def describe_security(each: RowSecurity) -> str:
    """Say how a table's row security stands."""
    if not each.enabled:
        return "row-level security off" + (", forced" if each.forced else "")
    return "row-level security on, " + ("forced" if each.forced else "not forced")


# --- Policies --------------------------------------------------------------------------------------------------------
def iter_policy_drift(desk: Desk) -> Iterator[Drift]:
    """Yield policies that are missing, differ from what is declared, or are not declared."""
    tables = desk.found.row_security.keys()
    yield from iter_missing_tables(desk)
    for key, policy in sorted(desk.declared.policies.items()):
        if key[:2] not in tables:
            continue
        label = f"{policy.schema}.{policy.table} policy {policy.name}"
        found = desk.found.policies.get(key)
        if found is None:
            changes = (create_policy(policy, desk),)
            yield Drift("D022", label, "no such policy", describe_policy(policy), changes, seals=(policy,))
        elif found.comment != f"freehold:{make_digest(policy)}:{found.digest}":
            yield replace_policy(policy, found, label, desk)
    for key, found in sorted(desk.found.policies.items()):
        if key not in desk.declared.policies and is_managed(desk, found.schema):
            label = f"{found.schema}.{found.table} policy {found.name}"
            change = drop_policy(found, desk)
            yield Drift("D024", label, describe_found(found), "no such policy", (change,), takes=True, held=1)


def iter_missing_tables(desk: Desk) -> Iterator[Drift]:
    """Yield tables that policies are declared for and that do not exist."""
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for policy in sorted(desk.declared.policies.values()):
        names[policy.schema, policy.table].append(policy.name)
    for (schema, table), those in names.items():
        if (schema, table) not in desk.found.row_security:
            yield Drift("D026", f"{schema}.{table}", "no such table", f"policies {', '.join(those)}", advice=WAIT)


def replace_policy(policy: DatabasePolicy, found: FoundPolicy, label: str, desk: Desk) -> Drift:
    """Make a policy anew: ALTER POLICY can change neither its command nor take an expression away."""
    changes = (create_policy(policy, desk, anew=True),)
    return Drift("D023", label, describe_found(found), describe_policy(policy), changes, seals=(policy,))


def create_policy(policy: DatabasePolicy, desk: Desk, *, anew: bool = False) -> Change:
    """Make a policy, in the place of the one of its name where it is made `anew`."""
    statement = write_policy(policy)
    where = f"{policy.schema}.{policy.table} for {policy.command} to {' '.join(policy.roles)}"
    says = f"create policy {policy.name} on {where}"
    if anew:
        statement = sql.SQL("{}; {}").format(write_drop(policy.name, policy.schema, policy.table), statement)
        says = f"create policy {policy.name} anew on {where}"
    change = make_change(says, statement, policy.schema, policy.table, Phase.POLICY, desk, policy.roles)
    return replace(change, policies=(policy,))


def write_policy(policy: DatabasePolicy) -> sql.Composed:
    """Give CREATE POLICY."""
    parts: list[sql.Composable] = [
        sql.SQL("CREATE POLICY {} ON {}").format(
            sql.Identifier(policy.name), sql.Identifier(policy.schema, policy.table)
        ),
        sql.SQL("AS {}").format(sql.SQL("PERMISSIVE" if policy.permissive else "RESTRICTIVE")),
        sql.SQL("FOR {}").format(sql.SQL(policy.command)),
        sql.SQL("TO {}").format(sql.SQL(", ").join(map(write_role, policy.roles))),
    ]
    if policy.using:
        parts.append(sql.SQL("USING ({})").format(sql.SQL(policy.using)))
    if policy.check:
        parts.append(sql.SQL("WITH CHECK ({})").format(sql.SQL(policy.check)))
    return sql.SQL(" ").join(parts)


def write_drop(name: str, schema: str, table: str) -> sql.Composed:
    """Give DROP POLICY."""
    return sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(name), sql.Identifier(schema, table))


def drop_policy(found: FoundPolicy, desk: Desk) -> Change:
    """Drop a policy."""
    statement = write_drop(found.name, found.schema, found.table)
    says = f"drop policy {found.name} on {found.schema}.{found.table}"
    return make_change(says, statement, found.schema, found.table, Phase.DROP_POLICY, desk)


def make_change(
    says: str,
    statement: sql.Composed,
    schema: str,
    table: str,
    phase: Phase,
    desk: Desk,
    roles: tuple[str, ...] = (),
) -> Change:
    """Give a change that the owner of the table's schema makes."""
    owner = desk.owners[schema]
    is_admins = desk.is_admins(DatabaseObject("table", schema, table), roles)
    return Change(says, statement, owner, f"membership in {owner}", phase, is_admins)


def describe_policy(policy: DatabasePolicy) -> str:
    """Say what a policy is, as declared."""
    words = [policy.command, "to", " ".join(policy.roles)]
    words += [f"using ({policy.using})"] * bool(policy.using) + [f"check ({policy.check})"] * bool(policy.check)
    return " ".join(words if policy.permissive else ["restrictive", *words])


def describe_found(found: FoundPolicy) -> str:
    """Say what a policy is, as the catalogue has it."""
    command, permissive, roles, using, check = found.text.split("\x1f")
    words = [COMMANDS.get(command, command), "to", roles]
    words += [f"using {using}"] * (using != "-") + [f"check {check}"] * (check != "-")
    return " ".join(words if permissive == "true" else ["restrictive", *words])
