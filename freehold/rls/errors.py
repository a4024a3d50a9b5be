"""What a refused row is reported as where the ORM refuses it."""

from __future__ import annotations

from django.db.utils import ProgrammingError

from freehold.errors import PolicyError


class RowRefusedError(PolicyError, ProgrammingError):
    """A row lies outside a service's policies. A ProgrammingError too: PostgreSQL's refusal is one."""

    def __init__(self, service: str, table: str, command: str, policies: tuple[str, ...]) -> None:
        self.service, self.table, self.command, self.policies = service, table, command, policies
        names = ", ".join(repr(name) for name in policies)
        if policies:
            text = f"may not {command} this row of {table}: it lies outside the policies {names}"
        else:
            text = f"may not {command} rows of {table}: no policy of the model lets it"
        super().__init__(f"service {service!r} {text}; see docs/policies.md")
