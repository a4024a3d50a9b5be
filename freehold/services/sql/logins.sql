-- name: logins
-- kind: many
-- purpose: what the login at hand and the given roles have that no grant gives
-- shape: role, is it the login at hand?, attributes, things it owns in any database, one of them, roles it is a member of,
--   roles whose rights it has at all times, and of the login at hand the rows of privileges.sql, which stands in place of its name here: what it, the given roles and everyone hold
-- index: pg_authid_rolname_index, pg_shdepend_reference_index
SELECT
    r.rolname::text,
    r.rolname = session_user,
    pg_catalog.array_remove(ARRAY[
        CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
        CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
        CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
        CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
        CASE WHEN r.rolreplication THEN 'REPLICATION' END
    ], NULL),
    o.total,
    o.example,
    -- A superuser counts as a member of everything.
    ARRAY(
        SELECT m.rolname::text FROM pg_catalog.pg_roles AS m
        WHERE NOT r.rolsuper AND m.oid <> r.oid AND pg_catalog.pg_has_role(r.oid, m.oid, 'MEMBER') ORDER BY 1
    ),
    ARRAY(
        SELECT m.rolname::text FROM pg_catalog.pg_roles AS m
        WHERE NOT r.rolsuper AND m.oid <> r.oid AND pg_catalog.pg_has_role(r.oid, m.oid, 'USAGE') ORDER BY 1
    ),
    CASE WHEN r.rolname = session_user THEN (
        SELECT pg_catalog.jsonb_agg(pg_catalog.to_jsonb(held)) FROM ({privileges}) AS held
    ) END
FROM pg_catalog.pg_roles AS r
CROSS JOIN LATERAL (
    SELECT pg_catalog.count(*) AS total, pg_catalog.min(
        CASE
            WHEN s.dbid IN (0, d.oid) THEN (
                SELECT i.type || ' ' || i.identity FROM pg_catalog.pg_identify_object(s.classid, s.objid, s.objsubid) AS i
            )
            ELSE 'an object of database ' || (SELECT b.datname FROM pg_catalog.pg_database AS b WHERE b.oid = s.dbid)
        END
    ) AS example
    FROM pg_catalog.pg_shdepend AS s
    JOIN pg_catalog.pg_database AS d ON d.datname = pg_catalog.current_database()
    WHERE s.refclassid = 'pg_catalog.pg_authid'::pg_catalog.regclass AND s.refobjid = r.oid AND s.deptype = 'o'
        -- Whoever may call lo_create owns what it makes, which voids no grant and no policy: one injected call must not
        -- keep every later process from starting.
        AND s.classid <> 'pg_catalog.pg_largeobject'::pg_catalog.regclass
) AS o
WHERE r.rolname = ANY (%(roles)s::text[]) OR r.rolname = session_user
