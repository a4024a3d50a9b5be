"""Roles, their attributes, memberships and settings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace

from psycopg import sql

from freehold.ownership.comparable import CONNECTIONS, Membership, Role, Setting
from freehold.rights.drift import Change, Comparison, Drift, Phase
from freehold.rights.inspection import GRANT_OPTIONS, FoundMembership

STATISTICS = "pg_read_all_stats"
ACTIVITIES = ("track_activities", "off")  # of services' logins, which a superuser alone can set


def _administer(role: str) -> str:
    """Say what an admin needs for an existing role."""
    return f"CREATEROLE and, from PostgreSQL 16, ADMIN OPTION on {role}"


# --- Roles ---------------------------------------------------------------------------------------------------------
def iter_role_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield roles that are missing, and those with other attributes than the map's."""
    for role in comparison.declared.roles.values():
        held = comparison.found.roles.get(role.name)
        if held is None:
            kind = "a login" if role.can_login else "a role that nobody logs in as"
            yield Drift("D001", f"role {role.name}", "no such role", kind, (_create_role(role),))
        elif held != role.attributes:
            yield _alter_role(role, held)


def _create_role(role: Role) -> Change:
    """Make a role. A login's password is added when the statement runs, and is nowhere before."""
    inherit = "INHERIT" if "INHERIT" in role.attributes else "NOINHERIT"
    words = sql.SQL("CREATE ROLE {} {}").format(sql.Identifier(role.name), sql.SQL(inherit))
    if role.can_login:
        words = sql.SQL("{} LOGIN").format(words)
    for limit in sorted(word for word in role.attributes if word.startswith(CONNECTIONS)):
        words = sql.SQL("{} {}").format(words, sql.SQL(_write_word(limit)))
    kind = "login" if role.can_login else "role"
    login = role.name if role.can_login else ""
    return Change(f"create {kind} {role.name}", words, "", "CREATEROLE", Phase.CREATE_ROLE, is_admins=True, login=login)


def _alter_role(role: Role, held: frozenset[str]) -> Drift:
    """Switch a role's attributes on and off until they are those of the map.

    Only attributes that differ are named: before PostgreSQL 16, NOSUPERUSER took a superuser even where it changed
    nothing.
    """
    right = "SUPERUSER" if held & {"SUPERUSER", "REPLICATION", "BYPASSRLS"} else _administer(role.name)
    changes = []
    more, less = role.attributes - held, held - role.attributes
    for words, phase in (
        ([*map(_write_word, sorted(more)), *_lift_limit(more, less)], Phase.ALTER_ROLE),
        ([f"NO{word}" for word in sorted(less) if not word.startswith(CONNECTIONS)], Phase.WEAKEN_ROLE),
    ):
        if words:
            statement = sql.SQL("ALTER ROLE {} {}").format(sql.Identifier(role.name), sql.SQL(" ".join(words)))
            says = f"alter role {role.name}: {' '.join(words)}"
            loses = role.name if phase == Phase.WEAKEN_ROLE else ""
            changes.append(Change(says, statement, "", right, phase, is_admins=True, loses=loses))
    found, declared = (" ".join(sorted(words)) or "no attribute" for words in (held, role.attributes))
    return Drift("D002", f"role {role.name}", found, declared, tuple(changes))


def _write_word(word: str) -> str:
    """Give an attribute as ALTER ROLE writes it."""
    return word.replace(CONNECTIONS, "CONNECTION LIMIT ")


def _lift_limit(more: frozenset[str], less: frozenset[str]) -> list[str]:
    """Give what takes a limit of connections away, where there is one and the map has none."""
    has, wants = (any(word.startswith(CONNECTIONS) for word in words) for words in (less, more))
    return ["CONNECTION LIMIT -1"] if has and not wants else []


