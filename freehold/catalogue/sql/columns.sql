-- name: columns
-- kind: many: one row a login and table
-- purpose: columns that a login of %(logins)s may read of a table that it may not read as a whole
-- index: pg_attribute_relid_attnum_index
select r.rolname::text as login,
       n.nspname::text as schema,
       c.relname::text as name,
       pg_catalog.array_agg(a.attname::text order by a.attnum) as columns
from pg_catalog.pg_attribute as a
join pg_catalog.pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'p', 'v', 'm', 'f')
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_roles as r on r.rolname = any(%(logins)s)
where a.attacl is not null and a.attnum > 0 and not a.attisdropped
  and n.nspname = any(%(schemas)s)
  and pg_catalog.has_column_privilege(r.oid, c.oid, a.attnum, 'SELECT')
  and not pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')
group by r.rolname, n.nspname, c.relname
order by n.nspname, c.relname, r.rolname
