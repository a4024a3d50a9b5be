-- name: lift_timeouts
-- kind: many
-- purpose: for the rest of the session no time limit that its role, its database or the server sets, whatever limits of that
--   name the server knows; those of the network and of replication are about lost connections and stay
-- shape: the setting, and what it was
-- index: none; one pass over the server's settings
SELECT name, pg_catalog.current_setting(name), pg_catalog.set_config(name, '0', false)
FROM pg_catalog.pg_settings
WHERE name ~ '^(?!tcp_|wal_)[a-z_]+_timeout$' AND context = 'user' AND setting <> '0'
