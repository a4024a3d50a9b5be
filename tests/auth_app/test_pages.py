import pytest
from django.test import Client

from tests.auth_app.factories import make_user

pytestmark = pytest.mark.django_db

WRONG = "Please enter a correct e-mail address and password. Note that both fields may be case-sensitive."


def sign_in(client: Client, **fields: str) -> object:
    return client.post("/login/", {"username": "ada@example.org", "password": "right", **fields})


def test_login_with_the_right_password_leads_home_signed_in(client: Client) -> None:
    user = make_user("right", email="ada@example.org")
    response = sign_in(client, username="ADA@Example.org")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(user.pk)


def test_login_with_a_wrong_password_says_so_and_keeps_the_address(client: Client) -> None:
    make_user("right", email="ada@example.org")
    text = sign_in(client, password="wrong").content.decode()
    assert WRONG in text
    assert 'name="username" value="ada@example.org"' in text
    assert "wrong" not in text.replace(WRONG, "")


def test_login_of_an_inactive_user_is_refused_like_a_wrong_password(client: Client) -> None:
    make_user("right", email="ada@example.org", is_active=False)
    assert WRONG in sign_in(client).content.decode()


@pytest.mark.parametrize(
    "fields", [{"username": ""}, {"username": "a\0b"}, {"username": "x" * 9000}, {"password": "\0"}]
)
def test_login_with_hostile_input_is_the_form_again(client: Client, fields: dict[str, str]) -> None:
    response = sign_in(client, **fields)
    assert response.status_code == 200
    assert 'class="error"' in response.content.decode()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\0"])
def test_login_leads_nowhere_outside_the_site(client: Client, target: str) -> None:
    make_user("right", email="ada@example.org")
    assert sign_in(client, next=target)["Location"] == "/"


def test_login_leads_back_to_the_page_that_asked_for_it(client: Client) -> None:
    make_user("right", email="ada@example.org")
    assert 'name="next" value="/items/?q=a"' in client.get("/login/?next=/items/%3Fq%3Da").content.decode()
    assert sign_in(client, next="/items/?q=a")["Location"] == "/items/?q=a"


def test_login_of_someone_signed_in_leads_home(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/login/")["Location"] == "/"


def test_logout_takes_a_post_and_ends_the_session(client: Client) -> None:
    client.force_login(make_user())
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session