# --- Memberships -----------------------------------------------------------------------------------------------------
def iter_membership_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield memberships that are missing, have other options, or stand in no map.

    Not among them: that the migrator may see what other sessions do, so that it can say who is in its way, which a
    superuser alone can give; that whoever made a role may administer it, which PostgreSQL 16 gives to a role with
    CREATEROLE; and what the map of another database of the server may need.
    """
    has_options = comparison.found.version >= GRANT_OPTIONS
    found: dict[tuple[str, str], list[FoundMembership]] = defaultdict(list)
    for each in comparison.found.memberships:
        if not _is_anothers(each, comparison):
            found[each.membership.role, each.membership.member].append(each)
    declared = {
        (each.role, each.member): each if has_options else replace(each, inherits=False)
        for each in comparison.declared.memberships
    }
    found.pop((STATISTICS, comparison.declared.ownership.migrator), None)
    for pair in sorted(declared.keys() - found.keys()):
        yield _join_role(declared[pair], has_options)
    for pair, those in sorted(found.items()):
        for each in those:
            if pair not in declared and not _is_makers(each):
                yield _leave_role(each, has_options)
            elif (
                pair in declared and not _is_enough(each, declared[pair]) and not (_is_makers(each) and len(those) > 1)
            ):
                yield _change_membership(declared[pair], each, has_options)


def list_anothers(comparison: Comparison) -> list[str]:
    """Say which memberships stay since the map of another database may need them, a line each."""
    return sorted(
        f"{each.membership.member} stays a member of {each.membership.role}, as database {each.elsewhere} of the same "
        f"server and migrator may need it"
        for each in comparison.found.memberships
        if _is_anothers(each, comparison)
    )


def _is_anothers(each: FoundMembership, comparison: Comparison) -> bool:
    """Tell whether the membership is what the map of another database may declare, and this one does not: the
    migrator's or the combined login's in a role that this map has not, or that of the role which moves tables."""
    ownership, held = comparison.declared.ownership, each.membership
    if not each.elsewhere or (held.role, held.member) in {
        (it.role, it.member) for it in comparison.declared.memberships
    }:
        return False
    if held.role == ownership.mover:
        return held.member == ownership.migrator
    is_new = held.role not in comparison.declared.roles and held.member in (ownership.migrator, ownership.combined)
    return is_new or held.member == ownership.mover


def _is_makers(each: FoundMembership) -> bool:
    """Tell whether the membership is the one that PostgreSQL gives to the maker of a role."""
    held = each.membership
    return each.makes_roles and held.admin and not held.inherits and not held.can_set


def _is_enough(each: FoundMembership, wanted: Membership) -> bool:
    """Tell whether the membership is the map's; one that another database may need may be passed on."""
    return each.membership in (wanted, replace(wanted, admin=True) if each.elsewhere else wanted)


def _join_role(each: Membership, has_options: bool) -> Drift:
    """Make a role a member of another, able to become it, and heir of none but where the map says so."""
    statement = sql.SQL("GRANT {} TO {}").format(sql.Identifier(each.role), sql.Identifier(each.member))
    admin = ", ADMIN TRUE" if each.admin else ""
    if has_options:
        statement += sql.SQL(" WITH INHERIT {}, SET TRUE{}").format(_write_flag(each.inherits), sql.SQL(admin))
    elif each.admin:
        statement += sql.SQL(" WITH ADMIN OPTION")
    says = f"let {each.member} become {each.role}" + (" and pass that on" if each.admin else "")
    change = Change(says, statement, "", _administer(each.role), Phase.BECOME, is_admins=True)
    return Drift("D003", f"role {each.member}", f"no member of {each.role}", f"may become {each.role}", (change,))


