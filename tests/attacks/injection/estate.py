"""Who is in the database: Ann, who attacks, and those whose rows are not hers. Made by the superuser.

Bob works while Ann does. Cid is deactivated, Dan has another password by now; Bob has also sessions that expired or
were ended, and API keys that were revoked: their proofs are in Ann's hands, and are to be worth nothing.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from tests.attacks.injection import MARK, OWN_MARK

PASSWORD = "of-no-interest-7315"
TABLES_UNDER_POLICIES = """
SELECT c.oid::regclass::text, array(
    SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    ORDER BY a.attnum
)
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relrowsecurity AND c.relkind IN ('r', 'p') AND has_table_privilege('api_rw', c.oid, 'SELECT')
    AND n.nspname = 'app'
ORDER BY 1
"""


@dataclass
class Person:
    """A user, what belongs to them, and the key of their session."""

    user_id: str
    email: str
    key: str = ""
    tenant_id: str = ""
    project_id: str = ""
    item_id: str = ""
    slug: str = ""


@dataclass
class Estate:
    """What both sides of the matrix know: the attack by its own words, the judge all of it."""

    ann: Person
    bob: Person
    others: list[Person]
    ended: dict[str, str] = field(default_factory=dict)  # proofs that were good once, by what ended them
    tables: dict[str, list[str]] = field(default_factory=dict)  # under policies, with their columns

    def dump(self) -> str:
        """Give it as JSON."""
        return json.dumps(asdict(self))


def load(text: str) -> Estate:
    """Give what was dumped."""
    found = json.loads(text)
    people = {name: Person(**found.pop(name)) for name in ("ann", "bob")}
    return Estate(**people, others=[Person(**each) for each in found.pop("others")], **found)


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_id(mark: str) -> UUID:
    """Give the id of a row: a random UUID that begins with the mark."""
    return UUID(mark + str(uuid4())[8:])


def prepare(connection: Any) -> Estate:
    """Make everybody; give them. `connection` is Django's, as the superuser."""
    ann, bob, cid, dan = (
        make_person(name, OWN_MARK if name == "ann" else MARK) for name in ("ann", "bob", "cid", "dan")
    )
    estate = Estate(ann, bob, [cid, dan])
    estate.ended = {**end_sessions(bob), **end_users(cid, dan), **end_keys(bob)}
    with connection.cursor() as cursor:
        cursor.execute(TABLES_UNDER_POLICIES)
        estate.tables = dict(cursor.fetchall())
        cursor.execute("ANALYZE")
    return estate


def make_person(name: str, mark: str) -> Person:
    from auth_app.models import User

    user = User.objects.create_user(f"{name}-{uuid4().hex[:8]}@attack.example", PASSWORD)
    person = Person(str(user.pk), user.email)
    make_items(user, person, mark)
    make_tenant(user, person, mark)
    person.key = sign_in(user)
    return person


def make_items(user: Any, person: Person, mark: str) -> None:
    """Make what is a user's own, nothing of it on offer."""
    from items.models import Favorite, Item, ItemImage
    from master.models import Category
    from profile.models import Profile

    for _ in range(5):
        fields = {"category": Category.objects.first(), "price": 7, "is_active": False, "user": user}
        item = Item.objects.create(id=make_id(mark), name=str(make_id(mark)), description=str(make_id(mark)), **fields)
        person.item_id = str(item.pk)
        ItemImage.objects.create(id=make_id(mark), item=item, url=f"/{make_id(mark)}.svg")
        Favorite.objects.create(id=make_id(mark), item=item, user=user)
    Profile.objects.create(id=make_id(mark), user=user, display_name=str(make_id(mark)), bio=str(make_id(mark)))


def make_tenant(user: Any, person: Person, mark: str) -> None:
    """Make a tenant that the user owns, with a project, a key and a run."""
    from runs.models import Run
    from tenancy.models import ApiKey, Membership, Project, Tenant

    person.slug = f"attacked-{uuid4().hex[:8]}"
    tenant = Tenant.objects.create(id=make_id(mark), name=str(make_id(mark)), slug=person.slug)
    Membership.objects.create(id=make_id(mark), tenant=tenant, user=user, role="owner")
    project = Project.objects.create(id=make_id(mark), tenant=tenant, name=str(make_id(mark)), slug="main")
    key = {"prefix": uuid4().hex[:12], "key_hash": digest(str(uuid4()))}
    ApiKey.objects.create(id=make_id(mark), project=project, name=str(make_id(mark)), **key)
    Run.objects.create(id=make_id(mark), project=project, external_id=str(make_id(mark)), kind="import")
    person.tenant_id, person.project_id = str(tenant.pk), str(project.pk)


def sign_in(user: Any) -> str:
    """Give the key of a new session, as a page for signing in would make it."""
    from django.test import Client

    client = Client()
    client.force_login(user)
    return str(client.cookies["sessionid"].value)


def get_session_proof(key: str) -> str:
    from auth_app.proofs import get_proof

    return f"session:{get_proof(key)}"


def end_sessions(person: Person) -> dict[str, str]:
    """Give the proofs of two of the user's sessions: one that ran out, one that was signed out of."""
    from django.utils import timezone

    from auth_app.models import Session, User
    from auth_app.sessions import SessionStore

    user = User.objects.get(pk=person.user_id)
    before = set(Session.objects.values_list("pk", flat=True))
    expired = sign_in(user)
    late = timezone.now() - timedelta(minutes=1)
    Session.objects.exclude(pk__in=before).update(expire_date=late)
    deleted = sign_in(user)
    SessionStore(deleted).delete()
    return {"session that expired": get_session_proof(expired), "session signed out of": get_session_proof(deleted)}


def end_users(gone: Person, changed: Person) -> dict[str, str]:
    """Deactivate one, give another a new password; give the proofs of their sessions."""
    from auth_app.models import User

    User.objects.filter(pk=gone.user_id).update(is_active=False)
    user = User.objects.get(pk=changed.user_id)
    user.set_password(f"{PASSWORD}-2")
    user.save()
    return {
        "session of a deactivated user": get_session_proof(gone.key),
        "session from before a new password": get_session_proof(changed.key),
    }


def end_keys(person: Person) -> dict[str, str]:
    """Give the proofs of API keys that were revoked and that ran out."""
    from django.utils import timezone

    from tenancy.models import ApiKey

    now, ended = timezone.now(), {}
    early = now - timedelta(hours=1)
    for title, fields in (
        ("API key that was revoked", {"revoked_at": now}),
        ("API key that expired", {"expires_at": now - timedelta(minutes=1)}),
    ):
        proof = digest(str(uuid4()))
        ended[title] = f"api_key:{proof}"
        for kept in (proof, digest(proof)):
            row = {
                "prefix": uuid4().hex[:12],
                "key_hash": kept,
                "name": str(make_id(MARK)),
                "created_at": early,
                **fields,
            }
            ApiKey.objects.create(id=make_id(MARK), project_id=person.project_id, **row)
    return ended
