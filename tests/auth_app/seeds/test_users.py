"""The demo people: who they are, and that they can sign in."""

from __future__ import annotations

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.test import override_settings
from pytest_django.fixtures import Settings

from auth_app.models import OAuthAccount, PhoneVerification, User
from auth_app.seeds import people
from config.quickstart.demo import LOGINS
from tests.seeded import ALIAS, run_seed


def test_demo_logins_that_quickstart_prints_are_among_the_users(seeded: str) -> None:
    for login in LOGINS:
        user = User.objects.using(seeded).get(email=login.email)
        assert check_password(login.password, user.password)


@pytest.mark.parametrize(
    ("name", "flags"),
    [
        ("admin", (True, True, True)),
        ("user", (True, False, False)),
        ("auth.manager", (True, True, False)),
        ("master.editor", (True, True, False)),
        ("app.operator", (True, True, False)),
        ("auditor", (True, True, False)),
        ("frans", (False, False, False)),
    ],
)
def test_demo_user_is_active_staff_superuser(seeded: str, name: str, flags: tuple[bool, bool, bool]) -> None:
    user = User.objects.using(seeded).get(email=f"{name}@freehold.example")

    assert (user.is_active, user.is_staff, user.is_superuser) == flags


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("auth.manager", "auth managers"),
        ("master.editor", "master editors"),
        ("app.operator", "app operators"),
        ("auditor", "auditors"),
    ],
)
def test_demo_member_of_a_group_holds_its_permissions(seeded: str, name: str, group: str) -> None:
    user = User.objects.using(seeded).get(email=f"{name}@freehold.example")

    assert [each.name for each in user.groups.all()] == [group]
    assert user.groups.get().permissions.count() > 0


def test_all_demo_users_share_one_hash_that_is_made_once(seeded: str) -> None:
    hashes = set(User.objects.using(seeded).values_list("password", flat=True))

    assert len(hashes) == 1
    assert User.objects.using(seeded).count() == len(people.PEOPLE) >= 12


def test_user_seed_leaves_an_account_of_the_same_address_in_another_case(seeded: str, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = settings.PASSWORD_HASHERS[1:]  # those that the rows were made with
    run_seed("down", "--kind", "demo")
    mine = User.objects.using(ALIAS).create(email="Lena@Freehold.Example", password="!")
    try:
        printed = run_seed("up", "auth_app.0001_users")
        names = list(User.objects.using(ALIAS).filter(email__iexact=mine.email).values_list("email", flat=True))
    finally:
        mine.delete()
        run_seed("up", "--kind", "demo")

    assert printed.startswith("  auth_app.0001_users: 17 rows added, 1 row left as others made them, ")
    assert names == ["Lena@Freehold.Example"]


def test_demo_user_signs_in_where_the_database_has_them(db: None) -> None:
    user = User.objects.create(email=people.PEOPLE[0].email, password=next(iter(people.list_users())).password)

    assert authenticate(username="ADMIN@freehold.example", password="freehold-demo") == user


def test_proofs_lie_in_ranges_kept_for_fiction_and_open_nothing(seeded: str) -> None:
    for account in OAuthAccount.objects.using(seeded).select_related("user"):
        assert account.email == account.user.email
    for verification in PhoneVerification.objects.using(seeded):
        assert verification.expires_at < verification.created_at.replace(year=2027)
        assert verification.number.startswith(("+447700900", "+120255501", "+3319900"))


@override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.Argon2PasswordHasher"])
def test_hash_of_the_demo_password_is_the_same_every_time() -> None:
    one, other = (next(iter(people.list_users())).password for _ in range(2))

    assert one == other
    assert one.startswith("argon2$argon2id$")
