-- name: sensitive_columns
-- kind: many
-- purpose: columns named like a secret (texts, bytes, documents) that a service may read whose schema it is not
-- shape: schema.table (column), login
-- index: pg_attribute_relid_attnum_index
SELECT pg_catalog.format('%%s.%%s (%%s)', n.nspname, c.relname, a.attname), r.rolname
FROM pg_catalog.pg_attribute AS a
JOIN pg_catalog.pg_class AS c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type AS t ON t.oid = a.atttypid
JOIN pg_catalog.pg_roles AS r ON r.rolname = ANY (%(logins)s)
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND n.nspname = ANY (%(schemas)s)
    AND a.attname ~* '(^|_)(password|passwd|passphrase|secret|token|hash|digest|otp|(api|private|secret|access|session)_?key)($|_)'
    AND (t.typcategory = 'S' OR t.typname IN ('bytea', 'json', 'jsonb', 'uuid'))
    AND pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE')
    AND pg_catalog.has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')
    AND NOT EXISTS (
        SELECT FROM ROWS FROM (pg_catalog.unnest(%(schemas)s::text[]), pg_catalog.unnest(%(services)s::text[]))
            AS own (schema, login)
        WHERE own.schema = n.nspname AND own.login = r.rolname
    )