def _change_membership(wanted: Membership, each: FoundMembership, has_options: bool) -> Drift:
    """Give a membership the options of the map, by whom it was granted."""
    names = sql.Identifier(wanted.role), sql.Identifier(wanted.member)
    if has_options:
        statement = sql.SQL("GRANT {} TO {} WITH INHERIT {}, SET TRUE, ADMIN {} GRANTED BY {}").format(
            *names, _write_flag(wanted.inherits), _write_flag(wanted.admin), sql.Identifier(each.grantor)
        )
    elif wanted.admin:
        statement = sql.SQL("GRANT {} TO {} WITH ADMIN OPTION").format(*names)
    else:
        statement = sql.SQL("REVOKE ADMIN OPTION FOR {} FROM {}").format(*names)
    more = "and pass that on" if wanted.admin else "and nothing more"
    says = f"let {wanted.member} become {wanted.role} {more}"
    change = Change(says, statement, "", _administer(wanted.role), Phase.BECOME, is_admins=True)
    found = f"member of {wanted.role} with {_describe_options(each.membership)}"
    return Drift("D003", f"role {wanted.member}", found, f"with {_describe_options(wanted)}", (change,))


def _write_flag(on: bool) -> sql.SQL:
    return sql.SQL("TRUE") if on else sql.SQL("FALSE")


def _leave_role(each: FoundMembership, has_options: bool) -> Drift:
    """Take a membership that stands in no map, and what was passed on by it."""
    held = each.membership
    statement = sql.SQL("REVOKE {} FROM {}").format(sql.Identifier(held.role), sql.Identifier(held.member))
    if has_options and each.grantor:
        statement += sql.SQL(" GRANTED BY {}").format(sql.Identifier(each.grantor))
    statement += sql.SQL(" CASCADE")
    says = f"let {held.member} be no member of {held.role}"
    right = _administer(held.role)
    change = Change(says, statement, "", right, Phase.LEAVE, is_admins=True, loses=held.member)
    found = f"member of {held.role} with {_describe_options(held)}"
    return Drift("D004", f"role {held.member}", found, "no such membership", (change,), takes=True, held=1)


def _describe_options(each: Membership) -> str:
    words = {"INHERIT": each.inherits, "SET": each.can_set, "ADMIN": each.admin}
    return ", ".join(word for word, on in words.items() if on) or "no option"


# --- Settings --------------------------------------------------------------------------------------------------------
def iter_setting_drift(comparison: Comparison) -> Iterator[Drift]:
    """Yield search_paths and times that are missing or others, and settings that stand in no map; not that a superuser
    keeps what a login does from its other connections."""
    database = comparison.declared.database
    found = {(each.role, each.name, each.everywhere): each for each in comparison.found.settings}
    declared = {(each.role, each.name, each.everywhere): each for each in comparison.declared.settings}
    for key, each in sorted(declared.items()):
        if found.get(key) != each:
            held = found[key].value if key in found else "not set"
            yield Drift(
                "D005", f"role {each.role}", f"{each.name}: {held}", each.value, (_set_setting(each, database),)
            )
    for key, each in sorted(found.items()):
        if key not in declared and (each.name, each.value) != ACTIVITIES:
            where = "everywhere" if each.everywhere else "here"
            held = f"{each.name} set {where}: {each.value}"
            yield Drift("D006", f"role {each.role}", held, "no such setting", (_reset_setting(each, database),))


def _set_setting(each: Setting, database: str) -> Change:
    """Set it for one login: in this database, since another may have another map."""
    is_path = each.name == "search_path"
    statement = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
        sql.Identifier(each.role),
        sql.Identifier(database),
        sql.Identifier(each.name),
        sql.SQL(", ").join(map(sql.Identifier, each.value.split(", "))) if is_path else sql.Literal(each.value),
    )
    says = f"set {each.name} of {each.role}: {each.value}"
    return Change(says, statement, "", _administer(each.role), Phase.SETTING, is_admins=True)


def _reset_setting(each: Setting, database: str) -> Change:
    where = sql.SQL("" if each.everywhere else " IN DATABASE {}").format(sql.Identifier(database))
    name = sql.SQL(".").join(map(sql.Identifier, each.name.split(".")))
    statement = sql.SQL("ALTER ROLE {}{} RESET {}").format(sql.Identifier(each.role), where, name)
    says = f"reset {each.name} of {each.role}"
    return Change(says, statement, "", _administer(each.role), Phase.RESET, is_admins=True)
