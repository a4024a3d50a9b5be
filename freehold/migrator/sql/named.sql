-- name: named
-- kind: many
-- purpose: what has the name that a table is to get, and whether a migration made it since it began: its type's row is new then,
--   whatever was altered of it meanwhile. A bare name is one of the schema where it would be made
-- shape: qualified name, its schema, is it the migration's own
-- index: pg_class_relname_nsp_index, pg_type_oid_index
SELECT pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname), pg_catalog.quote_ident(n.nspname),
    coalesce(pg_catalog.pg_get_userbyid(c.relowner) = current_user AND pg_catalog.age(t.xmin) <= pg_catalog.age(coalesce(
        nullif(%(since)s, ''), pg_catalog.pg_current_xact_id_if_assigned()::text)::xid8::xid), false)
FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_type AS t ON t.oid = c.reltype
WHERE c.oid = pg_catalog.to_regclass(CASE WHEN %(is_bare)s THEN pg_catalog.quote_ident(pg_catalog.current_schema()) || '.' ELSE '' END
    || %(name)s)
