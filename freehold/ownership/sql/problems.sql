-- name: problems
-- kind: many
-- purpose: what keeps `migrate` from working: roles and schemas that are missing, schemas and tracking tables of another
--   owner, owner roles that this login can't become. No row where all is well. Runs at each start of `migrate`, so that
--   names are looked up by functions that read the system caches and not by joins.
-- shape: kind (role, schema, owner, member, table), name, what was found, what is expected
-- index: pg_authid_rolname_index, pg_namespace_nspname_index, pg_class_relname_nsp_index
SELECT CASE WHEN pg_catalog.to_regrole(role) IS NULL THEN 'role' ELSE 'member' END, role, session_user::text, ''
FROM pg_catalog.unnest(%(roles)s::text[]) AS entry (role)
WHERE CASE
    WHEN pg_catalog.to_regrole(role) IS NULL THEN true
    WHEN role = ANY (%(owners)s::text[] || %(migrator)s::text)
        THEN NOT pg_catalog.pg_has_role(session_user, pg_catalog.to_regrole(role)::oid, 'MEMBER')
    ELSE false
END
UNION ALL
SELECT CASE WHEN n.oid IS NULL THEN 'schema' ELSE 'owner' END, entry.schema,
    coalesce(pg_catalog.pg_get_userbyid(n.nspowner), ''), entry.owner
FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(owners)s::text[])) AS entry (schema, owner)
LEFT JOIN pg_catalog.pg_namespace n ON n.nspname = entry.schema
WHERE n.oid IS NULL OR pg_catalog.pg_get_userbyid(n.nspowner) <> entry.owner
UNION ALL
SELECT 'table', c.oid::regclass::text, pg_catalog.pg_get_userbyid(c.relowner), %(migrator)s::text
FROM pg_catalog.pg_class c
WHERE c.oid IN (pg_catalog.to_regclass('public.django_migrations'), pg_catalog.to_regclass('public.migration_history'))
    AND pg_catalog.pg_get_userbyid(c.relowner) <> %(migrator)s::text
