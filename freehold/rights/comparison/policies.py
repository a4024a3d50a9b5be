"""Row security and policies. A policy's SQL reads otherwise once the server has parsed it, so that digests compare."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from psycopg import sql

from freehold.ownership.comparable import DatabaseObject, DatabasePolicy, RowSecurity
from freehold.rights.drift import WAIT, Change, Comparison, Drift, Phase
from freehold.rights.inspection import FoundPolicy
from freehold.rights.statements import make_digest, write_role

_COMMANDS = {"*": "ALL", "r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE"}  # pg_policy.polcmd
_POLICYLESS = {"v": "view", "m": "materialized view", "f": "foreign table"}  # pg_class.relkind
_BEHIND = "Declare them for the tables behind it; a view that is security_invoker goes by them"


def _is_managed(comparison: Comparison, schema: str) -> bool:
    # The row security of an external schema is declared by its own tool.
    found = comparison.declared.ownership.find_schema(schema)
    return found is not None and not found.external


# --- Row security ----------------------------------------------------------------------------------------------------
def iter_security_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield tables whose row security is not switched on as declared, or is and was not declared."""
    declared = comparison.declared.row_security
    for key, held in comparison.found.row_security.items():
        wanted = declared.get(key) or RowSecurity(*key, enabled=False, forced=False)
        if held == wanted or not _is_managed(comparison, held.schema):
            continue
        rule = "D020" if key in declared else "D021"
        label = f"{wanted.schema}.{wanted.table}"
        loosens = (held.enabled and not wanted.enabled) or (held.forced and not wanted.forced)
        change = _switch_security(wanted, held, comparison)
        yield Drift(rule, label, describe_security(held), describe_security(wanted), (change,), takes=loosens)


def _switch_security(wanted: RowSecurity, held: RowSecurity, comparison: Comparison) -> Change:
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
    return comparison.change(says, statement, DatabaseObject("table", wanted.schema, wanted.table), phase)


def describe_security(each: RowSecurity) -> str:
    """Say how a table's row security stands."""
    if not each.enabled:
        return "row-level security off" + (", forced" if each.forced else "")
    return "row-level security on, " + ("forced" if each.forced else "not forced")


# --- Policies --------------------------------------------------------------------------------------------------------
def iter_policy_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield policies that are missing, differ from what is declared, or are not declared."""
    tables = comparison.found.row_security.keys()
    yield from _iter_missing_tables(comparison)
    for key, policy in sorted(comparison.declared.policies.items()):
        if key[:2] not in tables:
            continue
        label = f"{policy.schema}.{policy.table} policy {policy.name}"
        found = comparison.found.policies.get(key)
        if found is None:
            changes = (_create_policy(policy, comparison),)
            yield Drift("D022", label, "no such policy", describe_policy(policy), changes, seals=(policy,))
        elif found.comment != f"freehold:{make_digest(policy)}:{found.digest}":
            # Made anew: ALTER POLICY can change neither its command nor take an expression away.
            changes = (_create_policy(policy, comparison, anew=True),)
            yield Drift("D023", label, describe_found(found), describe_policy(policy), changes, seals=(policy,))
    for key, found in sorted(comparison.found.policies.items()):
        if key not in comparison.declared.policies and _is_managed(comparison, found.schema):
            label = f"{found.schema}.{found.table} policy {found.name}"
            change = _drop_policy(found, comparison)
            yield Drift("D024", label, describe_found(found), "no such policy", (change,), takes=True, held=1)


def _iter_missing_tables(comparison: Comparison) -> Iterator[Drift]:
    names: dict[tuple[str, str], list[str]] = defaultdict(list)
    for policy in sorted(comparison.declared.policies.values()):
        names[policy.schema, policy.table].append(policy.name)
    tables = (each for each in comparison.found.objects if each.object.kind == "table")
    forms = {(each.object.schema, each.object.name): each.form for each in tables}
    for place, those in names.items():
        if place in comparison.found.row_security:
            continue
        label, declared = ".".join(place), f"policies {', '.join(those)}"
        if forms.get(place, "") in _POLICYLESS:
            yield Drift("D022", label, f"a {_POLICYLESS[forms[place]]}, which can have none", declared, advice=_BEHIND)
        else:
            yield Drift("D026", label, "no such table", declared, advice=WAIT)


def _create_policy(policy: DatabasePolicy, comparison: Comparison, *, anew: bool = False) -> Change:
    statement = write_policy(policy)
    where = f"{policy.schema}.{policy.table} for {policy.command} to {' '.join(policy.roles)}"
    says = f"create policy {policy.name} on {where}"
    if anew:
        statement = sql.SQL("{}; {}").format(_write_drop(policy.name, policy.schema, policy.table), statement)
        says = f"create policy {policy.name} anew on {where}"
    table = DatabaseObject("table", policy.schema, policy.table)
    return comparison.change(says, statement, table, Phase.POLICY, policy.roles, (policy,))


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


def _write_drop(name: str, schema: str, table: str) -> sql.Composed:
    return sql.SQL("DROP POLICY {} ON {}").format(sql.Identifier(name), sql.Identifier(schema, table))


def _drop_policy(found: FoundPolicy, comparison: Comparison) -> Change:
    statement = _write_drop(found.name, found.schema, found.table)
    says = f"drop policy {found.name} on {found.schema}.{found.table}"
    return comparison.change(says, statement, DatabaseObject("table", found.schema, found.table), Phase.DROP_POLICY)


def describe_policy(policy: DatabasePolicy) -> str:
    """Say what a policy is, as declared."""
    words = [policy.command, "to", " ".join(policy.roles)]
    words += [f"using ({policy.using})"] * bool(policy.using) + [f"check ({policy.check})"] * bool(policy.check)
    return " ".join(words if policy.permissive else ["restrictive", *words])


def describe_found(found: FoundPolicy) -> str:
    """Say what a policy is, as the catalogue has it."""
    command, permissive, roles, using, check = found.text.split("\x1f")
    words = [_COMMANDS.get(command, command), "to", roles]
    words += [f"using {using}"] * (using != "-") + [f"check {check}"] * (check != "-")
    return " ".join(words if permissive == "true" else ["restrictive", *words])
