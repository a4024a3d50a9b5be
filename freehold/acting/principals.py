"""A principal whom only the database knows, by a proof such as the digest of a session's key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from freehold.acting import ANONYMOUS, Acting, Asking, Kind, Principal, acting, get_acting
from freehold.errors import ServiceError


@dataclass(eq=False)
class LazyPrincipal:
    """Whoever a proof shows, nobody where it shows none: `LazyPrincipal("session:1f2e…")`, a kind of the map's proofs
    and what shows it.

    The proof goes to the database with every statement, and the database finds the principal where a policy asks.
    Whoever looks at `principal` asks by a query on database `using`, once. Give no secret, but a digest of it.
    """

    proof: str = field(repr=False)
    using: str = DEFAULT_DB_ALIAS
    found: Principal | None = field(default=None, init=False)
    _asker: Acting | None = field(default_factory=get_acting, init=False)

    @property
    def principal(self) -> Principal:
        """The principal itself."""
        if self.found is None:
            self.found = self.find()
        return self.found

    def find(self) -> Principal:
        """Ask the database. Where it tells more of a proof, such as scopes, a project has a class of its own.

        Raises:
            ServiceError: nobody acts here, or the map has no proofs.
        """
        asking = self._get_asker()[1]
        ids = ", ".join(each or "NULL" for each in (asking.user, asking.tenant))
        user, tenant = self.ask(f"SELECT {ids}")  # of the map, not of people
        return _make_principal(user, tenant)

    def ask(self, query: str) -> tuple[Any, ...]:
        """Give the row of a query that is sent with this proof, by the service that acted where this was made.

        Raises:
            ServiceError: as above.
        """
        asker = self._get_asker()[0]
        with acting(asker.working_for(self, asker.request_id)):
            return _ask(self.using, query)

    def _get_asker(self) -> tuple[Acting, Asking]:
        asker = self._asker
        if asker is None or asker.asking is None:
            raise ServiceError(
                "a proof shows nobody here: name its kind in proofs of the ownership map, and make the LazyPrincipal "
                "where a service acts, as in the function that settings.PRINCIPAL names"
            )
        return asker, asker.asking

    def note(self, user: object, tenant: object) -> Principal:
        """Take whom the database found, by the ids of user and tenant, where it was asked along with something else."""
        self.found = _make_principal(user, tenant)
        return self.found


def _make_principal(user: object, tenant: object) -> Principal:
    if user is not None:
        return Principal("user", user_id=str(user))
    return ANONYMOUS if tenant is None else Principal("api_key", tenant_id=str(tenant))


@dataclass(eq=False)
class SoughtPrincipal:
    """The user whose id an SQL expression gives, anonymous where that is NULL, for a project whose map has no proofs.

    Looked for by a query on database `using` when it is first needed, as the service that acts where this is made. A
    `proof` goes along: to policies of the next release, whose map has proofs, it is what counts.
    """

    expression: str
    params: Sequence[Any] = field(repr=False)
    kind: Kind = "user"
    using: str = DEFAULT_DB_ALIAS
    proof: str = field(default="", repr=False)
    found: Principal | None = field(default=None, init=False)
    _asker: Acting | None = field(default_factory=get_acting, init=False)

    @property
    def principal(self) -> Principal:
        """The principal itself."""
        if self.found is None:
            with acting(self._asker):
                (user,) = _ask(self.using, f"SELECT {self.expression}", self.params)
            self.found = ANONYMOUS if user is None else Principal(self.kind, user_id=str(user))
        return self.found


def _ask(using: str, query: str, params: Sequence[Any] = ()) -> tuple[Any, ...]:
    with connections[using].cursor() as cursor:
        cursor.execute(query, params)
        row: tuple[Any, ...] = cursor.fetchone()
    return row
