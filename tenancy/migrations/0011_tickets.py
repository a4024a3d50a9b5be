"""Let a ticket say whose tenants they are, as a session does."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

LIST_TENANTS = """
CREATE OR REPLACE FUNCTION app.list_tenants_of_user(roles text[]) RETURNS SETOF uuid
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER SET search_path = pg_catalog, pg_temp
AS $$
    SELECT m.tenant_id
    FROM app.memberships AS m
    WHERE m.user_id = (
        SELECT CASE split_part(current_setting('freehold.proof', true), ':', 1)
            {arms}
        END
    ) AND m.role = ANY (roles)
$$
"""
SESSION = "WHEN 'session' THEN auth.user_of_session()"
TICKET = "WHEN 'ticket' THEN auth.user_of_ticket()"


class Migration(migrations.Migration):
    dependencies = [("tenancy", "0010_proofs"), ("auth_app", "0013_tickets")]

    operations = [
        RunPostgreSQL(LIST_TENANTS.format(arms=f"{SESSION} {TICKET}"), LIST_TENANTS.format(arms=SESSION)),
    ]
