"""Makes tenants and what hangs on them. Every call gives another row; keywords override."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from tenancy.models import ApiKey, IdempotencyKey, Invitation, Membership, Project, ServiceToken, Tenant
from tests.auth_app.factories import make_user

NUMBERS = count(1)


def make_tenant(**fields: Any) -> Tenant:
    number = next(NUMBERS)
    return Tenant.objects.create(**{"name": f"Tenant {number}", "slug": f"tenant-{number}", **fields})


def make_membership(**fields: Any) -> Membership:
    fields["tenant"] = fields.get("tenant") or make_tenant()
    fields["user"] = fields.get("user") or make_user()
    return Membership.objects.create(**fields)


def make_project(**fields: Any) -> Project:
    fields["tenant"] = fields.get("tenant") or make_tenant()
    number = next(NUMBERS)
    return Project.objects.create(**{"name": f"Project {number}", "slug": f"project-{number}", **fields})


def make_api_key(**fields: Any) -> ApiKey:
    fields["project"] = fields.get("project") or make_project()
    number = next(NUMBERS)
    defaults = {"name": f"Key {number}", "prefix": f"fh_{number:08}", "key_hash": f"{number:064x}"}
    key = ApiKey.objects.create(**{**defaults, **fields})
    key.refresh_from_db(fields=["key_hash"])  # of a service's keys the database chooses it
    return key


def make_invitation(**fields: Any) -> Invitation:
    inviter = fields["inviter"] = fields.get("inviter") or make_membership(role="owner", tenant=fields.get("tenant"))
    number = next(NUMBERS)
    defaults = {"tenant": inviter.tenant, "email": f"guest-{number}@example.org", "role": "member"}
    ends = timezone.now() + timedelta(days=1)
    return Invitation.objects.create(**{**defaults, "secret_hash": f"{number:064x}", "expires_at": ends, **fields})


def make_service_token(**fields: Any) -> ServiceToken:
    fields["tenant"] = fields.get("tenant") or make_tenant()
    number = next(NUMBERS)
    return ServiceToken.objects.create(**{"name": f"Token {number}", "token_hash": f"{number:064x}", **fields})


def make_idempotency_key(**fields: Any) -> IdempotencyKey:
    if not {"user", "project"} & fields.keys():
        fields["user"] = make_user()
    number = next(NUMBERS)
    defaults = {"key": f"key {number}", "fingerprint": f"{number:064x}", "expires_at": timezone.now() + timedelta(1)}
    return IdempotencyKey.objects.create(**{**defaults, **fields})
