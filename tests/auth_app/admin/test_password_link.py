"""An administrator has a link sent, and neither types nor reads what opens somebody's account."""

import re
import smtplib
import socket
from typing import Any

import django
import pytest
from django.contrib.admin.models import LogEntry
from django.core.mail import EmailMessage
from django.test import Client
from pytest_django.fixtures import Settings

from auth_app.models import User
from auth_app.services.password_link import describe_failure
from config.environment.mail import list_mail_settings
from tests.admin.pages import get_url
from tests.auth_app.factories import make_staff, make_superuser, make_user

pytestmark = pytest.mark.django_db

Mails = list[EmailMessage]
NEW = {"new_password1": "corre-ct-horse", "new_password2": "corre-ct-horse"}
LINK = re.compile(r"https?://\S+")
PRESSED = {"_form_submitted": "True"}  # what the button in the dialog sends


@pytest.fixture
def boss() -> Client:
    client = Client()
    client.force_login(make_superuser())
    return client


def get_send_url(user: User) -> str:
    return f"/admin/auth_app/user/{user.pk}/send_link/"


def list_messages(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def find_link(mail: EmailMessage) -> str:
    found = LINK.search(str(mail.body))
    assert found
    return found[0]


def send_all(boss: Client, users: list[User]) -> Any:
    data = {"action": "send_links", "_selected_action": [user.pk for user in users]}
    return boss.post(get_url(User, "changelist"), data, follow=True)


def use_mail_server(settings: Settings, url: str) -> None:
    for name, value in list_mail_settings(url).items():
        setattr(settings, name, value)


def find_closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize("who", ["superuser", "auth managers"])
def test_nobody_types_the_password_of_another(who: str) -> None:
    user, client = make_user("before"), Client()
    client.force_login(make_superuser() if who == "superuser" else make_staff(who))
    address = f"/admin/auth_app/user/{user.pk}/password/"

    shown = client.get(address, follow=True)
    client.post(address, {"usable_password": "true", "password1": "corre-ct-horse", "password2": "corre-ct-horse"})

    assert 'type="password"' not in shown.content.decode()
    for page in (get_url(User, "add"), get_url(User, "change", user)):
        assert 'type="password"' not in client.get(page).content.decode()
    user.refresh_from_db()
    assert user.check_password("before")


def test_new_user_has_no_password_until_they_choose_one(boss: Client, mailoutbox: Mails) -> None:
    boss.post(get_url(User, "add"), {"email": "new@example.org", "display_name": "New"})
    user = User.objects.get(email="new@example.org")
    assert not user.has_usable_password()

    page = boss.post(get_send_url(user), PRESSED, follow=True)

    assert list_messages(page)[-1] == "A link to set a password was sent to new@example.org."
    assert [mail.to for mail in mailoutbox] == [["new@example.org"]]
    assert mailoutbox[0].subject == "Choose a password for testserver"
    choose_password(find_link(mailoutbox[0]))
    assert Client().login(username="new@example.org", password=NEW["new_password1"])


def choose_password(link: str) -> None:
    reader = Client()
    form = reader.get(link, follow=True)
    assert "Choose a password" in form.content.decode()
    done = reader.post(form.redirect_chain[-1][0], NEW, follow=True)
    assert "Your password is changed" in done.content.decode()


def test_page_asks_first_and_sends_then(boss: Client, mailoutbox: Mails) -> None:
    user = make_user("before", email="ada@example.org")

    page = boss.get(get_url(User, "change", user)).content.decode()
    asked = boss.get(get_send_url(user))

    assert f'href="{get_send_url(user)}"' in page
    assert "It leads to a page where this person chooses a password." in asked.content.decode()
    assert mailoutbox == []
    assert boss.post(get_send_url(user), PRESSED)["Location"] == get_url(User, "change", user)
    assert len(mailoutbox) == 1


def test_link_stands_in_the_letter_and_nowhere_else(
    boss: Client, mailoutbox: Mails, caplog: pytest.LogCaptureFixture
) -> None:
    user = make_user("before")

    with caplog.at_level("DEBUG"):
        page = boss.post(get_send_url(user), PRESSED, follow=True)

    token = find_link(mailoutbox[0]).rstrip("/").rpartition("/")[2]
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.get_change_message()) == (str(user.pk), "A link to set a password was sent.")
    history = boss.get(get_url(User, "history", user)).content.decode()
    assert token not in page.content.decode() + history + caplog.text


