"""Who may do what in a tenant: the roles, and the three functions of the database that policies ask.

The functions see all memberships, tenants and keys, which a policy on these tables can't look at itself; migrations
`0005_access` and `0013_project_of_api_key` make them. Here is also what answers in their place on SQLite.
"""

from __future__ import annotations

from typing import Any, Final

from django.apps import apps
from django.db.models import Exists, F, Q, QuerySet, TextChoices
from django.utils.translation import gettext_lazy as _

from freehold import Holds, OneOf, Principal, stands_in_for

LIST_TENANTS: Final = "app.list_tenants_of_user(text[])"
EXISTS_TENANT: Final = "app.exists_tenant(uuid)"
PROJECT_OF_KEY: Final = "app.project_of_api_key()"


class MemberRole(TextChoices):
    """What a member may do in a tenant, the most first."""

    OWNER = "owner", _("owner")
    ADMIN = "admin", _("admin")
    MEMBER = "member", _("member")
    VIEWER = "viewer", _("viewer")


OWNERS: Final = (MemberRole.OWNER.value,)
ADMINS: Final = (*OWNERS, MemberRole.ADMIN.value)
MEMBERS: Final = (*ADMINS, MemberRole.MEMBER.value)
EVERYONE: Final = (*MEMBERS, MemberRole.VIEWER.value)

INVITED: Final = (
    MemberRole.MEMBER.value,
    MemberRole.VIEWER.value,
)  # by admins: as less than they are


def belongs_to(column: str, roles: tuple[str, ...]) -> Q:
    """Give the condition that whoever asks has one of the roles in the tenant that the column names."""
    return Q(OneOf(column, LIST_TENANTS, list(roles)))


def is_tenant(column: str) -> Q:
    """Give the condition that the column names a tenant that exists."""
    return Q(Holds(EXISTS_TENANT, F(column)))


def is_of_key(column: str) -> Q:
    """Give the condition that the column names the project of the API key that asks."""
    return Q(OneOf(column, PROJECT_OF_KEY))


@stands_in_for(LIST_TENANTS)
def list_tenants_of_user(principal: Principal, roles: list[str]) -> QuerySet[Any, Any]:
    """Give the ids of the tenants in which the user has one of the roles."""
    memberships = apps.get_model("tenancy.Membership")._default_manager.filter(role__in=roles)
    mine = memberships.filter(user_id=principal.user_id) if principal.user_id else memberships.none()
    return mine.values("tenant_id")


@stands_in_for(EXISTS_TENANT)
def exists_tenant(principal: Principal, tenant: Any) -> Exists:
    """Tell whether there is a tenant of that id."""
    return Exists(apps.get_model("tenancy.Tenant")._default_manager.filter(pk=tenant))


@stands_in_for(PROJECT_OF_KEY)
def project_of_api_key(principal: Principal) -> QuerySet[Any, Any]:
    """Give the id of the project that the key is for; none for anybody else."""
    projects = apps.get_model("tenancy.Project")._default_manager
    is_key = principal.kind == "api_key" and bool(principal.part_id)
    return (projects.filter(pk=principal.part_id) if is_key else projects.none()).values("pk")
