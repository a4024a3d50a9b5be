"""Create limits.counter and the functions that count in it: how often somebody did something in a window of time.

Unlogged: a count is worth no write to the log of transactions, and after a crash everybody begins anew.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

CREATE_TABLE = """
CREATE UNLOGGED TABLE limits.counter (
    service text NOT NULL,
    name text NOT NULL,
    whose bytea NOT NULL,
    taken integer NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (service, name, whose)
) WITH (fillfactor = 70)
"""
CREATE_INDEX = "CREATE INDEX counter_ends_at_idx ON limits.counter (ends_at)"
COMMENTS = [
    "COMMENT ON TABLE limits.counter IS 'who did what how often: for its functions alone'",
    "COMMENT ON COLUMN limits.counter.service IS 'the login that counts: each has counters of its own'",
    "COMMENT ON COLUMN limits.counter.whose IS 'SHA-256 of whom it is about'",
    "COMMENT ON COLUMN limits.counter.ends_at IS 'when the window ends and the count begins anew'",
]
# The login, and under SERVICE=all the one that it became: neither is a text that whoever runs statements may choose.
SERVICE = "coalesce(nullif(current_setting('role'), 'none'), session_user::text)"
# One row for each of a service's counters, locked by whoever counts: two at once wait for one another. clock_timestamp,
# asked once the row is locked: a window that another began meanwhile would seem to last longer than it may. A window that is longer than the one asked for is one of other settings.
# What makes a row takes away up to four that ended, so that there are never more than came within a window or two.
CREATE_TAKE = """
CREATE FUNCTION limits.take(
    name text, whose bytea, seconds integer, amount integer, allowed integer,
    OUT is_allowed boolean, OUT remaining integer, OUT wait integer
)
LANGUAGE plpgsql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
#variable_conflict use_column
DECLARE
    who CONSTANT text := {service};
    length CONSTANT interval := make_interval(secs => take.seconds);
    started CONSTANT timestamptz := clock_timestamp();
    counted integer;
    ends timestamptz;
    is_new boolean;
BEGIN
    IF length(take.name) NOT BETWEEN 1 AND 63 OR octet_length(take.whose) <> 32
        OR take.seconds NOT BETWEEN 1 AND 604800 OR take.amount NOT BETWEEN 1 AND take.allowed
    THEN
        RAISE 'a limit has a name of 1 to 63 characters, a digest of 32 bytes, 1 to 604800 seconds, and an amount of 1 '
            'to what is allowed' USING ERRCODE = 'invalid_parameter_value';
    END IF;
    INSERT INTO limits.counter AS c (service, name, whose, taken, ends_at)
    VALUES (who, take.name, take.whose, take.amount, clock_timestamp() + length)
    ON CONFLICT (service, name, whose) DO UPDATE SET
        taken = take.amount + CASE
            WHEN c.ends_at > clock_timestamp() AND c.ends_at <= clock_timestamp() + length THEN c.taken ELSE 0
        END,
        ends_at = CASE
            WHEN c.ends_at > clock_timestamp() AND c.ends_at <= clock_timestamp() + length THEN c.ends_at
            ELSE clock_timestamp() + length
        END
    WHERE c.ends_at <= clock_timestamp() OR c.ends_at > clock_timestamp() + length
        OR c.taken <= take.allowed - take.amount
    RETURNING c.taken, c.ends_at, c.xmax = 0 INTO counted, ends, is_new;
    is_allowed := FOUND;
    IF NOT is_allowed THEN
        SELECT c.taken, c.ends_at INTO counted, ends FROM limits.counter AS c
        WHERE c.service = who AND c.name = take.name AND c.whose = take.whose;
    END IF;
    remaining := greatest(take.allowed - counted, 0);
    wait := greatest(ceil(extract(epoch FROM ends - clock_timestamp())), 1);
    IF is_new THEN
        DELETE FROM limits.counter AS c WHERE c.ctid = ANY (ARRAY(
            SELECT o.ctid FROM limits.counter AS o WHERE o.ends_at <= started  -- a constant, for the index
            ORDER BY o.ends_at LIMIT 4 FOR UPDATE SKIP LOCKED
        ));
    END IF;
END
$$
"""
CREATE_FORGET = """
CREATE FUNCTION limits.forget(name text, whose bytea) RETURNS void
LANGUAGE sql STRICT SECURITY DEFINER
SET search_path = pg_catalog, pg_temp SET lock_timeout = '500ms'
AS $$
    DELETE FROM limits.counter AS c
    WHERE c.service = {service} AND c.name = forget.name AND c.whose = forget.whose
$$
"""
FUNCTIONS = {"take(text, bytea, integer, integer, integer)": CREATE_TAKE, "forget(text, bytea)": CREATE_FORGET}


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        RunPostgreSQL([CREATE_TABLE, CREATE_INDEX], "DROP TABLE limits.counter"),
        RunPostgreSQL(COMMENTS, ""),
        *(
            RunPostgreSQL(
                [create.format(service=SERVICE), f"REVOKE EXECUTE ON FUNCTION limits.{signature} FROM PUBLIC"],
                f"DROP FUNCTION limits.{signature}",
            )
            for signature, create in FUNCTIONS.items()
        ),
    ]
