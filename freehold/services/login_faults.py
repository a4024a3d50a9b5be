"""What is wrong with a login: a login of a service owns nothing, is above nothing, and holds what the map gives it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Final, Literal

from django.conf import settings

from freehold.databases.entries import URL
from freehold.ownership import Service
from freehold.ownership.acl import BUILT_IN, make_grant
from freehold.ownership.comparable import PUBLIC, Grant
from freehold.ownership.compilation import Declared
from freehold.services import ALL, get_process
from freehold.services.privileges import iter_excess, read_privilege

_Kind = Literal["login", "attribute", "owns", "member", "right", "open"]
_EXCESS_HINT: Final = (
    "`manage.py ownership check` names all of it and `manage.py ownership apply` takes it; TOLERATE_EXTRA_RIGHTS=1 "
    "lets a release before run beside one whose map gives more"
)


@dataclass(frozen=True)
class LoginFault:
    """What is wrong with a login, and the way out. One with an `excuse`, in words, is only told."""

    kind: _Kind
    login: str
    message: str
    hint: str
    excuse: str = ""

    @property
    def tolerable(self) -> bool:
        return bool(self.excuse)

    def __str__(self) -> str:
        return f"login {self.login} {self.message}: {self.hint}"


@dataclass(frozen=True)
class Login:
    """What a role has that no grant gives. `held` is what the login at hand, those it may become and everyone hold by
    grants, as JSON and of the login at hand alone."""

    name: str
    is_own: bool
    attributes: Sequence[str]
    owned: int
    example: str
    member_of: Sequence[str]
    inherits: Sequence[str]
    held: str | None


def iter_faults(
    declared: Declared, services: list[Service], found: dict[str, Login], entry: str
) -> Iterator[LoginFault]:
    """Yield what the catalogue alone tells. `entry` is where the login stands."""
    ownership = declared.ownership
    logins = [each.login for each in services]
    expected = ownership.combined if get_process() == ALL else logins[0]
    own = next(login for login in found.values() if login.is_own)
    if own.name != expected:
        yield _judge_foreign(own, expected, entry)
    elif expected == ownership.combined:
        through = {role for name in logins if name in found for role in found[name].member_of}
        yield from _iter_held_faults(own, declared, through)
    for name in logins:
        if name in found:
            yield from _iter_held_faults(found[name], declared)
        else:
            yield LoginFault("login", name, "does not exist", "`manage.py ownership bootstrap` makes it")
    yield from _iter_right_faults(own, declared)


def _judge_foreign(own: Login, expected: str, entry: str) -> LoginFault:
    words = f"(which is {' '.join(own.attributes)}) " if own.attributes else ""
    return LoginFault(
        "login",
        own.name,
        f"{words}is not {expected}, which SERVICE={get_process()} connects as",
        f"take the user out of {entry}, or put {expected} there" if entry == URL else f"put {expected} into {entry}",
        _find_excuse(),
    )


def _find_excuse() -> str:
    return "DEBUG is on" if get_process() == ALL and settings.DEBUG else ""


def _iter_held_faults(login: Login, declared: Declared, through: Set[str] = frozenset()) -> Iterator[LoginFault]:
    """Yield what lets a login past its grants.

    It must have the attributes and memberships that are declared, and inherit from none. Roles that it is a member of
    `through` those are their fault.
    """
    name = login.name
    becomes = {each.role for each in declared.memberships if each.member == name}
    if attributes := [word for word in login.attributes if word not in declared.roles[name].attributes]:
        words = " ".join(f"NO{word}" for word in attributes)
        yield LoginFault("attribute", name, f"is {', '.join(attributes)}", f"ALTER ROLE {name} {words}")
    if login.owned:
        rest = f" and {login.owned - 1} more" if login.owned > 1 else ""
        hint = f"REASSIGN OWNED BY {name} TO a role that nobody logs in as, such as the schema's owner"
        yield LoginFault("owns", name, f"owns {login.example}{rest}", hint)
    if extra := sorted(set(login.member_of) - becomes - through):
        yield LoginFault("member", name, f"is a member of {', '.join(extra)}", f"REVOKE {', '.join(extra)} FROM {name}")
    if "SUPERUSER" not in login.attributes and (missing := sorted(becomes - set(login.member_of))):
        hint = "`manage.py ownership bootstrap` makes it one"
        yield LoginFault("member", name, f"is no member of {', '.join(missing)}", hint)
    if inherited := sorted(set(login.inherits) & becomes):
        names = ", ".join(inherited)
        hint = f"ALTER ROLE {name} NOINHERIT; from PostgreSQL 16 on also GRANT {names} TO {name} WITH INHERIT FALSE"
        yield LoginFault("member", name, f"has the rights of {names} at all times", hint)


def _iter_right_faults(own: Login, declared: Declared) -> Iterator[LoginFault]:
    """Yield, for each role and everyone, a right that the map does not give."""
    excess: dict[str, list[Grant]] = defaultdict(list)
    for each in iter_excess(declared, (read_privilege(**row) for row in json.loads(own.held or "[]"))):
        if not _is_open_everywhere(each):
            excess[each.grantee].append(each)
    # A release before may run beside one whose map gives more.
    is_let = getattr(settings, "TOLERATE_EXTRA_RIGHTS", False)
    excuse = _find_excuse() or ("TOLERATE_EXTRA_RIGHTS is on" if is_let else "")
    for role, those in sorted(excess.items()):
        first = min(f"{each.privilege} on {each.object.label}" for each in those)
        rest = f" and {len(those) - 1} more" if len(those) > 1 else ""
        holder, as_everyone = (own.name, ", as everyone does,") if role == PUBLIC else (role, "")
        says = f"holds{as_everyone} {first}{rest}, which the map does not give"
        yield LoginFault("right", holder, says, _EXCESS_HINT, excuse)


def _is_open_everywhere(each: Grant) -> bool:
    # A database that was restored or copied lets everyone in, until a bootstrap: that is for `ownership check` to say.
    return each.object.kind == "database" and each in [make_grant(each.object, entry) for entry in BUILT_IN["database"]]
