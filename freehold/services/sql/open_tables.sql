-- name: open_tables
-- kind: many
-- purpose: of the given tables those that are there, and whether the role at hand may use one whose policies do not hold it
-- shape: role, schema.table, is it open?
-- index: pg_class_relname_nsp_index
SELECT
    current_user::text,
    n.nspname || '.' || c.relname,
    NOT pg_catalog.row_security_active(c.oid) AND pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND (
        pg_catalog.has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE')
        OR pg_catalog.has_table_privilege(c.oid, 'DELETE, TRUNCATE')
    )
FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(tables)s::text[])) AS entry (schema, name)
JOIN pg_catalog.pg_namespace AS n ON n.nspname = entry.schema
JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = entry.name AND c.relkind IN ('r', 'p')
ORDER BY 2
