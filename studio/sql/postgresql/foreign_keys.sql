-- name: foreign_keys
-- kind: many: one row a foreign key
-- purpose: foreign keys that cross from one schema into another
-- index: pg_constraint is scanned; pg_attribute_relid_attnum_index
select n.nspname::text as schema,
       c.relname::text as "table",
       (select pg_catalog.string_agg(a.attname::text, ', ' order by k.position)
        from pg_catalog.unnest(con.conkey) with ordinality as k (attnum, position)
        join pg_catalog.pg_attribute as a on a.attrelid = con.conrelid and a.attnum = k.attnum) as columns,
       fn.nspname::text as to_schema,
       fc.relname::text as to_table,
       (select pg_catalog.string_agg(a.attname::text, ', ' order by k.position)
        from pg_catalog.unnest(con.confkey) with ordinality as k (attnum, position)
        join pg_catalog.pg_attribute as a on a.attrelid = con.confrelid and a.attnum = k.attnum) as to_columns,
       case con.confdeltype when 'c' then 'CASCADE' when 'n' then 'SET NULL' when 'd' then 'SET DEFAULT'
            when 'r' then 'RESTRICT' else 'NO ACTION' end as on_delete
from pg_catalog.pg_constraint as con
join pg_catalog.pg_class as c on c.oid = con.conrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_class as fc on fc.oid = con.confrelid
join pg_catalog.pg_namespace as fn on fn.oid = fc.relnamespace
where con.contype = 'f' and con.conparentid = 0 and n.oid <> fn.oid
order by n.nspname, c.relname, con.conname
