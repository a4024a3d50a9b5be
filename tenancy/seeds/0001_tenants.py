"""Three tenants with their members, projects and keys."""

from freehold.seeds import Rows, Seed
from tenancy.seeds import organisations

SEED = Seed(
    kind="demo",
    depends=("auth_app.0001_users",),
    rows=(
        Rows(
            "tenancy.Tenant",
            key=("slug",),
            fields=organisations.TenantRow._fields,
            read=organisations.list_tenants,
        ),
        Rows(
            "tenancy.Membership",
            key=("tenant", "user"),
            fields=organisations.MembershipRow._fields,
            references={"tenant": ("slug",), "user": ("email",)},
            read=organisations.list_memberships,
        ),
        Rows(
            "tenancy.Project",
            key=("tenant", "slug"),
            fields=organisations.ProjectRow._fields,
            references={"tenant": ("slug",)},
            read=organisations.list_projects,
        ),
        Rows(
            "tenancy.ApiKey",
            key=("prefix",),
            fields=organisations.KeyRow._fields,
            references={"project": ("tenant__slug", "slug")},
            read=organisations.list_keys,
        ),
    ),
    sources=(organisations,),
)
