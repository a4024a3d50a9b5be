"""Making users, finding them, and what goes with them when they go."""

import pytest
from asgiref.sync import async_to_sync
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from auth_app.models import OAuthAccount, PhoneVerification, Session, User
from items.models import Favorite, Item, ItemImage
from profile.models import Profile
from tenancy.models import Membership, Tenant
from tests.auth_app.factories import make_oauth_account, make_phone_verification, make_session, make_user
from tests.items.factories import make_favorite, make_item, make_item_image
from tests.profile.factories import make_profile
from tests.tenancy.factories import make_membership

HANGS_ON_A_USER = (Session, OAuthAccount, PhoneVerification, Item, ItemImage, Favorite, Profile, Membership)

pytestmark = pytest.mark.django_db


def make_user_with_everything() -> User:
    user = make_user()
    make_session(user=user)
    make_oauth_account(user=user)
    make_phone_verification(user=user)
    item = make_item(user=user)
    make_item_image(item=item)
    make_favorite(user=user, item=item)
    make_profile(user=user)
    make_membership(user=user)
    return user


def count_rows() -> dict[type[models.Model], int]:
    return {model: model._base_manager.count() for model in HANGS_ON_A_USER}


def test_create_user_normalizes_the_domain_and_hashes_the_password() -> None:
    user = User.objects.create_user(" Ada@EXAMPLE.org ", "secret")

    assert user.email == "Ada@example.org"
    assert user.check_password("secret")
    assert (user.is_staff, user.is_superuser, user.is_active) == (False, False, True)


def test_create_user_without_a_password_opens_no_door() -> None:
    user = User.objects.create_user("ada@example.org")

    assert not user.has_usable_password()


@pytest.mark.parametrize("email", ["", "  "])
def test_create_user_blank_email_raises(email: str) -> None:
    with pytest.raises(ValueError) as caught:
        User.objects.create_user(email)

    assert str(caught.value) == "A user needs an e-mail address: email is blank"


def test_create_superuser_may_do_everything() -> None:
    user = User.objects.create_superuser("root@example.org", "secret", is_staff=False)

    assert (user.is_staff, user.is_superuser) == (True, True)


def test_get_by_natural_key_in_another_case_finds_the_user() -> None:
    user = make_user(email="Ada.Lovelace@example.org")

    assert User.objects.get_by_natural_key("ADA.lovelace@EXAMPLE.org") == user
    assert async_to_sync(User.objects.aget_by_natural_key)("ada.LOVELACE@example.org") == user


@pytest.mark.parametrize("email", ["someone@example.org", "", None])
def test_get_by_natural_key_unknown_raises(email: str | None) -> None:
    with pytest.raises(User.DoesNotExist):
        User.objects.get_by_natural_key(email)


@pytest.mark.postgresql
def test_get_by_natural_key_uses_the_index() -> None:
    User.objects.bulk_create(User(email=f"user{number}@example.org") for number in range(500))

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = User.objects.with_email("a@b.org").explain()

    assert "user_email_lower_uniq" in plan


def test_authenticate_in_another_case_signs_in() -> None:
    user = make_user("secret", email="Ada@example.org")

    assert authenticate(username="ada@EXAMPLE.ORG", password="secret") == user
    assert authenticate(username="ada@example.org", password="wrong") is None


def test_authenticate_inactive_is_refused() -> None:
    make_user("secret", email="ada@example.org", is_active=False)

    assert authenticate(username="ada@example.org", password="secret") is None


def test_full_clean_email_in_another_case_is_refused() -> None:
    make_user(email="ada@example.org")

    with pytest.raises(ValidationError) as caught:
        User(email="ADA@example.org", password="x").full_clean()

    assert caught.value.messages == ["A user with this e-mail address in another spelling of case exists."]


def test_get_full_name_without_a_display_name_is_the_email() -> None:
    assert User(email="a@b.org").get_full_name() == "a@b.org"
    assert User(email="a@b.org", display_name="Ada").get_full_name() == "Ada"


def test_delete_by_sql_takes_along_what_hangs_on_the_user() -> None:
    user = make_user_with_everything()
    others = dict.fromkeys(HANGS_ON_A_USER, 0)
    assert min(count_rows().values()) == 1

    with connection.cursor() as cursor:
        key = User._meta.pk.get_db_prep_value(user.pk, connection)
        cursor.execute(f"DELETE FROM {connection.ops.quote_name('auth.user')} WHERE id = %s", [key])

    assert count_rows() == others
    assert Tenant.objects.count() == 1


def test_delete_sends_no_query_to_schema_app() -> None:
    user = make_user_with_everything()
    survivor = make_item()

    with CaptureQueriesContext(connection) as queries:
        user.delete()

    assert [query["sql"] for query in queries if '"app' in query["sql"]] == []
    assert count_rows() == {model: int(model is Item) for model in HANGS_ON_A_USER}
    assert Item.objects.get() == survivor


def test_delete_queryset_sends_no_query_to_schema_app() -> None:
    for _ in range(3):
        make_user_with_everything()

    with CaptureQueriesContext(connection) as queries:
        User.objects.all().delete()

    assert [query["sql"] for query in queries if '"app' in query["sql"]] == []
    assert count_rows() == dict.fromkeys(HANGS_ON_A_USER, 0)
