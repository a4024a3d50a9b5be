"""Nobody hands out in the admin site what they do not hold, nor takes the account of someone who holds more."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import models
from django.test import Client

from auth_app.models import OAuthAccount, PhoneVerification, User
from tests.admin.pages import get_url, read_form
from tests.auth_app.factories import (
    make_oauth_account,
    make_phone_verification,
    make_staff,
    make_superuser,
    make_user,
)

pytestmark = pytest.mark.django_db

OUT_OF_REACH = "This user holds more than you do: ask a superuser."
EVERYTHING = {"is_superuser": "on", "is_staff": "on", "is_active": "on"}


@pytest.fixture
def manager() -> User:
    return make_staff("auth managers")


@pytest.fixture
def member(manager: User) -> Client:
    client = Client()
    client.force_login(manager)
    return client


def list_powers() -> dict[str, list[str]]:
    """Everything that the admin site's groups have been given, as it is forged into a form."""
    return {
        "groups": [str(pk) for pk in Group.objects.values_list("pk", flat=True)],
        "user_permissions": [str(pk) for pk in Permission.objects.values_list("pk", flat=True)],
    }


def open_form(member: Client, row: models.Model) -> dict[str, Any]:
    return read_form(member.get(get_url(type(row), "change", row)).content.decode(), type(row))


def make_disguised(kind: str) -> User:
    """Someone who holds more than an auth manager, whether they may use it at the moment or not."""
    if kind == "superuser":
        return make_superuser()
    if kind == "inactive superuser":
        return make_superuser(is_active=False)
    user = make_staff("app operators")
    if kind == "permission of their own":
        user.groups.clear()
        user.user_permissions.add(Permission.objects.get(codename="add_item"))
    elif kind != "member of another group":
        User.objects.filter(pk=user.pk).update(**{kind: False})
    return user


POWERFUL = pytest.mark.parametrize(
    "kind",
    [
        "superuser",
        "inactive superuser",
        "member of another group",
        "permission of their own",
        "is_active",
        "is_staff",
    ],
)


@pytest.mark.parametrize("is_self", [True, False])
def test_forged_powers_are_given_to_nobody(member: Client, manager: User, is_self: bool) -> None:
    user = manager if is_self else make_user()
    groups = list(user.groups.all())

    page = member.post(
        get_url(User, "change", user), {**open_form(member, user), **list_powers(), **EVERYTHING, "password": "x"}
    )

    user.refresh_from_db()
    assert page.status_code == 302
    assert (list(user.groups.all()), list(user.user_permissions.all()), user.is_superuser) == (groups, [], False)
    assert user.is_staff  # which by itself opens nothing
    assert user.password != "x"


@pytest.mark.parametrize("extra", [{}, {"_popup": "1"}, {"_saveasnew": "1"}])
def test_forged_powers_are_not_given_to_a_new_user(member: Client, extra: dict[str, str]) -> None:
    typed = {"email": "new@example.org", "display_name": "", **EVERYTHING, **list_powers(), **extra}

    page = member.post(get_url(User, "add"), typed)

    user = User.objects.get(email="new@example.org")
    assert page.status_code in {200, 302}
    assert (user.is_staff, user.is_superuser, user.has_usable_password()) == (False, False, False)
    assert (user.groups.exists(), user.user_permissions.exists()) == (False, False)


@POWERFUL
def test_account_of_someone_who_holds_more_is_not_touched(member: Client, kind: str, mailoutbox: list[Any]) -> None:
    user = make_disguised(kind)
    before = User.objects.filter(pk=user.pk).values().get()
    selected = {"_selected_action": [user.pk, make_user().pk], "post": "yes"}

    assert member.get(get_url(User, "change", user)).status_code == 200
    answers = [
        member.post(get_url(User, "change", user), {"email": "mine@example.org"}),
        member.post(get_url(User, "change", user) + "?_popup=1", {"email": "mine@example.org", "_popup": "1"}),
        member.get(get_url(User, "delete", user)),
        member.post(get_url(User, "delete", user), {"post": "yes"}),
        member.get(f"/admin/auth_app/user/{user.pk}/send_link/"),
        member.post(f"/admin/auth_app/user/{user.pk}/send_link/", {"_form_submitted": "True"}),
        member.post(get_url(User, "changelist"), {"action": "delete_selected", **selected}),
        member.post(get_url(User, "changelist"), {"action": "send_links", **selected}),
    ]

    assert [answer.status_code for answer in answers] == [403] * len(answers)
    assert User.objects.filter(pk=user.pk).values().get() == before
    assert mailoutbox == []


