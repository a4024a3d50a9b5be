"""The pages behind a link to a password, and the one that sends it to whoever forgot theirs."""

import re

import pytest
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import EmailMessage
from django.test import Client
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from pytest_django.fixtures import Settings

from auth_app.models import User
from tests.auth_app.factories import make_user

pytestmark = pytest.mark.django_db

Mails = list[EmailMessage]
SENT = "If that address belongs to an account with a password, a link is on its way there."


def get_link(user: User) -> str:
    uid = urlsafe_base64_encode(force_bytes(str(user.pk)))
    return f"/password-reset/{uid}/{default_token_generator.make_token(user)}/"


def ask(client: Client, email: str) -> str:
    page = client.post("/password-reset/", {"email": email}, follow=True)
    assert page.status_code == 200
    return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())


def test_answer_is_the_same_whether_there_is_such_an_account(client: Client, mailoutbox: Mails) -> None:
    make_user("before", email="ada@example.org")
    make_user("before", email="gone@example.org", is_active=False)
    make_user(email="linked@example.org")

    answers = [ask(client, f"{name}@example.org") for name in ("ada", "gone", "linked", "nobody")]

    assert len(set(answers)) == 1
    assert SENT in answers[0]
    assert [mail.to for mail in mailoutbox] == [["ada@example.org"]]


def test_page_says_so_where_no_mail_is_sent(client: Client, mailoutbox: Mails, settings: Settings) -> None:
    settings.SENDS_MAIL = False
    make_user("before", email="ada@example.org")

    for page in (client.get("/password-reset/"), client.post("/password-reset/", {"email": "ada@example.org"})):
        assert "This site sends no mail, because EMAIL_URL is not set." in page.content.decode()
        assert 'type="email"' not in page.content.decode()
    assert mailoutbox == []


@pytest.mark.parametrize("email", ["", "no address", "a\0b@example.org", "x" * 300 + "@example.org"])
def test_bad_address_is_said_at_the_field(client: Client, email: str) -> None:
    page = client.post("/password-reset/", {"email": email})

    assert (page.status_code, 'id="email-error"' in page.content.decode()) == (200, True)


def test_login_page_leads_there(client: Client) -> None:
    assert '<a href="/password-reset/">Forgot your password?</a>' in client.get("/login/").content.decode()


def test_new_password_is_set_and_nothing_else(client: Client) -> None:
    user = make_user("before", display_name="Ada")
    form = client.get(get_link(user), follow=True)
    User.objects.filter(pk=user.pk).update(display_name="Countess")

    page = client.post(
        form.redirect_chain[-1][0], {"new_password1": "corre-ct-horse", "new_password2": "corre-ct-horse"}
    )

    user.refresh_from_db()
    assert page["Location"] == "/password-reset/complete/"
    assert (user.check_password("corre-ct-horse"), user.display_name) == (True, "Countess")


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (("corre-ct-horse", "another-horse"), "The two password fields didn"),
        (("1234", "1234"), "This password is too short."),
        (("", ""), "This field is required."),
        (("a\0b", "a\0b"), "Null characters are not allowed."),
    ],
)
def test_bad_password_is_said_at_the_field(client: Client, typed: tuple[str, str], message: str) -> None:
    user = make_user("before")
    form = client.get(get_link(user), follow=True)

    page = client.post(form.redirect_chain[-1][0], {"new_password1": typed[0], "new_password2": typed[1]})

    user.refresh_from_db()
    assert (page.status_code, message in page.content.decode()) == (200, True)
    assert user.check_password("before")


@pytest.mark.parametrize("uid", ["x", "AAAA", "%00", "e30", urlsafe_base64_encode(b"\xff\x00"), "1" * 500])
@pytest.mark.parametrize("token", ["set-password", "x-y", "%00", "1" * 500])
def test_link_that_is_none_is_no_error(client: Client, uid: str, token: str) -> None:
    page = client.get(f"/password-reset/{uid}/{token}/", follow=True)

    assert (page.status_code, "This link does not hold any more" in page.content.decode()) == (200, True)


def test_link_does_not_hold_after_the_address_changed(client: Client) -> None:
    user = make_user("before")
    link = get_link(user)
    User.objects.filter(pk=user.pk).update(email="other@example.org")

    assert "This link does not hold any more" in client.get(link, follow=True).content.decode()


def test_pages_run_as_web(client: Client) -> None:
    from django.urls import resolve

    from freehold.ownership import get_ownership
    from freehold.services.routes import get_service_name

    for address in (get_link(make_user()), "/password-reset/", "/password-reset/sent/", "/password-reset/complete/"):
        assert get_service_name(get_ownership(), resolve(address)) == "web"
        assert client.get(address, follow=True).status_code == 200
