-- name: tables
-- kind: many: one row a table, and one with a null name for a schema without any; by schema and name
-- purpose: every schema that is not the server's own, its owner, its tables with owner, size and estimated rows
-- index: pg_class_relname_nsp_index, pg_attribute_relid_attnum_index
--
-- The size functions take a lock, and would wait for a migration that holds ACCESS EXCLUSIVE on the table or queues
-- for it: such tables are reported as locked instead. The estimate is the planner's: the density that the last
-- ANALYZE or VACUUM found, times the table's size now. Before either ran it is what the server counted of inserts and
-- deletes, which nobody has to be allowed to read; null where it has lost that count too.
with locked as materialized (
    select distinct l.relation
    from pg_catalog.pg_locks as l
    where l.mode = 'AccessExclusiveLock'
      and l.database = (select d.oid from pg_catalog.pg_database as d where d.datname = pg_catalog.current_database())
      and l.pid <> pg_catalog.pg_backend_pid()
)
select n.nspname::text as schema,
       pg_catalog.pg_get_userbyid(n.nspowner)::text as schema_owner,
       c.relname::text as name,
       c.relkind::text as kind,
       pg_catalog.pg_get_userbyid(c.relowner)::text as owner,
       (select pg_catalog.count(*) from pg_catalog.pg_attribute as a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped) as columns,
       l.relation is not null as locked,
       case when l.relation is null then pg_catalog.pg_total_relation_size(c.oid) end as size,
       case when l.relation is null then pg_catalog.pg_relation_size(c.oid) end as heap,
       case when l.relation is not null then null
            when c.relkind in ('r', 'm') and pg_catalog.pg_relation_size(c.oid) = 0 then 0
            when c.reltuples >= 0 and c.relpages > 0
            then (c.reltuples::float8 / c.relpages * pg_catalog.pg_relation_size(c.oid)
                  / pg_catalog.current_setting('block_size')::int)::bigint
            when c.reltuples >= 0 and c.relkind = 'p' then c.reltuples::bigint
            when pg_catalog.pg_stat_get_tuples_inserted(c.oid) > 0
            then pg_catalog.pg_stat_get_live_tuples(c.oid) end as estimate,
       c.relkind = 'r' and not c.relrowsecurity and pg_catalog.has_schema_privilege(n.oid, 'USAGE')
       and pg_catalog.has_table_privilege(c.oid, 'SELECT') as countable
from pg_catalog.pg_namespace as n
left join pg_catalog.pg_class as c
       on c.relnamespace = n.oid and c.relkind in ('r', 'p', 'v', 'm', 'f') and not c.relispartition
left join locked as l on l.relation = c.oid
where n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
order by n.nspname, c.relname
