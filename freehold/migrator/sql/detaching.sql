-- name: detaching
-- kind: maybe
-- purpose: whether a partition is on its way out of its table, where DETACH PARTITION CONCURRENTLY was cut off
-- shape: a boolean; no row where it is no partition of that table
-- index: pg_inherits_relid_seqno_index
SELECT inhdetachpending
FROM pg_catalog.pg_inherits
WHERE inhrelid = pg_catalog.to_regclass(%(partition)s) AND inhparent = pg_catalog.to_regclass(%(table)s)
