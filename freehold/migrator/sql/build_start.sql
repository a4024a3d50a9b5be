-- name: build_start
-- kind: one
-- purpose: from which transaction on whatever is written is a migration's own: that of the row which says that the operation
--   at hand was begun, by a run that was cut off maybe; without such a row, now
-- shape: the number of a transaction
-- index: migration_history's primary key, backwards
SELECT coalesce(
    (
        SELECT xmin::text FROM public.migration_history
        WHERE kind = 'migrate' AND app = %(app)s AND name = %(name)s AND outcome = 'part'
        ORDER BY id DESC LIMIT 1
    ),
    pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text
)
