"""Grants what contracts promise in time: before the first migration that needs it, after what it is about exists."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from freehold.ownership import Ownership
from freehold.ownership.grants import compile_contracts, grant_contracts
from freehold.ownership.state import Grant


class ContractGrants:
    """The grants of a map's contracts during one run of migrations."""

    def __init__(self, connection: BaseDatabaseWrapper, ownership: Ownership) -> None:
        self.connection = connection
        self.ownership = ownership
        self.wanted = compile_contracts(ownership)
        self.pending = self.wanted  # what is not known to be granted

    def grant_to(self, role: str) -> None:
        """Grant what contracts promise to an owner role and can be granted by now.

        Called before each migration of that role: asks the catalogue only while something is pending.
        """
        due = frozenset(grant for grant in self.pending if grant.grantee == role)
        if due:
            waiting = grant_contracts(self.connection, self.ownership, due).waiting
            self.pending = self.pending - due | waiting

    def grant_all(self) -> tuple[frozenset[Grant], frozenset[Grant]]:
        """Grant all that can be, at the end of a run: a column that was made anew lost its grants. One query where
        nothing is missing. Give what was granted and what waits for something that does not exist."""
        if not self.wanted:
            return frozenset(), frozenset()
        comparison = grant_contracts(self.connection, self.ownership, self.wanted)
        return comparison.missing, comparison.waiting
