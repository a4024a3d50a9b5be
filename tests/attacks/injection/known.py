"""What policies can't hide, and docs/security.md says so: tried all the same, and counted apart."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

from tests.attacks.injection.attempts import Attempt, rename, spread
from tests.attacks.injection.estate import Estate
from tests.attacks.injection.takeovers import insert


def iter_known(estate: Estate) -> Iterator[Attempt]:
    """Yield what docs/security.md says that policies can't hide."""
    bob, new = estate.bob, str(uuid4())
    explained = (
        *(
            spread("EXPLAIN", f"{title} of {table}", f"{text} SELECT * FROM {table}")
            for table in estate.tables
            for title, text in (
                ("estimate", "EXPLAIN"),
                ("rows left out", "EXPLAIN (ANALYZE, TIMING OFF, SUMMARY OFF)"),
            )
        ),
        spread("EXPLAIN", "estimate of one's rows", f"EXPLAIN SELECT FROM app.items WHERE user_id = '{bob.user_id}'"),
    )
    for attempts in explained:
        yield from rename(attempts, "estimates of EXPLAIN")
    yield from rename(
        spread(
            "constraints",
            "foreign key to a hidden item",
            "BEGIN",
            insert("favorites", "", user_id=estate.ann.user_id, item_id=bob.item_id),
            "ROLLBACK",
            ways=("page", "simple"),
        ),
        "existence by foreign keys",
    )
    yield from rename(
        spread(
            "constraints",
            "slug of a hidden tenant",
            "BEGIN",
            insert("memberships", "", tenant_id=new, user_id=estate.ann.user_id, role="owner"),
            insert("tenants", "", id=new, name="x", slug=bob.slug),
            "ROLLBACK",
            ways=("page", "simple"),
        ),
        "existence by unique indexes",
    )
    yield from rename(
        spread(
            "contracts",
            "addresses of users",
            'SELECT id, email, display_name FROM auth."user" LIMIT 50',
            ways=("page",),
        ),
        "what contracts share of everyone",
    )
    yield from rename(
        spread("functions", "whether a tenant exists", f"SELECT app.exists_tenant('{bob.tenant_id}')", ways=("page",)),
        "existence by a function",
    )
    yield from rename(
        spread("locks", "who holds which", "SELECT count(*) FROM pg_locks", ways=("page",)), "locks within a login"
    )
