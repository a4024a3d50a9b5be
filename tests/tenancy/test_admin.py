"""The admin pages of tenancy."""

import re
from html import unescape

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from auth_app.models import User
from tenancy.models import ApiKey, Membership, Tenant
from tenancy.services.api_key import hash_key, issue_api_key
from tests.admin.pages import get_url, read_form
from tests.auth_app.factories import make_staff, make_superuser, make_user
from tests.tenancy.factories import make_api_key, make_membership, make_project, make_tenant

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator() -> Client:
    client = Client()
    client.force_login(make_superuser())
    return client


def test_add_shows_the_key_once_and_keeps_its_hash(operator: Client) -> None:
    form = {
        "project": make_project().pk,
        "name": "CI",
        "scopes": '["runs:write"]',
        "expires_at_0": "",
        "expires_at_1": "",
    }

    page = operator.post(get_url(ApiKey, "add"), form, follow=True)

    row = ApiKey.objects.get()
    shown = re.findall(rf"{row.prefix}_[\w-]+", unescape(page.content.decode()))
    assert [hash_key(key) for key in shown] == [row.key_hash]
    assert (row.name, row.scopes, row.expires_at) == ("CI", ["runs:write"], None)
    again = operator.get(get_url(ApiKey, "changelist")).content.decode()
    assert shown[0] not in again + str(list(LogEntry.objects.values()))


def test_pages_do_not_hold_the_hash(operator: Client) -> None:
    key = issue_api_key(project=make_project(), name="CI").api_key

    for page in (get_url(ApiKey, "changelist"), get_url(ApiKey, "change", key), get_url(ApiKey, "delete", key)):
        assert key.key_hash not in operator.get(page).content.decode()


def test_change_writes_nothing(operator: Client) -> None:
    key = make_api_key()
    before = ApiKey.objects.values().get()

    operator.post(
        get_url(ApiKey, "change", key), {"name": "Other", "scopes": '["all"]', "key_hash": "0" * 64, "prefix": "x"}
    )

    assert ApiKey.objects.values().get() == before


def test_revoke_ends_the_selected_keys(operator: Client) -> None:
    first, second, other = make_api_key(), make_api_key(), make_api_key()
    data = {"action": "revoke", "_selected_action": [first.pk, second.pk]}

    page = operator.post(get_url(ApiKey, "changelist"), data, follow=True)
    again = operator.post(get_url(ApiKey, "changelist"), data, follow=True)

    assert "2 keys were revoked." in page.content.decode()
    assert "0 keys were revoked." in again.content.decode()
    assert list(ApiKey.objects.usable()) == [other]
    assert LogEntry.objects.filter(change_message="Revoked.").count() == 2


def test_revoke_is_refused_to_who_may_not_change(client: Client) -> None:
    client.force_login(make_staff("auditors"))
    key = make_api_key()

    client.post(get_url(ApiKey, "changelist"), {"action": "revoke", "_selected_action": [key.pk]})

    assert list(ApiKey.objects.usable()) == [key]


def sign_in_as(group: str) -> Client:
    client = Client()
    client.force_login(make_staff(group))
    return client


def get_button(key: ApiKey) -> str:
    return get_url(ApiKey, "revoke_one", key)


def test_revoke_by_an_app_operator_ends_the_selected_keys() -> None:
    key = make_api_key()

    page = sign_in_as("app operators").post(
        get_url(ApiKey, "changelist"), {"action": "revoke", "_selected_action": [key.pk]}, follow=True
    )

    assert "1 key was revoked." in page.content.decode()
    assert not ApiKey.objects.usable().exists()


def test_button_on_a_keys_page_asks_first_and_revokes_then() -> None:
    operator, key = sign_in_as("app operators"), make_api_key()
    assert get_button(key) in operator.get(get_url(ApiKey, "change", key)).content.decode()

    asked = operator.get(get_button(key)).content.decode()
    assert "A revoked key stays revoked." in asked
    assert list(ApiKey.objects.usable()) == [key]
    done = operator.post(get_button(key), {"_form_submitted": "True"})

    assert (done.status_code, done["Location"]) == (302, get_url(ApiKey, "change", key))
    assert not ApiKey.objects.usable().exists()
    assert LogEntry.objects.get().change_message == "Revoked."


