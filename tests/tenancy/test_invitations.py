"""Invitations at the API: who may ask whom, and what becomes of it, on both dialects."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from unittest import mock
from uuid import uuid4

import psycopg
import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.utils import timezone
from pytest_django.fixtures import Settings

from auth_app.models import User
from tenancy.models import Invitation, Membership, Tenant
from tenancy.services.api_key import get_proof, hash_key, issue_api_key
from tests.api import Caller, list_faults
from tests.auth_app.factories import make_user
from tests.constraints import assert_refused
from tests.rls import as_nobody, as_user, refused
from tests.tenancy.factories import make_invitation, make_membership, make_project, make_tenant

pytestmark = pytest.mark.django_db
ROLES = ("owner", "admin", "member", "viewer")
TEXT = "fhi_of-a-test"


@pytest.fixture(autouse=True)
def no_mail(settings: Settings) -> None:
    settings.SENDS_MAIL = False


def make_member(tenant: Tenant, role: str = "owner") -> Caller:
    return Caller(make_membership(tenant=tenant, role=role).user)


def invite(caller: Caller, tenant: Tenant, **fields: Any) -> Any:
    return caller.send("POST", "invitations", {"tenant_id": str(tenant.pk), "email": "guest@example.org", **fields})


def answer(user: Any, secret: str = TEXT, word: str = "accept") -> Any:
    return Caller(user).send("POST", f"invitations/{word}", {"secret": secret})


# --- Inviting --------------------------------------------------------------------------------------------------------
def test_secret_is_shown_once_and_lets_whoever_was_invited_join() -> None:
    tenant, guest = make_tenant(), make_user(email="Guest@example.org")
    caller = make_member(tenant)
    made = invite(caller, tenant, role="admin")

    assert (made.status_code, made["Cache-Control"]) == (201, "no-store")
    secret = made.json()["secret"]
    joined = answer(guest, secret)
    assert (joined.status_code, joined.json()["role"], joined.json()["tenant_id"]) == (200, "admin", str(tenant.pk))
    assert [each["id"] for each in Caller(guest).read("tenants")["rows"]] == [str(tenant.pk)]
    row = caller.read(made["Location"])
    assert row["accepted_at"] is not None
    assert secret not in caller.get("invitations").content.decode()
    assert Invitation.objects.get().secret_hash not in caller.get("invitations").content.decode()


def test_each_role_invites_as_less_than_it_is() -> None:
    tenant = make_tenant()
    callers = {role: make_member(tenant, role) for role in ROLES}
    found = {
        (role, wanted): invite(caller, tenant, role=wanted, email=f"{role}-{wanted}@example.org").status_code
        for role, caller in callers.items()
        for wanted in ROLES
    }

    allowed = {("owner", each) for each in ROLES} | {("admin", "member"), ("admin", "viewer")}
    assert {pair for pair, status in found.items() if status == 201} == allowed
    assert {status for pair, status in found.items() if pair not in allowed} == {403}
    assert {role: len(caller.read("invitations")["rows"]) for role, caller in callers.items()} == {
        "owner": 6, "admin": 6, "member": 0, "viewer": 0
    }  # fmt: skip


def test_admin_takes_back_what_an_admin_may_make() -> None:
    tenant = make_tenant()
    rows = {role: make_invitation(tenant=tenant, role=role) for role in ROLES}
    found = {
        who: {role: caller.send("DELETE", f"invitations/{row.pk}").status_code for role, row in rows.items()}
        for who, caller in {who: make_member(tenant, who) for who in reversed(ROLES)}.items()
    }

    assert found == {
        "viewer": dict.fromkeys(ROLES, 404),
        "member": dict.fromkeys(ROLES, 404),
        "admin": {"owner": 403, "admin": 403, "member": 204, "viewer": 204},
        "owner": {"owner": 204, "admin": 204, "member": 404, "viewer": 404},
    }


def test_ids_of_another_tenant_lead_nowhere() -> None:
    other, project = make_invitation(), make_project()
    for caller in (make_member(project.tenant), Caller(make_user())):
        assert caller.read(f"invitations?tenant={other.tenant_id}")["rows"] == caller.read("invitations")["rows"] == []
        assert caller.get(f"invitations/{other.pk}").status_code == 404
        assert caller.send("DELETE", f"invitations/{other.pk}").status_code == 404
        assert invite(caller, other.tenant).status_code == 404
    key = Caller(key=issue_api_key(project=project, name="x").text)
    assert [key.get("invitations").status_code, invite(key, project.tenant).status_code] == [403, 403]
    assert Caller().get("invitations").status_code == 401
    assert Invitation.objects.count() == 1


def test_answer_is_the_same_whether_there_is_such_an_account() -> None:
    tenant, caller = make_tenant(), None
    make_user(email="there@example.org")
    make_user(email="gone@example.org", is_active=False)
    caller = make_member(tenant)
    answers = [invite(caller, tenant, email=f"{name}@example.org") for name in ("there", "gone", "nobody")]

    assert {(each.status_code, frozenset(each.json())) for each in answers} == {(201, frozenset(answers[0].json()))}


def test_new_invitation_ends_the_open_one_for_the_address() -> None:
    tenant = make_tenant()
    caller = make_member(tenant)
    first, second = (invite(caller, tenant, email=email).json() for email in ("guest@example.org", "GUEST@example.org"))
    guest = make_user(email="guest@example.org")

    assert answer(guest, first["secret"]).status_code == 404
    assert answer(guest, second["secret"]).status_code == 200


def test_faults_are_told_by_field() -> None:
    tenant = make_tenant()
    caller, now = make_member(tenant), timezone.now()
    member = make_membership(tenant=tenant).user

    assert list_faults(invite(caller, tenant, role="king", secret="x")).keys() == {"#/role", "#/secret"}
    assert list_faults(invite(caller, tenant, email="no address")).keys() == {"#/email"}
    assert list_faults(invite(caller, tenant, email=member.email.upper())) == {"#/email": "A member has this address."}
    for when in (now - timedelta(seconds=1), now + timedelta(days=91)):
        assert list_faults(invite(caller, tenant, expires_at=when.isoformat())).keys() == {"#/expires_at"}
    assert not Invitation.objects.exists()


def test_open_invitations_are_bounded() -> None:
    tenant = make_tenant()
    with mock.patch("tenancy.services.invitation.MOST_OPEN", 1):
        caller = make_member(tenant)
        assert invite(caller, tenant).status_code == 201
        assert invite(caller, tenant, email="other@example.org").status_code == 422


def test_no_invitation_is_for_longer_than_90_days() -> None:
    late = timezone.now() + timedelta(days=92)

    assert_refused(lambda: make_invitation(expires_at=late), "invitations_life_check")


def make_expired(tenant: Tenant, **fields: Any) -> Invitation:
    now = timezone.now()
    made, ended = now - timedelta(days=2), now - timedelta(days=1)
    return make_invitation(tenant=tenant, created_at=made, expires_at=ended, **fields)


@pytest.mark.parametrize(("role", "left"), [("owner", 0), ("admin", 1)])
def test_expired_invitations_are_not_open_and_go_with_the_next(role: str, left: int) -> None:
    tenant = make_tenant()
    make_expired(tenant, role="viewer")
    make_expired(tenant, role="admin")
    with mock.patch("tenancy.services.invitation.MOST_OPEN", 1):
        assert invite(make_member(tenant, role), tenant).status_code == 201

    assert Invitation.objects.exclude(email="guest@example.org").count() == left


def test_open_invitation_is_replaced_where_no_more_are_taken() -> None:
    tenant = make_tenant()
    make_invitation(tenant=tenant, email="Guest@example.org")
    with mock.patch("tenancy.services.invitation.MOST_OPEN", 1):
        assert invite(make_member(tenant), tenant).status_code == 201

    assert Invitation.objects.get().email == "guest@example.org"


def test_admin_is_told_who_ends_an_owners_invitation() -> None:
    tenant = make_tenant()
    kept = make_invitation(tenant=tenant, email="guest@example.org", role="admin")

    refusal = invite(make_member(tenant, "admin"), tenant)

    words = "An owner invited this address as owner or admin: let an owner take that back first."
    assert (refusal.status_code, refusal.json()["detail"]) == (409, words)
    assert Invitation.objects.get() == kept


# --- Letters ---------------------------------------------------------------------------------------------------------
def test_letter_takes_the_secret_to_the_address_alone(settings: Settings, mailoutbox: list[EmailMessage]) -> None:
    settings.SENDS_MAIL = True
    tenant = make_tenant(name="Acme\nBcc: all@example.org")
    made = invite(make_member(tenant), tenant)

    assert (made.status_code, made.json()["secret"]) == (201, None)
    (mail,) = mailoutbox
    assert (mail.to, mail.subject) == (["guest@example.org"], "Invitation to Acme Bcc: all@example.org")
    (address,) = [word for word in str(mail.body).split() if "/invitations/" in word]
    site, _, secret = address.rstrip("/").rpartition("/")
    assert site == "http://testserver/invitations"
    assert answer(make_user(email="guest@example.org"), secret).status_code == 200


def test_letter_that_does_not_leave_ends_the_invitation(settings: Settings) -> None:
    settings.SENDS_MAIL = True
    tenant = make_tenant()
    with mock.patch.object(EmailMessage, "send", side_effect=OSError("secret words")):
        made = invite(make_member(tenant), tenant)

    assert (made.status_code, made.json()["detail"]) == (503, "The mail server does not take the letter.")
    assert not Invitation.objects.exists()


# --- Answering -------------------------------------------------------------------------------------------------------
def make_guest(**fields: Any) -> Any:
    guest = make_user()
    make_invitation(**{"email": guest.email, "secret_hash": hash_key(TEXT), **fields})
    return guest


ENDS: dict[str, Callable[[], Any]] = {
    "revoked": lambda: Invitation.objects.all().delete(),
    "inviter gone": lambda: User.objects.filter(memberships__role="owner").delete(),
    "inviter left": lambda: [
        make_membership(tenant=Tenant.objects.get(), role="owner"),
        Membership.objects.filter(invitations__isnull=False).delete(),
    ],
    "inviter demoted": lambda: [
        make_membership(tenant=Tenant.objects.get(), role="owner"),
        Membership.objects.filter(invitations__isnull=False).update(role="viewer"),
    ],
    "inviter made admin": lambda: [
        make_membership(tenant=Tenant.objects.get(), role="owner"),
        Membership.objects.filter(invitations__isnull=False).update(role="admin"),
    ],
    "expired": lambda: Invitation.objects.update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(seconds=1)
    ),
    "declined": lambda: Invitation.objects.update(declined_at=timezone.now()),
    "tenant gone": lambda: Tenant.objects.all().delete(),
}


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("word", ["accept", "decline"])
def test_invitation_that_ended_opens_nothing(end: str, word: str) -> None:
    guest = make_guest(role="admin")
    ENDS[end]()

    refusal = answer(guest, word=word)

    assert refusal.status_code == 404
    assert refusal.json()["detail"] == "There is no such invitation: it ended, was answered or was taken back."
    assert not Membership.objects.filter(user=guest).exists()


@pytest.mark.parametrize("word", ["accept", "decline"])
def test_invitation_is_for_its_address_alone(word: str) -> None:
    make_guest()
    other = make_user()

    assert answer(other, word=word).status_code == 403
    assert Caller().send("POST", f"invitations/{word}", {"secret": TEXT}).status_code == 401
    key = Caller(key=issue_api_key(project=make_project(), name="x").text)
    assert key.send("POST", f"invitations/{word}", {"secret": TEXT}).status_code == 403
    for secret in ("x", "\0", "é" * 200, hash_key(TEXT), get_proof(TEXT), str(uuid4())):
        assert answer(other, secret, word).status_code in (404, 422)
    assert Invitation.objects.get().accepted_at is Invitation.objects.get().declined_at is None


def test_member_is_told_and_keeps_their_role() -> None:
    guest = make_guest(role="owner")
    make_membership(tenant=Tenant.objects.get(), user=guest, role="viewer")

    refusal = answer(guest)

    assert (refusal.status_code, refusal.json()["detail"]) == (409, "You are a member already.")
    assert Membership.objects.get(user=guest).role == "viewer"


@pytest.mark.parametrize("word", ["accept", "decline"])
def test_owner_of_another_tenant_brings_nobody_in(word: str) -> None:
    guest = make_guest(inviter=make_membership(role="owner"), tenant=make_tenant())

    assert answer(guest, word=word).status_code == 404
    assert not Membership.objects.filter(user=guest).exists()


def test_declined_and_accepted_invitations_are_answered_once() -> None:
    guest = make_guest()

    assert answer(guest, word="decline").status_code == 204
    assert [answer(guest, word=word).status_code for word in ("decline", "accept")] == [404, 404]
    assert not Membership.objects.filter(user=guest).exists()


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_of_those_who_accept_at_once_one_joins() -> None:
    guest = make_guest()
    caller = Caller(guest)
    caller.get("me")

    def accept(_: int) -> int:
        try:
            one = Caller(**{"X-CSRFToken": "t" * 32})
            one.client.cookies = caller.client.cookies
            return one.send("POST", "invitations/accept", {"secret": TEXT}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        found = sorted(pool.map(accept, range(4)))

    assert found == [200, 404, 404, 404]
    assert Membership.objects.filter(user=guest).count() == 1


# --- Policies --------------------------------------------------------------------------------------------------------
def test_nobody_else_sees_or_writes_invitations() -> None:
    row = make_invitation()
    for who in (as_user(make_user()), as_user(make_user(email=row.email)), as_nobody()):
        with who:
            assert not Invitation.objects.exists()
            assert Invitation.objects.filter(pk=row.pk).delete()[0] == 0
            with refused("app.invitations"):
                make_invitation(inviter=row.inviter)


def test_owner_invites_in_no_name_but_their_own_and_to_no_other_tenant() -> None:
    tenant, other = make_tenant(), make_membership(role="owner")
    mine, beside = (make_membership(tenant=tenant, role="owner") for _ in range(2))
    with as_user(mine.user):
        for fields in (
            {"inviter": beside},
            {"inviter": other, "tenant": tenant},
            {"inviter": mine, "tenant": other.tenant},
            {"inviter": mine, "accepted_at": timezone.now()},
        ):
            with refused("app.invitations"):
                make_invitation(**fields)


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_login_changes_no_invitation(connect_as: Callable[[str], psycopg.Connection]) -> None:
    make_guest(role="viewer")
    api = connect_as("api_rw")

    with api.transaction(force_rollback=True):
        assert api.execute("UPDATE app.invitations SET role = 'owner'").rowcount == 0
        found = api.execute("SELECT * FROM app.answer_invitation(%s, true)", [get_proof(TEXT)]).fetchone()
        assert found == ("unknown", None)
