"""The page of an invitation: who is shown what, and that an answer is a form's, on both dialects."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tenancy.models import Invitation, Membership
from tenancy.services.api_key import hash_key
from tests.api import Caller
from tests.auth_app.factories import make_user
from tests.tenancy.factories import make_invitation, make_membership, make_tenant

pytestmark = pytest.mark.django_db
TEXT = "fhi_of-a-test"
PAGE = f"/invitations/{TEXT}/"
EMAIL = "guest@example.org"
TENANT = "Acme & Sons"
HEADINGS = {
    "open": (200, "Join Acme &amp; Sons"),
    "member": (200, "You belong to Acme &amp; Sons"),
    "declined": (200, "You declined"),
    "answered": (410, "This invitation was answered"),
    "expired": (410, "This invitation has expired"),
    "another": (403, "This invitation is not for this account"),
    "unknown": (404, "There is no such invitation"),
}


def invite(**fields: Any) -> Invitation:
    inviter = make_membership(tenant=make_tenant(name=TENANT), role="owner")
    return make_invitation(**{"inviter": inviter, "email": EMAIL, "secret_hash": hash_key(TEXT), **fields})


def sign_in(email: str = EMAIL) -> Client:
    client = Client()
    client.force_login(make_user(email=email))
    return client


def assert_shows(response: HttpResponse, state: str) -> None:
    text = response.content.decode()
    status, heading = HEADINGS[state]
    assert (response.status_code, text.count(f">{heading}</h1>")) == (status, 1), text
    assert "no-cache" in response["Cache-Control"]
    assert ('name="answer"' in text) is (state == "open")
    assert ("Acme" in text) is (state in ("open", "member"))


def make_past(**fields: Any) -> dict[str, Any]:
    return {"created_at": timezone.now() - timedelta(days=2), **fields}


STATES: dict[str, tuple[str, Callable[[], Any]]] = {
    "open": ("open", lambda: None),
    "expired": ("expired", lambda: Invitation.objects.update(**make_past(expires_at=timezone.now()))),
    "declined": ("answered", lambda: Invitation.objects.update(declined_at=timezone.now())),
    "accepted and left": ("answered", lambda: Invitation.objects.update(accepted_at=timezone.now())),
    "revoked": ("unknown", lambda: Invitation.objects.all().delete()),
    "inviter demoted": (
        "unknown",
        lambda: [
            make_membership(tenant=Invitation.objects.get().tenant, role="owner"),
            Membership.objects.filter(invitations__isnull=False).update(role="viewer"),
        ],
    ),
}


@pytest.mark.parametrize("name", STATES)
def test_page_says_what_became_of_the_invitation(name: str) -> None:
    invite()
    state, change = STATES[name]
    change()
    client = sign_in()

    assert_shows(client.get(PAGE), state)
    if state != "open":
        for answer in ("accept", "decline"):
            assert_shows(client.post(PAGE, {"answer": answer}), state)
        assert not Membership.objects.filter(user__email=EMAIL).exists()


@pytest.mark.parametrize("name", [each for each in STATES if each != "revoked"])
def test_another_account_learns_nothing_of_it(name: str) -> None:
    invite()
    STATES[name][1]()
    client = sign_in("other@example.org")
    shown = client.get(PAGE)

    assert_shows(shown, "another")
    assert EMAIL not in shown.content.decode()
    for answer in ("accept", "decline"):
        assert_shows(client.post(PAGE, {"answer": answer}), "another")
    assert not Membership.objects.filter(user__email="other@example.org").exists()


def test_whoever_was_invited_joins_and_sees_it_again() -> None:
    invite(role="admin")
    client = sign_in(EMAIL.upper())
    assert "You are invited to be an admin." in client.get(PAGE).content.decode()

    joined = client.post(PAGE, {"answer": "accept"})

    assert (joined.status_code, joined["Location"]) == (302, PAGE)
    assert_shows(client.get(PAGE), "member")
    assert_shows(client.post(PAGE, {"answer": "accept"}), "member")
    assert Membership.objects.get(user__email__iexact=EMAIL).role == "admin"


def test_declined_invitation_is_good_no_more() -> None:
    invite()
    client = sign_in()

    assert_shows(client.post(PAGE, {"answer": "decline"}), "declined")
    assert_shows(client.get(PAGE), "answered")
    assert Invitation.objects.get().declined_at is not None


@pytest.mark.parametrize("body", [{}, {"answer": ""}, {"answer": "Accept"}, {"accept": "1"}])
def test_post_without_an_answer_answers_nothing(body: dict[str, str]) -> None:
    invite()

    assert_shows(sign_in().post(PAGE, body), "open")
    assert Invitation.objects.get().accepted_at is Invitation.objects.get().declined_at is None


def test_nobody_is_led_to_sign_in_whether_there_is_an_invitation_or_not() -> None:
    invite()
    for page in (PAGE, "/invitations/fhi_none/", "/invitations/%00/"):
        for response in (Client().get(page), Client().post(page, {"answer": "accept"})):
            assert (response.status_code, response["Location"]) == (302, f"/login/?next={page.replace('%', '%25')}")
    make_user(email=EMAIL, password="right")
    client = Client()
    form = {"username": EMAIL, "password": "right", "next": PAGE}
    assert client.post("/login/", form)["Location"] == PAGE
    assert_shows(client.get(PAGE), "open")


def test_answer_is_of_a_form_of_ours() -> None:
    invite()
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user(email=EMAIL))

    assert client.post(PAGE, {"answer": "accept"}).status_code == 403
    assert client.put(PAGE).status_code in (403, 405)
    assert client.get(f"{PAGE}?answer=accept").status_code == 200
    assert not Membership.objects.filter(user__email=EMAIL).exists()


@pytest.mark.parametrize(
    "secret", ["%00", "%C2%85", "%ED%A0%80", "é" * 200, "x" * 10_000, hash_key(TEXT), "fhi_", "1%2F2"]
)
def test_what_is_no_secret_shows_nothing(secret: str) -> None:
    invite()
    client = sign_in()

    assert client.get(f"/invitations/{secret}/").status_code == 404
    assert client.post(f"/invitations/{secret}/", {"answer": "accept"}).status_code == 404


def test_name_that_no_page_can_hold_is_shown_without_it() -> None:
    tenant = make_tenant(name="<b>Ac\x85me</b>")
    invite(inviter=make_membership(tenant=tenant, role="owner"))

    text = sign_in().get(PAGE).content.decode()

    assert "Join &lt;b&gt;Ac\N{REPLACEMENT CHARACTER}me&lt;/b&gt;</h1>" in text


def test_letter_leads_to_the_page(settings: Settings, mailoutbox: list[EmailMessage]) -> None:
    settings.SENDS_MAIL = True
    membership = make_membership(tenant=make_tenant(name=TENANT), role="owner")
    body = {"tenant_id": str(membership.tenant_id), "email": EMAIL, "role": "viewer"}
    assert Caller(membership.user).send("POST", "invitations", body).status_code == 201

    (address,) = [word for word in str(mailoutbox[0].body).split() if word.startswith("http://testserver/inv")]

    client = sign_in()
    assert_shows(client.get(address.removeprefix("http://testserver")), "open")
    client.post(address.removeprefix("http://testserver"), {"answer": "accept"})
    assert Membership.objects.get(user__email=EMAIL).role == "viewer"