def test_button_of_a_revoked_key_is_gone_and_does_nothing() -> None:
    operator, key = sign_in_as("app operators"), make_api_key()
    operator.post(get_button(key), {"_form_submitted": "True"})
    before = ApiKey.objects.values().get()

    page = operator.get(get_url(ApiKey, "change", key)).content.decode()
    operator.post(get_button(key), {"_form_submitted": "True"})

    assert get_button(key) not in page
    assert ApiKey.objects.values().get() == before


def test_button_is_hidden_from_and_refused_to_who_may_not() -> None:
    auditor, key = sign_in_as("auditors"), make_api_key()

    assert get_button(key) not in auditor.get(get_url(ApiKey, "change", key)).content.decode()
    assert auditor.post(get_button(key), {"_form_submitted": "True"}).status_code == 403
    assert list(ApiKey.objects.usable()) == [key]


# --- The last owner --------------------------------------------------------------------------------------------------
LAST = "A tenant keeps its last owner; make another member owner first"


def test_page_of_the_last_owner_says_why_the_role_stays(operator: Client) -> None:
    owner = make_membership(role="owner")
    url = get_url(Membership, "change", owner)
    form = read_form(operator.get(url).content.decode(), Membership)

    page = operator.post(url, {**form, "role": "viewer"})

    assert page.status_code == 200
    assert LAST in unescape(page.content.decode())
    assert Membership.objects.get().role == "owner"


@pytest.mark.parametrize("change", [{"memberships-0-role": "viewer"}, {"memberships-0-DELETE": "on"}])
def test_page_of_the_tenant_says_why_its_last_owner_stays(change: dict[str, str], operator: Client) -> None:
    tenant = make_membership(role="owner").tenant
    url = get_url(Tenant, "change", tenant)
    form = read_form(operator.get(url).content.decode(), Tenant)

    page = operator.post(url, {**form, **change}, follow=True)

    assert page.status_code == 200
    assert LAST in unescape(page.content.decode())
    assert Membership.objects.get().role == "owner"


def test_pages_leave_a_membership_to_its_user_and_tenant(operator: Client) -> None:
    member, other = make_membership(role="viewer"), make_membership()
    another = {"user": str(other.user_id), "tenant": str(other.tenant_id), "role": "member"}
    for model, row, changes in (
        (Membership, member, another),
        (Tenant, member.tenant, {"memberships-0-user": str(other.user_id), "memberships-0-role": "admin"}),
    ):
        url = get_url(model, "change", row)
        form = read_form(operator.get(url).content.decode(), model)

        page = operator.post(url, {**form, **changes})

        assert page.status_code == 302, page.content.decode()
        found = Membership.objects.get(pk=member.pk)
        assert (found.user, found.tenant) == (member.user, member.tenant)
        assert found.role in changes.values()


@pytest.mark.parametrize("way", ["delete", "selected"])
def test_last_owner_is_not_deleted_from_the_list(way: str, operator: Client) -> None:
    owner = make_membership(role="owner")
    selected = {"action": "delete_selected", "_selected_action": [owner.pk], "post": "yes"}
    url = get_url(Membership, "changelist") if way == "selected" else get_url(Membership, "delete", owner)

    page = operator.post(url, selected, follow=True)

    assert LAST in unescape(page.content.decode())
    assert Membership.objects.get() == owner


@pytest.mark.parametrize("way", ["delete", "selected"])
def test_page_that_deletes_an_account_names_the_tenants_that_go_along(way: str, operator: Client) -> None:
    anna = make_user()
    make_membership(tenant=make_tenant(name="Alone <b>"), user=anna, role="owner")
    shared = make_membership(user=anna, role="owner").tenant
    make_membership(tenant=shared, role="owner")
    selected = {"action": "delete_selected", "_selected_action": [anna.pk]}
    url = get_url(User, "changelist") if way == "selected" else get_url(User, "delete", anna)

    page = operator.post(url, selected) if way == "selected" else operator.get(url)
    operator.post(url, {**selected, "post": "yes"})

    words = "Tenant, with all in it, since its last owner goes: "
    assert words + "Alone &lt;b&gt;" in page.content.decode()
    assert words + shared.name not in page.content.decode()
    assert list(Tenant.objects.all()) == [shared]
