-- name: access
-- kind: many: one row a login and schema that exist
-- purpose: what each of %(logins)s may do in each of %(schemas)s, by the ACLs and by membership
-- index: pg_class_relname_nsp_index
select r.rolname::text as login,
       n.nspname::text as schema,
       pg_catalog.has_schema_privilege(r.oid, n.oid, 'USAGE') as enters,
       pg_catalog.has_schema_privilege(r.oid, n.oid, 'CREATE') as creates,
       pg_catalog.count(c.oid) as tables,
       pg_catalog.count(c.oid) filter (where pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT')) as reads,
       pg_catalog.count(c.oid) filter (
           where pg_catalog.has_table_privilege(r.oid, c.oid, 'INSERT, UPDATE, DELETE')) as writes
from pg_catalog.pg_roles as r
cross join pg_catalog.pg_namespace as n
left join pg_catalog.pg_class as c
       on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
where r.rolname = any(%(logins)s) and n.nspname = any(%(schemas)s)
group by r.oid, r.rolname, n.oid, n.nspname
order by n.nspname, r.rolname
