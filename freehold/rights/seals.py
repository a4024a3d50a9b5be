"""What stands beside a policy in the catalogue, so that a change by hand is seen: its comment.

The server writes a policy's SQL otherwise than it was declared. The comment says what was declared and what the server
made of it then, each as a digest: `freehold:<declared>:<held>`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

from psycopg import sql

from freehold.ownership.comparable import DatabasePolicy
from freehold.sqlfiles import read_statement


def make_digest(policy: DatabasePolicy) -> str:
    """Give the digest of a policy as declared."""
    parts = [policy.command, policy.permissive, sorted(policy.roles), policy.using, policy.check]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def write_seal(policies: Iterable[DatabasePolicy]) -> sql.Composed:
    """Give the statement that seals the policies, without the file's header, which is for whoever reads the file."""
    text = read_statement(__file__, "seal_policies")
    before, after = text[text.index("DO $") :].strip().split("{policies}")
    rows = [(each.schema, each.table, each.name, make_digest(each)) for each in policies]
    values = [sql.SQL("({})").format(sql.SQL(", ").join(map(sql.Literal, row))) for row in rows]
    return sql.Composed([sql.SQL(before), sql.SQL(", ").join(values), sql.SQL(after)])
