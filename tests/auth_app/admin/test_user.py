"""The admin page of users."""

import pytest
from django.test import Client

from auth_app.models import Session, User
from auth_app.proofs import get_proof
from items.models import Item
from tests.admin.pages import get_url, read_form
from tests.auth_app.factories import make_session, make_staff, make_superuser, make_user
from tests.items.factories import make_item
from tests.profile.factories import make_profile

pytestmark = pytest.mark.django_db


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_sign_in_by_email_in_another_case_opens_the_site(client: Client) -> None:
    make_superuser("secret", email="Root@example.org")

    page = client.post("/admin/login/?next=/admin/", {"username": "root@EXAMPLE.org", "password": "secret"})

    assert (page.status_code, page.headers["Location"]) == (302, "/admin/")


def test_sign_in_page_without_a_goal_leads_to_the_start_page(client: Client) -> None:
    page = client.get("/admin/login/")

    assert (page.status_code, page.headers["Location"]) == (302, "/admin/login/?next=%2Fadmin%2F")


def test_sign_in_wrong_password_says_so(client: Client) -> None:
    make_superuser("secret", email="root@example.org")

    page = client.post("/admin/login/", {"username": "root@example.org", "password": "wrong"})

    assert "Please enter the correct e-mail address and password for a staff account." in page.content.decode()


def test_page_of_a_user_shows_no_hash() -> None:
    user = make_user("secret")

    text = sign_in(make_superuser()).get(get_url(User, "change", user)).content.decode()

    assert user.password not in text
    assert user.password.split("$")[-1] not in text


def test_delete_user_with_everything_takes_it_along() -> None:
    user = make_user()
    make_session(user=user)
    make_item(user=user)
    browser = sign_in(make_superuser())

    asked = browser.get(get_url(User, "delete", user)).content.decode()
    done = browser.post(get_url(User, "delete", user), {"post": "yes"})

    assert "Item " in asked
    assert (done.status_code, User.objects.filter(pk=user.pk).exists(), Item.objects.count()) == (302, False, 0)


def test_delete_page_of_a_user_does_not_hold_the_keys_of_the_sessions() -> None:
    session = make_session(user=make_user())

    page = sign_in(make_superuser()).get(get_url(User, "delete", session.user))

    assert "Session" in page.content.decode()
    assert session.session_key not in page.content.decode()


def test_auth_manager_may_delete_a_user_whose_items_others_manage() -> None:
    user = make_user()
    make_profile(user=user)
    make_session(user=user)

    page = sign_in(make_staff("auth managers")).post(get_url(User, "delete", user), {"post": "yes"})

    assert (page.status_code, User.objects.filter(pk=user.pk).exists()) == (302, False)


def test_auth_manager_makes_no_superusers() -> None:
    manager = make_staff("auth managers")
    browser = sign_in(manager)
    form = read_form(browser.get(get_url(User, "change", manager)).content.decode(), User)

    browser.post(get_url(User, "change", manager), {**form, "is_superuser": "on", "display_name": "Boss"})

    manager.refresh_from_db()
    assert (manager.display_name, manager.is_superuser) == ("Boss", False)


def test_auth_manager_does_not_touch_a_superuser() -> None:
    boss = make_superuser("secret")
    browser = sign_in(make_staff("auth managers"))
    selected = {"action": "delete_selected", "_selected_action": [boss.pk], "post": "yes"}

    assert browser.post(get_url(User, "change", boss), {"email": "x@y.org"}).status_code == 403
    assert browser.post(get_url(User, "delete", boss), {"post": "yes"}).status_code == 403
    assert browser.post(f"/admin/auth_app/user/{boss.pk}/send_link/", {"_form_submitted": "True"}).status_code == 403
    assert browser.post(get_url(User, "changelist"), selected).status_code == 403
    assert browser.get(get_url(User, "change", boss)).status_code == 200
    assert User.objects.get(pk=boss.pk).email == boss.email


def test_session_list_holds_nothing_that_signs_in() -> None:
    session = make_session(user=make_user(email="ada@example.org"), ip_address="192.0.2.1")
    browser = sign_in(make_superuser())
    key = browser.cookies["sessionid"].value

    for query in ({}, {"q": "ada@"}, {"q": "192.0.2"}, {"state": "valid"}):
        text = browser.get(get_url(Session, "changelist"), query).content.decode()
        assert "192.0.2.1" in text
        assert key not in text
        assert get_proof(key) not in text
    for query in ({"q": session.session_key}, {"state": "expired"}):
        assert "192.0.2.1" not in browser.get(get_url(Session, "changelist"), query).content.decode()
    assert browser.get(f"/admin/auth_app/session/{session.session_key}/change/").status_code in {302, 404}
