"""Create the functions by which sessions are opened, found, kept and ended, and by which a page learns who acts.

They run as the schema's owner, so that no service needs to read a digest or write a row of sessions. Those that
take an argument take the proof of a session first (auth_app.proofs), never what lies in the row.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

# Every function below: its path is pinned, so that nothing a caller makes stands in for what it names.
DIGEST = "pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to($1, 'UTF8')), 'hex')"  # of the first argument

# The one place that says which proofs count for schema auth.
ACTING_USER_ID = """
CREATE FUNCTION auth.acting_user_id() RETURNS uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    RETURN CASE pg_catalog.split_part(pg_catalog.current_setting('freehold.proof', true), ':', 1)
        WHEN 'session' THEN auth.user_of_session()
        WHEN 'ticket' THEN auth.user_of_ticket()
    END;
END
$$
"""
ACTING_USER = """
CREATE FUNCTION auth.acting_user(
    OUT user_id uuid, OUT email text, OUT display_name text, OUT is_active boolean, OUT is_staff boolean
)
RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 1
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT u.id, u.email::text, u.display_name::text, u.is_active, u.is_staff
    FROM auth."user" u
    WHERE u.id = (SELECT auth.acting_user_id()) AND u.is_active
$$
"""
FIND = """
CREATE FUNCTION auth.find_session(proof text) RETURNS uuid
LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT id FROM auth.session WHERE session_key = {digest} AND expire_date > pg_catalog.statement_timestamp()
$$
"""
HAS = """
CREATE FUNCTION auth.has_session(proof text) RETURNS boolean
LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    SELECT EXISTS (SELECT FROM auth.session WHERE session_key = {digest})
$$
"""
# NULL for a key that is taken.
OPEN = """
CREATE FUNCTION auth.open_session(
    proof text, data text, expires timestamptz, user_id uuid, ip_address inet, user_agent text
)
RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    INSERT INTO auth.session (session_key, session_data, expire_date, user_id, ip_address, user_agent)
    VALUES ({digest}, $2, $3, $4, $5, $6)
    ON CONFLICT (session_key) DO NOTHING
    RETURNING id
$$
"""
# NULL for a session that was ended meanwhile: it does not come back.
SAVE = """
CREATE FUNCTION auth.save_session(
    proof text, data text, expires timestamptz, user_id uuid, ip_address inet, user_agent text
)
RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE auth.session
    SET session_data = $2, expire_date = $3, user_id = $4, ip_address = $5, user_agent = $6,
        last_seen_at = pg_catalog.statement_timestamp()
    WHERE session_key = {digest}
    RETURNING id
$$
"""
# Of several requests in the same moment that read the same row, one writes.
TOUCH = """
CREATE FUNCTION auth.touch_session(proof text, seen timestamptz, ip_address inet, user_agent text) RETURNS uuid
LANGUAGE sql VOLATILE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    UPDATE auth.session
    SET last_seen_at = pg_catalog.statement_timestamp(), ip_address = $3, user_agent = $4
    WHERE session_key = {digest} AND last_seen_at = $2
    RETURNING id
$$
"""
END = """
CREATE FUNCTION auth.end_session(proof text) RETURNS uuid
LANGUAGE sql VOLATILE STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
    DELETE FROM auth.session WHERE session_key = {digest} RETURNING id
$$
"""
FUNCTIONS = {
    "acting_user_id()": ACTING_USER_ID,
    "acting_user()": ACTING_USER,
    "find_session(text)": FIND.format(digest=DIGEST),
    "has_session(text)": HAS.format(digest=DIGEST),
    "open_session(text, text, timestamptz, uuid, inet, text)": OPEN.format(digest=DIGEST),
    "save_session(text, text, timestamptz, uuid, inet, text)": SAVE.format(digest=DIGEST),
    "touch_session(text, timestamptz, inet, text)": TOUCH.format(digest=DIGEST),
    "end_session(text)": END.format(digest=DIGEST),
}


class Migration(migrations.Migration):
    dependencies = [("auth_app", "0014_session_id")]

    operations = [
        operation
        for signature, create in FUNCTIONS.items()
        for operation in (
            RunPostgreSQL(create, f"DROP FUNCTION auth.{signature}"),
            RunPostgreSQL(f"REVOKE EXECUTE ON FUNCTION auth.{signature} FROM PUBLIC", ""),
        )
    ]
