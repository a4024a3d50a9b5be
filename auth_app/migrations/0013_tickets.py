"""Create the functions of tickets: proofs of who acts that the database seals, for one service and some minutes.

A ticket is `ticket:<version>.<kind>.<user>.<tenant>.<login>.<end>.<stamp>.<key id>.<HMAC>`. The end is seconds since 1970.
The stamp is a digest of the password's hash: a new password, and the ticket is worth nothing. Which database it is for
says the key, which is for one (`freehold.sealing`).
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

STAMP = "\"left\"(encode(sha256(convert_to(u.password, 'UTF8')), 'hex'), 16)"
# With the rights of who calls it: nobody but this schema's owner may sign.
CREATE_WRITE = """
CREATE FUNCTION auth.write_ticket(
    kind text, user_id uuid, tenant_id uuid, service text, minutes integer, latest timestamptz
)
RETURNS text
LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ends_at timestamptz;
    stamp text := '';
BEGIN
    IF (minutes BETWEEN 1 AND 60) IS NOT TRUE THEN
        RAISE 'a ticket lasts 1 to 60 minutes, and % were asked for', coalesce(minutes::text, 'NULL')
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    IF (service ~ '^[a-z_][a-z0-9_]{{0,62}}$' AND to_regrole(service) IS NOT NULL) IS NOT TRUE THEN
        RAISE 'a ticket is for a service, and % is the name of no role', coalesce(quote_literal("left"(service, 63)), 'NULL')
            USING ERRCODE = 'invalid_parameter_value', HINT = 'Name the login of the service, e.g. api_rw.';
    END IF;
    IF user_id IS NOT NULL THEN
        SELECT {stamp} INTO stamp FROM auth."user" u WHERE u.id = user_id AND u.is_active;
        IF NOT FOUND THEN
            RAISE 'a ticket is for an active user, and % is none', user_id USING ERRCODE = 'invalid_parameter_value';
        END IF;
    END IF;
    ends_at := least(clock_timestamp() + make_interval(mins => minutes), latest);
    RETURN 'ticket:' || seal.sign(concat_ws(
        '.', '1', kind, coalesce(user_id::text, ''), coalesce(tenant_id::text, ''), service,
        floor(extract(epoch FROM ends_at))::bigint, stamp
    ));
END
$$
"""
CREATE_SEAL = """
CREATE FUNCTION auth.seal_ticket(kind text, user_id text, tenant_id text, service text, minutes integer)
RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    form CONSTANT text := '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$';
    named text;
BEGIN
    FOREACH named IN ARRAY ARRAY[user_id, tenant_id] LOOP
        IF named <> '' AND (octet_length(named) <> 36 OR "left"(named, 36) !~* form) THEN
            RAISE 'the ids of a ticket are UUIDs, and % is none', quote_literal("left"(named, 40))
                USING ERRCODE = 'invalid_parameter_value';
        END IF;
    END LOOP;
    IF (kind = 'user' AND user_id <> '' OR kind = 'api_key' AND tenant_id <> '') IS NOT TRUE THEN
        RAISE 'a ticket is for a user with an id or for an api_key with a tenant''s, and this is neither: %',
            coalesce(quote_literal("left"(kind, 40)), 'NULL') USING ERRCODE = 'invalid_parameter_value';
    END IF;
    RETURN auth.write_ticket(kind, nullif(user_id, '')::uuid, nullif(tenant_id, '')::uuid, service, minutes, NULL);
END
$$
"""
# Length and signature come first: what they let pass is what write_ticket wrote, so that nothing after them can fail.
# The end is held against the transaction's beginning, so that no transaction loses who acts in the middle of it.
CREATE_READ = """
CREATE FUNCTION auth.{name}() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    ticket text := current_setting('freehold.proof', true);
    part text[];
BEGIN
    IF ticket IS NULL OR octet_length(ticket) > 300 OR NOT starts_with(ticket, 'ticket:') THEN
        RETURN NULL;
    END IF;
    ticket := substr(ticket, 8);
    IF NOT seal.is_signed(ticket) THEN
        RETURN NULL;
    END IF;
    part := string_to_array(ticket, '.');
    IF part[1] <> '1' OR to_timestamp(part[6]::double precision) <= now()
        OR part[5] <> coalesce(nullif(current_setting('role'), 'none'), session_user::text) THEN
        RETURN NULL;
    END IF;
    {gives}
END
$$
"""
FIND_USER = """SELECT u.id FROM auth."user" u
        WHERE u.id = part[3]::uuid AND u.is_active AND {stamp} = part[7]"""
GIVE_USER = """IF part[3] = '' THEN
        RETURN NULL;
    END IF;
    RETURN (
        {find_user}
    );"""
# A user may choose a tenant and need not belong to it: only of an API key the tenant alone says what it may see.
GIVE_TENANT = """IF part[2] <> 'api_key' OR part[3] <> '' AND NOT EXISTS (
        {find_user}
    ) THEN
        RETURN NULL;
    END IF;
    RETURN part[4]::uuid;"""
# For whoever acts now, as policies find them. What a ticket makes ends with it.
CREATE_DELEGATE = """
CREATE FUNCTION auth.delegate_ticket(service text, minutes integer) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    proof text := current_setting('freehold.proof', true);
    acting_user uuid;
    acting_tenant uuid;
    latest timestamptz;
BEGIN
    IF starts_with(proof, 'session:') THEN
        acting_user := auth.user_of_session();
    ELSIF starts_with(proof, 'ticket:') THEN
        acting_user := auth.user_of_ticket();
        acting_tenant := CASE WHEN starts_with(proof, 'ticket:1.api_key.') THEN auth.tenant_of_ticket() END;
    END IF;
    IF acting_user IS NULL AND acting_tenant IS NULL THEN
        RETURN NULL;
    END IF;
    IF starts_with(proof, 'ticket:') THEN
        latest := to_timestamp(split_part(proof, '.', 6)::double precision);
    END IF;
    RETURN auth.write_ticket(
        CASE WHEN acting_tenant IS NULL THEN 'user' ELSE 'api_key' END,
        acting_user, acting_tenant, service, minutes, latest
    );
END
$$
"""
FIND = FIND_USER.format(stamp=STAMP)
FUNCTIONS = {
    "write_ticket(text, uuid, uuid, text, integer, timestamptz)": CREATE_WRITE.format(stamp=STAMP),
    "seal_ticket(text, text, text, text, integer)": CREATE_SEAL,
    "user_of_ticket()": CREATE_READ.format(name="user_of_ticket", gives=GIVE_USER.format(find_user=FIND)),
    "tenant_of_ticket()": CREATE_READ.format(name="tenant_of_ticket", gives=GIVE_TENANT.format(find_user=FIND)),
    "delegate_ticket(text, integer)": CREATE_DELEGATE,
}


class Migration(migrations.Migration):
    # Not on the seals: functions in PL/pgSQL look for what they call when they run, and `migrate --schema auth` is by itself.
    dependencies = [("auth_app", "0012_session_proof")]

    operations = [
        RunPostgreSQL(
            [create, f"REVOKE EXECUTE ON FUNCTION auth.{signature} FROM PUBLIC"],
            f"DROP FUNCTION IF EXISTS auth.{signature} CASCADE",  # policies ask two of them
        )
        for signature, create in FUNCTIONS.items()
    ]
