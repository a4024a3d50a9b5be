"""Rows that would change hands: inserts that meet a row which is not seen, and owners that are written anew."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.injection import MARK
from tests.attacks.injection.attempts import Attempt, spread, steal
from tests.attacks.injection.estate import Estate

INSERT_ITEM = (
    "INSERT INTO app.items (id, user_id, category_id, name, price) "
    "SELECT {id}, '{user}', (SELECT id FROM master.categories LIMIT 1), {name}, 1 {more}"
)


def iter_conflicts(estate: Estate) -> Iterator[Attempt]:
    """Yield inserts that meet a row that is not seen, by every key of it that may be known."""
    ann, bob = estate.ann, estate.bob
    taken = f"'{bob.item_id}'::uuid"
    updates = (
        "name = items.name",
        "name = items.name || excluded.name",
        f"user_id = '{ann.user_id}'",
        "is_active = true",
    )
    for update in updates:
        sql = INSERT_ITEM.format(
            id=taken,
            user=ann.user_id,
            name="'x'",
            more=f"ON CONFLICT (id) DO UPDATE SET {update} RETURNING name, description",
        )
        yield from spread("conflicts", f"another's item, {update}", sql, ways=("page", "simple", "extended"))
    whole = INSERT_ITEM.format(id=taken, user=bob.user_id, name="'x'", more="RETURNING *")
    yield from spread("conflicts", "another's item under their name", whole, ways=("page", "simple"))
    for name in ("name", "description"):
        stolen = f"(SELECT string_agg({name}, ',') FROM app.items WHERE name LIKE '{MARK}%')"
        yield from spread(
            "conflicts",
            f"one's own item with another's {name}",
            INSERT_ITEM.format(
                id="gen_random_uuid()", user=ann.user_id, name=f"coalesce({stolen}, 'none')", more="RETURNING name"
            ),
            ways=("page", "simple"),
        )
    for text in list_takeovers(estate):
        yield from spread("takeovers", text, text, ways=("page", "simple", "extended"))
        yield from spread("takeovers", text, text, steal(estate), ways=("page, transaction",))


def insert(table: str, more: str = "RETURNING *", **values: str) -> str:
    """Give an insert into a table of `app`, of a row with an id of its own where it is given none."""
    values = {"id": "gen_random_uuid()", **{name: f"'{value}'" for name, value in values.items()}}
    return f"INSERT INTO app.{table} ({', '.join(values)}) VALUES ({', '.join(values.values())}) {more}"


def upsert(table: str, key: str, column: str, **values: str) -> str:
    """Give one that asks for the row which is there already."""
    return insert(table, f"ON CONFLICT ({key}) DO UPDATE SET {column} = {table}.{column} RETURNING *", **values)


def list_takeovers(estate: Estate) -> list[str]:
    """Give statements that would make a row of Bob's Ann's, or one of hers his."""
    ann, bob = estate.ann, estate.bob
    project = {"project_id": bob.project_id}
    return [
        f"UPDATE app.items SET user_id = '{ann.user_id}' WHERE user_id = '{bob.user_id}' RETURNING name",
        f"UPDATE app.items SET user_id = '{bob.user_id}' WHERE user_id = '{ann.user_id}' RETURNING name",
        f"UPDATE app.memberships SET user_id = '{ann.user_id}' WHERE tenant_id = '{bob.tenant_id}' RETURNING *",
        f"UPDATE app.projects SET tenant_id = '{ann.tenant_id}' WHERE id = '{bob.project_id}' RETURNING *",
        f"UPDATE app.projects SET tenant_id = '{bob.tenant_id}' WHERE id = '{ann.project_id}' RETURNING *",
        upsert("favorites", "user_id, item_id", "item_id", user_id=bob.user_id, item_id=bob.item_id),
        upsert("tenants", "id", "name", id=bob.tenant_id, name="x", slug="x"),
        upsert("profiles", "user_id", "bio", user_id=bob.user_id),
        insert("item_images", item_id=bob.item_id, url="/x.svg"),
        insert("runs", external_id="x", kind="x", **project),
        insert("api_keys", name="x", prefix="attacked", key_hash="0" * 64, **project),
        insert("memberships", tenant_id=bob.tenant_id, user_id=ann.user_id, role="owner"),
        "INSERT INTO auth.session SELECT * FROM auth.session",
        "SELECT * FROM auth.session",
        'UPDATE auth."user" SET is_active = is_active RETURNING *',
        'SELECT password FROM auth."user"',
        "SELECT auth.open_session(NULL)",
    ]
