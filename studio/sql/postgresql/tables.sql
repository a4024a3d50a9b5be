-- name: tables
-- kind: many: one row a table, and one with a null name for a schema without any; by schema and name
-- purpose: every schema that is not the server's own, its owner, its tables with owner, size and estimated rows
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnum_index
--
-- The size functions take a lock, and would wait for a migration that holds ACCESS EXCLUSIVE on the table or queues
-- for it: such tables are reported as locked instead. The estimate is the planner's: the density that the last
-- ANALYZE or VACUUM found, times the table's size now. Before either ran it is what the server counted of inserts and
-- deletes, which nobody has to be allowed to read; null where it has lost that count too. Countable, the smallest first,
-- are tables of up to 8 MB and of 64 MB together: some ten milliseconds each.
with locked as materialized (
    select distinct l.relation
    from pg_catalog.pg_locks as l
    where l.mode = 'AccessExclusiveLock'
      and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
      and l.pid <> pg_catalog.pg_backend_pid()
), found as (
    select n.nspname, n.nspowner, c.relname, c.relkind, c.relowner, c.oid, c.reltuples, c.relpages,
           l.relation is not null as locked,
           case when l.relation is null then pg_catalog.pg_relation_size(c.oid) end as heap,
           c.relkind = 'r' and not c.relrowsecurity and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
           and pg_catalog.has_table_privilege(c.oid, 'SELECT') as readable
    from pg_catalog.pg_namespace as n
    left join pg_catalog.pg_class as c
           on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
    left join locked as l on l.relation = c.oid
    where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
)
select f.nspname::text as schema,
       pg_catalog.pg_get_userbyid(f.nspowner)::text as schema_owner,
       f.relname::text as name,
       case f.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
            else 'table' end as kind,
       pg_catalog.pg_get_userbyid(f.relowner)::text as owner,
       (select pg_catalog.count(*) from pg_catalog.pg_attribute as a
        where a.attrelid = f.oid and a.attnum > 0 and not a.attisdropped) as columns,
       f.locked,
       case when not f.locked then pg_catalog.pg_total_relation_size(f.oid) end as size,
       case when f.locked then null
            when f.relkind in ('r', 'm') and f.heap = 0 then 0
            when f.reltuples >= 0 and f.relpages > 0
            then (f.reltuples::float8 / f.relpages * f.heap / pg_catalog.current_setting('block_size')::int)::bigint
            when f.reltuples >= 0 and f.relkind = 'p' then f.reltuples::bigint
            when pg_catalog.pg_stat_get_tuples_inserted(f.oid) > 0
            then pg_catalog.pg_stat_get_live_tuples(f.oid) end as estimate,
       coalesce(f.heap = 0 and f.relkind in ('r', 'm'), false) as is_empty,
       coalesce(f.readable and f.heap <= 8 * 1048576 and pg_catalog.sum(f.heap) filter (where f.readable)
           over (order by f.heap, f.oid) <= 64 * 1048576, false) as countable,
       pg_catalog.format('%I.%I', f.nspname, f.relname) as quoted
from found as f
order by f.nspname, f.relname
