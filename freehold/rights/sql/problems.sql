-- name: problems
-- kind: many
-- purpose: what keeps `migrate` from working, or from finishing what it began: roles and schemas that are missing, schemas
--   and tracking tables of another owner, owner roles that this login can't become, owners that may make nothing in
--   their schema, rights on the tracking tables that the migrator lacks. No row where all is well. Runs at each start of
--   `migrate`, so that names are looked up by functions that read the system caches and not by joins.
-- shape: kind (role, schema, owner, member, table, create, right), name, what was found, what is expected
-- index: pg_authid_rolname_index, pg_namespace_nspname_index, pg_class_relname_nsp_index
SELECT CASE WHEN pg_catalog.to_regrole(role) IS NULL THEN 'role' ELSE 'member' END, role, session_user::text, ''
FROM pg_catalog.unnest(%(roles)s::text[]) AS entry (role)
WHERE CASE
    WHEN pg_catalog.to_regrole(role) IS NULL THEN true
    WHEN role = ANY (%(owners)s::text[] || %(migrator)s::text)
        THEN NOT pg_catalog.pg_has_role(session_user, pg_catalog.to_regrole(role)::oid,
            CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 160000 THEN 'SET' ELSE 'MEMBER' END)
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
UNION ALL
-- An owner may have taken this from itself, or an admin from it.
SELECT 'create', entry.schema, entry.owner, word
FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(owners)s::text[])) AS entry (schema, owner)
CROSS JOIN (VALUES ('USAGE'), ('CREATE')) AS privilege (word)
WHERE CASE
    WHEN pg_catalog.to_regrole(entry.owner) IS NULL THEN false
    WHEN pg_catalog.to_regnamespace(pg_catalog.quote_ident(entry.schema)) IS NULL THEN false
    ELSE NOT pg_catalog.has_schema_privilege(pg_catalog.to_regrole(entry.owner)::oid,
        pg_catalog.to_regnamespace(pg_catalog.quote_ident(entry.schema))::oid, word)
END
UNION ALL
-- Without these a migration that can't be rolled back is applied and not written down.
SELECT 'right', entry.name, %(migrator)s::text, entry.word
FROM (VALUES
    ('public.django_migrations', 'SELECT'), ('public.django_migrations', 'INSERT'), ('public.django_migrations', 'DELETE'),
    ('public.migration_history', 'SELECT'), ('public.migration_history', 'INSERT')
) AS entry (name, word)
WHERE CASE
    WHEN pg_catalog.to_regrole(%(migrator)s::text) IS NULL OR pg_catalog.to_regclass(entry.name) IS NULL THEN false
    ELSE NOT pg_catalog.has_table_privilege(pg_catalog.to_regrole(%(migrator)s::text)::oid,
        pg_catalog.to_regclass(entry.name)::oid, entry.word)
END
