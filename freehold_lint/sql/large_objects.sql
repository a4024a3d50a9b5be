-- name: large_objects
-- kind: many
-- purpose: large objects by owner: they lie in no schema, so that nobody of the map owns them
-- shape: owner, how many
-- index: none; one pass over pg_largeobject_metadata
SELECT pg_catalog.pg_get_userbyid(l.lomowner), pg_catalog.count(*)
FROM pg_catalog.pg_largeobject_metadata AS l
GROUP BY l.lomowner