def test_link_holds_once(boss: Client, mailoutbox: Mails) -> None:
    boss.post(get_send_url(make_user("before")), PRESSED)
    link = find_link(mailoutbox[0])
    choose_password(link)

    again = Client().get(link, follow=True)

    assert (again.status_code, "This link does not hold any more" in again.content.decode()) == (200, True)


@pytest.mark.parametrize("is_secure", [True, False])
def test_link_is_https_where_the_cookies_are(
    boss: Client, mailoutbox: Mails, settings: Settings, is_secure: bool
) -> None:
    settings.SESSION_COOKIE_SECURE = is_secure

    boss.post(get_send_url(make_user()), PRESSED)

    assert find_link(mailoutbox[0]).startswith("https://testserver/" if is_secure else "http://testserver/")


def test_several_are_sent_from_the_list(boss: Client, mailoutbox: Mails) -> None:
    users = [make_user(email="a@example.org"), make_user(email="b@example.org", is_active=False), make_superuser()]

    page = send_all(boss, users)

    assert list_messages(page) == [
        "Nothing was sent: b@example.org is not active, and could not sign in.",
        f"A link to set a password was sent to 2 users: a@example.org, {users[2].email}.",
    ]
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(["a@example.org", users[2].email])
    assert LogEntry.objects.count() == 2


def test_too_many_at_a_time_are_refused(boss: Client, mailoutbox: Mails, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("auth_app.admin.password_link.MOST", 1)

    page = send_all(boss, [make_user(), make_user()])

    assert list_messages(page) == ["Nothing was sent: choose at most 1 users at a time."]
    assert mailoutbox == []


def test_without_a_mail_server_nothing_is_claimed(boss: Client, mailoutbox: Mails, settings: Settings) -> None:
    settings.SENDS_MAIL = False

    page = send_all(boss, [make_user(), make_user()])

    assert list_messages(page) == ["Nothing was sent: EMAIL_URL is not set, so that this site has no mail server."]
    assert mailoutbox == []
    assert not LogEntry.objects.exists()


def test_mail_server_that_does_not_answer_is_one_message(boss: Client, settings: Settings) -> None:
    use_mail_server(settings, f"smtp://user:pass@127.0.0.1:{find_closed_port()}")

    page = send_all(boss, [make_user(), make_user()])

    assert page.status_code == 200
    assert list_messages(page) == [
        "Nothing was sent: the mail server does not take it ([Errno 111] Connection refused)."
    ]
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize(
    ("error", "reason", "is_server"),
    [
        (
            smtplib.SMTPAuthenticationError(535, b"5.7.8 wrong password"),
            "the mail server does not take it (535 5.7.8 wrong password).",
            True,
        ),
        (
            smtplib.SMTPRecipientsRefused({"ada@example.org": (550, b"no such box")}),
            "the mail server does not take ada@example.org (550 no such box).",
            False,
        ),
        (TimeoutError(), "the mail server does not take it (TimeoutError).", True),
    ],
)
def test_what_a_mail_server_says_is_shown_as_text(error: Exception, reason: str, is_server: bool) -> None:
    failure = describe_failure(User(email="ada@example.org"), error)

    assert (str(failure), failure.is_server) == (reason, is_server)


def test_link_to_a_user_who_is_gone_is_not_found(boss: Client) -> None:
    user = make_user()
    address = get_send_url(user)
    user.delete()

    assert boss.post(address, PRESSED).status_code == 404


def test_member_who_may_not_change_users_sends_nothing(mailoutbox: Mails) -> None:
    for group in ("app operators", "auditors"):
        client, user = Client(), make_user()
        client.force_login(make_staff(group))

        assert client.post(get_send_url(user), PRESSED).status_code == 403
        assert get_send_url(user) not in client.get(get_url(User, "change", user)).content.decode()
    assert mailoutbox == []


def test_mail_settings_fit_this_django() -> None:
    given = list_mail_settings("smtp+tls://user:p%40ss@mail.example.org:587")

    if django.VERSION >= (6, 1):
        mailer = given["MAILERS"]["default"]
        assert mailer["OPTIONS"] == {
            "host": "mail.example.org",
            "port": 587,
            "username": "user",
            "password": "p@ss",
            "use_tls": True,
            "timeout": 10,
        }
    else:
        assert given["EMAIL_HOST_PASSWORD"] == "p@ss"
        assert (given["EMAIL_HOST"], given["EMAIL_PORT"], given["EMAIL_TIMEOUT"]) == ("mail.example.org", 587, 10)
