"""Create seal.ticket_key and the functions that sign by it: HMAC-SHA256 (RFC 2104) of PostgreSQL's own sha256."""

from django.db import migrations

from freehold.operations import RunPostgreSQL

CREATE_TABLE = """
CREATE TABLE seal.ticket_key (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ipad bytea NOT NULL,
    opad bytea NOT NULL,
    made_at timestamptz NOT NULL DEFAULT pg_catalog.now(),
    ended_at timestamptz,
    database text NOT NULL,
    server bigint NOT NULL,
    server_started_at timestamptz NOT NULL
)
"""
COMMENTS = [
    "COMMENT ON TABLE seal.ticket_key IS 'what the database signs by: read by its functions alone'",
    "COMMENT ON COLUMN seal.ticket_key.database IS 'the oid of the database it is for'",
    "COMMENT ON COLUMN seal.ticket_key.server IS 'system_identifier of the server it is for'",
    "COMMENT ON COLUMN seal.ticket_key.server_started_at IS 'saves a look at the identifier: the server still runs'",
]
# A key is for one database: a copy beside it has another oid, a dump restored elsewhere another server. The oid is read
# from the path of the table's file, a tenth of the cost of pg_database. The server's identifier is read from a file each
# time, 3.5 µs: a server that started in the microsecond in which it was looked at last is the same.
OID = "split_part(pg_relation_filepath('seal.ticket_key'::regclass), '/', -2)"
SERVER = "(pg_control_system()).system_identifier"
IS_HERE = f"""k.database = {OID}
          AND (k.server_started_at = pg_postmaster_start_time() OR k.server = {SERVER})"""
# Keys of another database are of no use here. Those that ended stay a day: a transaction that began before goes on.
CREATE_ROTATE = """
CREATE FUNCTION seal.rotate_key(overlap interval) RETURNS bigint
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    secret bytea := sha256(
        uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())
    );
    ipad bytea := decode(repeat('36', 64), 'hex');
    opad bytea := decode(repeat('5c', 64), 'hex');
    made bigint;
BEGIN
    IF overlap NOT BETWEEN interval '0' AND interval '24 hours' THEN
        RAISE 'an overlap lasts 0 to 24 hours, and % was asked for', overlap USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR place IN 0..31 LOOP
        ipad := set_byte(ipad, place, get_byte(ipad, place) # get_byte(secret, place));
        opad := set_byte(opad, place, get_byte(opad, place) # get_byte(secret, place));
    END LOOP;
    DELETE FROM seal.ticket_key k
    WHERE k.ended_at < clock_timestamp() - interval '1 day' OR ({is_here}) IS NOT TRUE;
    UPDATE seal.ticket_key k SET ended_at = clock_timestamp() + overlap
    WHERE k.ended_at IS NULL OR k.ended_at > clock_timestamp() + overlap;
    INSERT INTO seal.ticket_key (ipad, opad, database, server, server_started_at)
    VALUES (ipad, opad, {oid}, {server}, pg_postmaster_start_time())
    RETURNING id INTO made;
    RETURN made;
END
$$
"""
# Where the server was started since, the newest key notes it: by whoever comes first, and nobody waits for that.
CREATE_NOTE = """
CREATE FUNCTION seal.note_start() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
BEGIN
    IF current_setting('transaction_read_only') = 'on' OR current_setting('transaction_isolation') <> 'read committed' THEN
        RETURN;
    END IF;
    UPDATE seal.ticket_key SET server_started_at = pg_postmaster_start_time()
    WHERE id = (
        SELECT k.id FROM seal.ticket_key k WHERE k.ended_at IS NULL ORDER BY k.id DESC LIMIT 1 FOR UPDATE SKIP LOCKED
    );
END
$$
"""
# A database that was copied, restored or upgraded has no key of its own yet: its first signature makes one.
CREATE_SIGN = """
CREATE FUNCTION seal.sign(body text) RETURNS text
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    newest seal.ticket_key;
    signed text;
BEGIN
    IF octet_length(body) > 900 THEN
        RAISE 'a text of % bytes is not signed, 900 are the most', octet_length(body)
            USING ERRCODE = 'invalid_parameter_value';
    END IF;
    FOR attempt IN 1..2 LOOP
        SELECT k.* INTO newest FROM seal.ticket_key k
        WHERE k.ended_at IS NULL AND {is_here}
        ORDER BY k.id DESC LIMIT 1;
        EXIT WHEN FOUND;
        PERFORM seal.rotate_key(interval '1 hour');
    END LOOP;
    IF newest.server_started_at <> pg_postmaster_start_time() THEN
        PERFORM seal.note_start();
    END IF;
    signed := body || '.' || newest.id;
    RETURN signed || '.'
        || encode(sha256(newest.opad || sha256(newest.ipad || convert_to(signed, 'UTF8'))), 'hex');
END
$$
"""
# What is compared are digests, so that the time it takes tells nothing of how much of a guess was right. The key's end
# is held against the transaction's beginning: what was good then is good to its end.
CREATE_IS_SIGNED = """
CREATE FUNCTION seal.is_signed(signed text) RETURNS boolean
LANGUAGE plpgsql STABLE STRICT PARALLEL SAFE SECURITY DEFINER
SET search_path = pg_catalog, pg_temp
AS $$
DECLARE
    rest text;
    key_id text;
    ipad bytea;
    opad bytea;
BEGIN
    IF octet_length(signed) NOT BETWEEN 67 AND 1000 THEN
        RETURN false;
    END IF;
    rest := "left"(signed, -65);
    key_id := split_part(rest, '.', -1);
    SELECT k.ipad, k.opad INTO ipad, opad FROM seal.ticket_key k
    WHERE k.id::text = key_id AND (k.ended_at IS NULL OR k.ended_at > now()) AND {is_here};
    RETURN FOUND AND sha256(convert_to("right"(signed, 65), 'UTF8')) = sha256(convert_to(
        '.' || encode(sha256(opad || sha256(ipad || convert_to(rest, 'UTF8'))), 'hex'), 'UTF8'
    ));
END
$$
"""
FUNCTIONS = ("rotate_key(interval)", "note_start()", "sign(text)", "is_signed(text)")
CREATE = [
    each.format(is_here=IS_HERE, oid=OID, server=SERVER)
    for each in (CREATE_ROTATE, CREATE_NOTE, CREATE_SIGN, CREATE_IS_SIGNED)
]


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        RunPostgreSQL(CREATE_TABLE, "DROP TABLE seal.ticket_key"),
        RunPostgreSQL(COMMENTS, ""),
        *(
            RunPostgreSQL(
                [create, f"REVOKE EXECUTE ON FUNCTION seal.{signature} FROM PUBLIC"], f"DROP FUNCTION seal.{signature}"
            )
            for create, signature in zip(CREATE, FUNCTIONS, strict=True)
        ),
        RunPostgreSQL("SELECT seal.rotate_key(interval '1 hour')", ""),
    ]