def test_account_of_someone_who_holds_as_much_is_changed(member: Client) -> None:
    colleague = make_staff("auth managers")

    page = member.post(
        get_url(User, "change", colleague), {**open_form(member, colleague), "email": "colleague@example.org"}
    )

    colleague.refresh_from_db()
    assert (page.status_code, colleague.email) == (302, "colleague@example.org")
    assert [group.name for group in colleague.groups.all()] == ["auth managers"]


def test_group_is_written_by_superusers_alone(member: Client, manager: User) -> None:
    group = Group.objects.get(name="auth managers")
    held = set(group.permissions.all())
    typed = {"name": "auth managers", "permissions": list_powers()["user_permissions"]}
    selected = {"action": "delete_selected", "_selected_action": [group.pk], "post": "yes"}

    answers = [
        member.post(get_url(Group, "change", group), typed),
        member.post(get_url(Group, "add"), {**typed, "name": "another"}),
        member.post(get_url(Group, "add") + "?_popup=1", {**typed, "name": "another", "_popup": "1"}),
        member.post(get_url(Group, "delete", group), {"post": "yes"}),
        member.post(get_url(Group, "changelist"), selected),
    ]

    assert [answer.status_code for answer in answers] == [403] * 4 + [200]  # the action is offered to nobody
    assert set(Group.objects.get(name="auth managers").permissions.all()) == held
    assert not Group.objects.filter(name="another").exists()
    boss = Client()
    boss.force_login(make_superuser())
    assert boss.post(get_url(Group, "change", group), typed).status_code == 302
    assert group.permissions.count() == len(typed["permissions"])


def test_superuser_hands_out_groups_and_permissions() -> None:
    user, boss = make_user(), Client()
    boss.force_login(make_superuser())

    page = boss.post(get_url(User, "change", user), {**open_form(boss, user), **list_powers(), **EVERYTHING})

    user.refresh_from_db()
    assert (page.status_code, user.is_superuser, user.groups.count()) == (302, True, Group.objects.count())


@POWERFUL
def test_linked_account_of_someone_who_holds_more_is_neither_made_nor_touched(member: Client, kind: str) -> None:
    boss = make_disguised(kind)
    theirs, mine = make_oauth_account(user=boss), make_oauth_account()
    typed = {"user": str(boss.pk), "provider": "github", "subject": "attacker", "email": "", "data": "{}"}

    added = member.post(get_url(OAuthAccount, "add"), {**typed, "last_login_at_0": "", "last_login_at_1": ""})
    moved = member.post(get_url(OAuthAccount, "change", mine), {**open_form(member, mine), "user": str(boss.pk)})
    refused = [
        member.post(get_url(OAuthAccount, "change", theirs), typed),
        member.post(get_url(OAuthAccount, "delete", theirs), {"post": "yes"}),
    ]

    assert added.context["adminform"].form.errors["user"] == [OUT_OF_REACH]
    assert moved.context["adminform"].form.errors["user"] == [OUT_OF_REACH]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert list(OAuthAccount.objects.filter(user=boss)) == [theirs]


def test_code_of_someone_who_holds_more_is_not_deleted(member: Client) -> None:
    code = make_phone_verification(user=make_superuser())

    assert member.post(get_url(PhoneVerification, "delete", code), {"post": "yes"}).status_code == 403
    assert PhoneVerification.objects.filter(pk=code.pk).exists()


def test_who_only_refers_to_users_sees_no_powers_of_theirs() -> None:
    operator, boss = Client(), make_superuser(email="boss@example.org")
    operator.force_login(make_staff("app operators"))

    shown = operator.get(get_url(User, "changelist"))
    page = operator.get(get_url(User, "change", boss))

    assert "boss@example.org" in shown.content.decode()
    assert list(page.context["adminform"].readonly_fields) != []
    shown_fields = [name for _, options in page.context["adminform"].fieldsets for name in options["fields"]]
    assert shown_fields == ["email", "display_name", "is_active", "created_at", "id"]
    for lookup in ("is_superuser__exact=1", "is_staff__exact=1", "groups__id__exact=1", "password__startswith=a"):
        found = operator.get(f"{get_url(User, 'changelist')}?{lookup}")
        assert (found.status_code, found.headers.get("Location", "")) in {
            (400, ""),
            (302, f"{get_url(User, 'changelist')}?e=1"),
        }, lookup
