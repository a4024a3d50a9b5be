-- name: foreign_keys
-- kind: many: one row a foreign key
-- purpose: every foreign key of the file, with names as they stand there: "app.items"
-- index: none; sqlite_master is read
select null as schema, f.name as "table", group_concat(f."from", ', ') as columns,
       null as to_schema, f.to_table, group_concat(f."to", ', ') as to_columns, f.on_delete
from (
    select m.name, k.id, k."from", k."table" as to_table, coalesce(k."to", 'id') as "to", k.on_delete
    from sqlite_master as m
    join pragma_foreign_key_list(m.name) as k
    where m.type = 'table'
    order by m.name, k.id desc, k.seq
) as f
group by f.name, f.id
order by f.name, f.id desc
