"""The account, the profile and the preferences of whoever asks."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings, strategies as st

from freehold import measure_json
from profile.models import Profile
from tests.api import ANY, Caller, list_faults
from tests.auth_app.factories import make_user
from tests.profile.factories import make_profile
from tests.rls import as_nobody, as_user

pytestmark = pytest.mark.django_db
PATHS = ("me", "me/profile", "me/preferences")


@pytest.mark.parametrize("path", PATHS)
def test_nobody_is_asked_to_sign_in(path: str) -> None:
    answer = Caller().get(path)

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


def test_account_is_that_of_whoever_asks() -> None:
    user = make_user(display_name="Ann")

    assert Caller(user).read("me") == {"id": str(user.pk), "email": user.email, "display_name": "Ann"}


def test_profile_that_is_not_there_is_as_its_defaults_say_and_is_made_by_the_first_change() -> None:
    user = make_user()
    caller = Caller(user)
    answer = caller.get("me/profile")
    assert answer.json() == {
        "display_name": "", "bio": "", "avatar_url": "", "locale": "en", "time_zone": "UTC", "version": 0
    }  # fmt: skip

    changed = caller.send("PATCH", "me/profile", {"locale": "pt-BR"}, **{"If-Match": answer["ETag"]})
    assert (changed.status_code, changed.json()["locale"], changed.json()["version"]) == (200, "pt-BR", 1)
    again = caller.send("PATCH", "me/profile", {"locale": "de"}, **{"If-Match": answer["ETag"]})
    assert again.status_code == 412
    assert Profile.objects.get(user=user).locale == "pt-BR"


def test_change_without_if_match_is_refused() -> None:
    for path in ("me/profile", "me/preferences"):
        answer = Caller(make_user()).send("PATCH", path, {})
        assert (answer.status_code, "If-Match" in answer.json()["detail"]) == (428, True)
        assert Caller(make_user()).send("PATCH", path, {}, **{"If-Match": "nonsense"}).status_code == 412


def test_faults_of_a_profile_are_told_by_field() -> None:
    caller = Caller(make_user())

    shape = list_faults(caller.send("PATCH", "me/profile", {"bio": 1, "id": 2, "locale": "a" * 13}, **ANY))
    rules = list_faults(
        caller.send("PATCH", "me/profile", {"locale": "DE", "time_zone": "x", "avatar_url": "y"}, **ANY)
    )

    assert shape == {
        "#/id": "There is no such field.",
        "#/bio": "Expected `str`, got `int`.",
        "#/locale": "Expected `str` of length <= 12.",
    }
    assert rules.keys() == {"#/locale", "#/time_zone", "#/avatar_url"}
    assert not Profile.objects.exists()


def test_preferences_are_merged_by_name() -> None:
    caller = Caller(make_user())
    made = caller.send("PATCH", "me/preferences", {"a": 1, "b": {"c": [True]}}, **ANY)
    changed = caller.send("PATCH", "me/preferences", {"a": None, "d": "é"}, **{"If-Match": made["ETag"]})

    assert changed.json() == caller.read("me/preferences") == {"b": {"c": [True]}, "d": "é"}
    assert caller.read("me/profile")["version"] == 2


def test_preferences_have_bounds() -> None:
    caller = Caller(make_user())

    assert list_faults(caller.send("PATCH", "me/preferences", {str(n): n for n in range(101)}, **ANY))
    assert caller.send("PATCH", "me/preferences", {str(n): n for n in range(100)}, **ANY).status_code == 200
    assert list_faults(caller.send("PATCH", "me/preferences", {"x": 1}, **ANY))
    assert list_faults(caller.send("PATCH", "me/preferences", {"0": "\0"}, **ANY))
    assert list_faults(caller.send("PATCH", "me/preferences", {"0": "a" * 70_000}, **ANY))
    assert caller.read("me/preferences")["0"] == 0


def test_preferences_are_bounded_by_what_is_kept_after_merging() -> None:
    caller = Caller(make_user())
    for name in "abc":
        assert caller.send("PATCH", "me/preferences", {name: "a" * 20_000}, **ANY).status_code == 200
    refused = caller.send("PATCH", "me/preferences", {"d": "a" * 20_000}, **ANY)
    assert list_faults(refused) == {"#": "That makes 80036 bytes of preferences, and 65536 are kept."}
    assert caller.send("PATCH", "me/preferences", {"d": "a" * 20_000, "a": None}, **ANY).status_code == 200


@pytest.mark.parametrize("number", ["1e308", "-1e308", "1.5e-300", "123456789e300"])
def test_numbers_are_counted_as_the_database_writes_them_out(number: str) -> None:
    caller = Caller(make_user())
    members = ", ".join(f'"{name}": [{", ".join([number] * 50)}]' for name in "abcdefgh")

    faults = list_faults(caller.send("PATCH", "me/preferences", f"{{{members}}}".encode(), **ANY))

    assert faults.keys() == {"#"}
    assert int(faults["#"].split()[2]) > 100_000


@pytest.mark.parametrize(
    "document", [{"a": [1e308, 1.5e-300, -1.25, 10**30]}, {"é\n": "\u2028\x01ü"}, {"": {}, "b": [[]]}]
)
@pytest.mark.postgresql
def test_size_is_that_of_the_text_of_the_column(document: dict[str, Any]) -> None:
    profile = make_profile(preferences=document)
    with connection.cursor() as cursor:
        cursor.execute("SELECT octet_length(preferences::text) FROM app.profiles WHERE id = %s", [profile.pk])
        assert cursor.fetchone() == (measure_json(document),)


def test_database_bounds_preferences_whoever_writes_them() -> None:
    make_profile(preferences={"a": "a" * 260_000})
    with pytest.raises(IntegrityError, match="profiles_preferences_short"), transaction.atomic():
        make_profile(preferences={"a": "a" * 270_000})


def test_faults_of_preferences_are_told_by_their_whole_names() -> None:
    caller = Caller(make_user())
    faults = list_faults(
        caller.send("PATCH", "me/preferences", {"a.b/c": "\0", "fine": 1, "~": [{"x": "\0"}], "__all__": "\0"}, **ANY)
    )
    assert faults == dict.fromkeys(("#/a.b~1c", "#/~0", "#/__all__"), "Text holds a character that can't be stored.")
    many = caller.send("PATCH", "me/preferences", {str(n): n for n in range(100)}, **ANY)
    assert many.status_code == 200
    assert list_faults(caller.send("PATCH", "me/preferences", {"x": 1}, **ANY)) == {
        "#": "That makes 101 preferences, and 100 are kept."
    }
    long = list_faults(caller.send("PATCH", "me/preferences", {"n" * 101: 1, "fine": 1}, **ANY))
    assert long == {f"#/{'n' * 101}": "Its name: Expected `str` of length <= 100."}


@pytest.mark.parametrize(
    ("number", "kept"),
    [("1" * 5000, None), ("1e400", None), ("NaN", None), ("-1" + "0" * 400, -(10**400)), ("0.1" + "1" * 20_000, 1 / 9)],
)
def test_number_beyond_range_is_refused_or_kept(number: str, kept: float | None) -> None:
    caller = Caller(make_user())

    answer = caller.send("PATCH", "me/preferences", b'{"0": %s}' % number.encode(), **ANY)

    assert answer.status_code in ((400, 422) if kept is None else (200,))
    assert caller.read("me/preferences").get("0") == kept


@pytest.mark.postgresql
def test_profile_of_somebody_without_offers_needs_no_filter_to_stay_theirs() -> None:
    owner = make_user()
    make_profile(user=owner)

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM app.profiles")
            return int(cursor.fetchone()[0])

    with as_user(owner):
        assert count() == 1
    for somebody in (as_user(make_user()), as_nobody()):
        with somebody:
            assert count() == 0


# A larger float comes back as the whole number that jsonb makes of its digits.
LEAVES = st.none() | st.booleans() | st.integers() | st.floats(-1e15, 1e15)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=9)
DOCUMENTS = st.recursive(
    LEAVES | TEXTS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3), max_leaves=9
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from("abcd"), DOCUMENTS, max_size=4))
def test_preferences_are_kept_as_they_came(changes: dict[str, Any]) -> None:
    caller = Caller(make_user())
    answer = caller.send("PATCH", "me/preferences", changes, **ANY)

    assert answer.status_code == 200, answer.content
    assert caller.read("me/preferences") == {name: value for name, value in changes.items() if value is not None}
