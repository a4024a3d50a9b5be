"""What the database refuses of tenants, members, projects and keys, each constraint at least once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tenancy.models import ApiKey, IdempotencyKey, Membership, Project, Tenant
from tests.auth_app.factories import make_user
from tests.constraints import Refusal, assert_refused, list_constraints, save_stale
from tests.tenancy.factories import make_api_key, make_idempotency_key, make_membership, make_project, make_tenant

NOW = timezone.now()
BEFORE = NOW - timedelta(seconds=1)


def twice(make, **fields):
    make(**fields)
    make(**fields)


def write_hash(key: ApiKey, key_hash: str) -> None:
    """Write what no service inserts, since the database makes the keys."""
    ApiKey.objects.filter(pk=key.pk).update(key_hash=key_hash)


REFUSED: list[Refusal] = [
    (lambda: twice(make_tenant, slug="acme"), "tenants_slug_uniq"),
    (lambda: make_tenant(slug="Acme"), "tenants_slug_check"),
    (lambda: make_tenant(name=""), "tenants_name_check"),
    (lambda: twice(make_membership, tenant=make_tenant(), user=make_user()), "memberships_tenant_user_uniq"),
    (lambda: make_membership(role="boss"), "memberships_role_check"),
    (lambda: twice(make_project, tenant=make_tenant(), slug="x"), "projects_tenant_slug_uniq"),
    (lambda: make_project(slug="-x"), "projects_slug_check"),
    (lambda: make_project(name=""), "projects_name_check"),
    (lambda: twice(make_api_key, prefix="fh_1"), "api_keys_prefix_uniq"),
    (lambda: write_hash(make_api_key(), make_api_key().key_hash), "api_keys_key_hash_uniq"),
    (lambda: make_api_key(name=""), "api_keys_name_check"),
    (lambda: make_api_key(prefix=""), "api_keys_name_check"),
    (lambda: write_hash(make_api_key(), "fh_1_the-key-itself"), "api_keys_key_hash_check"),
    (lambda: make_api_key(scopes={}), "api_keys_scopes_check"),
    (lambda: make_api_key(created_at=NOW, expires_at=NOW), "api_keys_expires_at_check"),
    (lambda: make_api_key(created_at=NOW, revoked_at=BEFORE), "api_keys_revoked_at_check"),
    (lambda: [make_tenant(email=each) for each in ("a@example.org", "A@Example.org")], "tenants_email_lower_uniq"),
    (lambda: make_tenant(email="nowhere"), "tenants_email_check"),
    (lambda: make_tenant(email=""), "tenants_email_check"),
    (lambda: twice(make_idempotency_key, user=make_user(), key="a"), "idempotency_keys_user_key_uniq"),
    (lambda: twice(make_idempotency_key, project=make_project(), key="a"), "idempotency_keys_project_key_uniq"),
    (lambda: make_idempotency_key(user=None), "idempotency_keys_owner_check"),
    (lambda: make_idempotency_key(user=make_user(), project=make_project()), "idempotency_keys_owner_check"),
    (lambda: make_idempotency_key(key=""), "idempotency_keys_key_check"),
    (lambda: make_idempotency_key(fingerprint="x"), "idempotency_keys_key_check"),
    (lambda: make_idempotency_key(status=404), "idempotency_keys_status_check"),
    (lambda: make_idempotency_key(headers=[]), "idempotency_keys_headers_check"),
    (lambda: make_idempotency_key(body="x" * 65_537), "idempotency_keys_body_check"),
    (lambda: make_idempotency_key(expires_at=BEFORE), "idempotency_keys_expires_at_check"),
    (lambda: save_stale(make_tenant()), "tenants_version_counted"),
    (lambda: save_stale(make_membership()), "memberships_version_counted"),
    (lambda: save_stale(make_project()), "projects_version_counted"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("make", "constraint"), REFUSED, ids=lambda value: value if isinstance(value, str) else "")
def test_row_against_a_constraint_is_refused(make, constraint) -> None:
    assert_refused(make, constraint)


def test_every_constraint_is_tried() -> None:
    models = (Tenant, Membership, Project, ApiKey, IdempotencyKey)

    assert {constraint for _, constraint in REFUSED} == set().union(*map(list_constraints, models))


@pytest.mark.django_db
def test_project_with_the_slug_of_another_tenants_is_accepted() -> None:
    make_project(slug="website")

    assert make_project(slug="website").pk


@pytest.mark.django_db
def test_tenant_deleted_takes_along_members_projects_and_keys() -> None:
    key = make_api_key()
    make_membership(tenant=key.project.tenant)

    key.project.tenant.delete()

    assert [model.objects.count() for model in (Membership, Project, ApiKey)] == [0, 0, 0]


@pytest.mark.django_db
def test_usable_leaves_out_revoked_and_expired_keys() -> None:
    hour = timedelta(hours=1)
    usable = {make_api_key(), make_api_key(expires_at=NOW + hour)}
    make_api_key(created_at=NOW - 2 * hour, expires_at=NOW - hour)
    make_api_key(created_at=NOW - hour, revoked_at=NOW)

    assert set(ApiKey.objects.usable()) == usable
