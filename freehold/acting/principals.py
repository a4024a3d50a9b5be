"""A principal whom only the database knows, such as the user of a session's key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from freehold.acting import ANONYMOUS, Acting, Kind, Principal, acting, get_acting


@dataclass(eq=False)
class SoughtPrincipal:
    """The user whose id an SQL expression gives, anonymous where that is NULL; looked for when it is first needed.

    The expression runs on database `using`, as the service that acts where this is made. On PostgreSQL it goes along
    with the first statement that is sent for the principal, which counts for that statement already: no round trip of
    its own (`backends/postgresql/contexts.py`). Whoever looks at the principal before that asks by a query.

    What the server logs of that statement has the parameters in it: give no secret, but a digest of it.
    """

    expression: str
    params: Sequence[Any]
    kind: Kind = "user"
    using: str = DEFAULT_DB_ALIAS
    found: Principal | None = field(default=None, init=False)
    _asker: Acting | None = field(default_factory=get_acting, init=False)

    @property
    def principal(self) -> Principal:
        return self.found or self.find()

    def find(self) -> Principal:
        """Ask by a query of its own."""
        with acting(self._asker), connections[self.using].cursor() as cursor:
            cursor.execute(f"SELECT {self.expression}", self.params)
            (user_id,) = cursor.fetchone()
        return self.note("" if user_id is None else str(user_id))

    def note(self, user_id: str) -> Principal:
        """Take the id that was found, empty for none."""
        self.found = Principal(self.kind, user_id) if user_id else ANONYMOUS
        return self.found
