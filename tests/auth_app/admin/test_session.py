"""Ends of sessions in the admin site: who may, what is written down, and that ended is over at the next request."""

import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from auth_app.models import Session, User
from auth_app.proofs import get_proof
from tests.admin.pages import get_url
from tests.auth_app.factories import make_session, make_staff, make_superuser, make_user

pytestmark = pytest.mark.django_db

CHOICE = r'name="_selected_action"[^>]*value="([^"]+)"|value="([^"]+)"[^>]*name="_selected_action"'


def sign_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def is_signed_in(client: Client) -> bool:
    """Whether the pages of two services still know who asks."""
    answers = {"Sign out" in client.get(path).content.decode() for path in ("/", "/items/")}
    assert len(answers) == 1
    return answers.pop()


def list_chosen(client: Client, **filters: str) -> list[str]:
    """What the boxes of the list stand for, in its order."""
    html = client.get(get_url(Session, "changelist"), filters).content.decode()
    return [first or second for first, second in re.findall(CHOICE, html)]


def end(client: Client, chosen: list[str]) -> str:
    page = client.post(get_url(Session, "changelist"), {"action": "end", "_selected_action": chosen}, follow=True)
    return page.content.decode()


def test_end_signs_the_selected_session_out_at_its_next_request(client: Client) -> None:
    ada, bob = make_user(email="ada@example.org"), make_user(email="bob@example.org")
    hers, his = sign_in(ada), sign_in(bob)
    boss = sign_in(make_superuser())
    (chosen,) = list_chosen(boss, q="ada@example.org")
    assert (is_signed_in(hers), is_signed_in(his)) == (True, True)

    assert "1 session was ended." in end(boss, [chosen])

    assert (is_signed_in(hers), is_signed_in(his)) == (False, True)
    assert not Session.objects.filter(user=ada).exists()


def test_end_of_ones_own_session_leads_to_the_sign_in_page() -> None:
    boss = sign_in(make_superuser())

    end(boss, list_chosen(boss))

    assert boss.get("/admin/").status_code == 302


def test_page_form_and_log_hold_nothing_that_signs_in() -> None:
    ada = make_user(email="ada@example.org")
    boss, hers = sign_in(make_superuser()), sign_in(ada)
    session = Session.objects.get(user=ada)
    key = hers.cookies["sessionid"].value
    (chosen,) = list_chosen(boss, q="ada@example.org")

    pages = boss.get(get_url(Session, "changelist")).content.decode() + end(boss, [chosen])

    entry = LogEntry.objects.get()
    told = f"{entry.object_id} {entry.object_repr} {entry.change_message}"
    assert entry.object_repr == f"{session}: ada@example.org"
    assert [secret for secret in (key, get_proof(key)) if secret in pages + told] == []
    for secret in (chosen, entry.object_id):
        thief = Client()
        thief.cookies["sessionid"] = secret
        assert not is_signed_in(thief)


@pytest.mark.parametrize("chosen", ["", "x" * 5000, "ä\u2028'\"", "0" * 64, "0" * 32, "a\0b"])
def test_end_of_what_is_no_session_ends_nothing(chosen: str) -> None:
    boss = sign_in(make_superuser())
    make_session(user=make_user())

    said = end(boss, [chosen])

    refusal = "Nothing was done: what was selected is not in this list."
    assert ("0 sessions were ended." if chosen == "0" * 32 else refusal) in said
    assert Session.objects.count() == 2


def test_end_of_all_that_are_listed_takes_what_the_filter_shows() -> None:
    boss = sign_in(make_superuser(email="root@example.org"))
    for _ in range(2):
        make_session(user=make_user(display_name="Ada", email=f"ada{_}@example.org"))
    data = {"action": "end", "select_across": "1", "_selected_action": list_chosen(boss, q="ada")[:1]}

    page = boss.post(f"{get_url(Session, 'changelist')}?q=ada", data, follow=True)

    assert "2 sessions were ended." in page.content.decode()
    assert [each.user.email for each in Session.objects.all()] == ["root@example.org"]


@pytest.mark.parametrize(("group", "may"), [("auth managers", True), ("auditors", False)])
def test_end_is_for_who_may_delete_sessions(group: str, may: bool) -> None:
    staff = sign_in(make_staff(group))
    session = make_session(user=make_user(email="ada@example.org"))
    chosen = list_chosen(staff, q="ada@example.org")

    end(staff, chosen)

    assert bool(chosen) is may
    assert Session.objects.filter(pk=session.pk).exists() is not may


def test_end_is_refused_to_who_sends_the_form_without_the_right() -> None:
    boss, auditor = sign_in(make_superuser()), sign_in(make_staff("auditors"))
    make_session(user=make_user(email="ada@example.org"))

    end(auditor, list_chosen(boss, q="ada@example.org"))

    assert Session.objects.filter(user__email="ada@example.org").exists()


def test_end_of_all_sessions_of_selected_users_ends_these_alone() -> None:
    ada, bob = make_user(), make_user()
    at_home, at_work, his = sign_in(ada), sign_in(ada), sign_in(bob)
    manager = sign_in(make_staff("auth managers"))

    page = manager.post(
        get_url(User, "changelist"), {"action": "end_sessions", "_selected_action": [ada.pk]}, follow=True
    )

    assert "2 sessions were ended." in page.content.decode()
    assert (is_signed_in(at_home), is_signed_in(at_work), is_signed_in(his)) == (False, False, True)
    entry = LogEntry.objects.get()
    assert (entry.object_id, entry.change_message) == (str(ada.pk), "2 sessions were ended.")


def get_button(user: User) -> str:
    return get_url(User, "end_sessions_of_one", user)


def test_button_on_a_users_page_asks_first_and_ends_then() -> None:
    ada = make_user()
    hers, manager = sign_in(ada), sign_in(make_staff("auth managers"))
    page = manager.get(get_url(User, "change", ada)).content.decode()
    assert get_button(ada) in page

    asked = manager.get(get_button(ada)).content.decode()
    assert "Wherever this person is signed in" in asked
    assert is_signed_in(hers)
    done = manager.post(get_button(ada), {"_form_submitted": "True"})

    assert (done.status_code, done["Location"]) == (302, get_url(User, "change", ada))
    assert not is_signed_in(hers)


def test_button_sent_by_a_script_leads_the_window_back() -> None:
    ada = make_user()
    manager = sign_in(make_staff("auth managers"))

    done = manager.post(get_button(ada), {"_form_submitted": "True"}, headers={"HX-Request": "true"})

    assert (done.status_code, done["HX-Redirect"]) == (200, get_url(User, "change", ada))


def test_button_is_hidden_from_and_refused_to_who_may_not() -> None:
    ada = make_user()
    hers, auditor = sign_in(ada), sign_in(make_staff("auditors"))

    assert get_button(ada) not in auditor.get(get_url(User, "change", ada)).content.decode()
    assert auditor.post(get_button(ada), {"_form_submitted": "True"}).status_code == 403
    assert is_signed_in(hers)


@pytest.mark.parametrize("key", ["nobody", "00000000-0000-0000-0000-000000000000"])
def test_button_of_nobody_is_not_there(key: str) -> None:
    manager = sign_in(make_staff("auth managers"))

    assert (
        manager.post(f"/admin/auth_app/user/{key}/end_sessions_of_one/", {"_form_submitted": "True"}).status_code == 404
    )
