-- name: tables
-- kind: many: one row a table or view, by name
-- purpose: the tables of the file, as sql/postgresql/tables.sql gives them: schema, owner and size are unknown here
-- index: none; sqlite_master is read
select null as schema, m.name, m.type as kind, (select count(*) from pragma_table_xinfo(m.name)) as columns,
       0 as locked, null as size, null as estimate, 0 as is_empty, m.type = 'table' as countable,
       '"' || replace(m.name, '"', '""') || '"' as quoted
from sqlite_master as m
where m.type in ('table', 'view') and m.name not like 'sqlite\_%' escape '\'
order by m.name
