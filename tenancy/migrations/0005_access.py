"""Create the functions that policies ask: app.list_tenants_of_user and app.exists_tenant."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# PARALLEL SAFE, or no query on a table whose policies call them could ever be run by several workers.
LIST_TENANTS = """
CREATE OR REPLACE FUNCTION app.list_tenants_of_user(roles text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.tenant_id
    FROM app.memberships AS m
    WHERE m.user_id = (SELECT nullif(current_setting('freehold.user_id', true), '')::uuid) AND m.role = ANY (roles)
$$
"""
EXISTS_TENANT = """
CREATE OR REPLACE FUNCTION app.exists_tenant(tenant uuid) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$ SELECT EXISTS (SELECT 1 FROM app.tenants AS t WHERE t.id = tenant) $$
"""


def for_nobody_else(signature):
    """Give the statement that takes the function from everyone: the map says whom it is granted to."""
    return f"REVOKE EXECUTE ON FUNCTION {signature} FROM PUBLIC"


def drop(signature):
    """Give the statement that removes the function with the policies that ask it."""
    return f"DROP FUNCTION IF EXISTS {signature} CASCADE"


class Migration(migrations.Migration):
    dependencies = [
        ("tenancy", "0004_api_key"),
    ]

    operations = [
        RunPostgreSQL(
            [LIST_TENANTS, for_nobody_else("app.list_tenants_of_user(text[])")],
            drop("app.list_tenants_of_user(text[])"),
        ),
        RunPostgreSQL([EXISTS_TENANT, for_nobody_else("app.exists_tenant(uuid)")], drop("app.exists_tenant(uuid)")),
    ]
