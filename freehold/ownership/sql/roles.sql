-- name: roles
-- kind: many
-- purpose: the given roles that exist, with the attributes that are switched on
-- shape: name, list of attribute words
-- index: pg_authid_rolname_index
SELECT r.rolname, pg_catalog.array_remove(ARRAY[
    CASE WHEN r.rolcanlogin THEN 'LOGIN' END,
    CASE WHEN r.rolinherit THEN 'INHERIT' END,
    CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN r.rolreplication THEN 'REPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END
], NULL)
FROM pg_catalog.pg_roles r
WHERE r.rolname = ANY (%(roles)s)
