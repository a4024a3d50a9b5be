-- name: server
-- kind: one
-- purpose: where this session is and as whom
-- index: none
select pg_catalog.current_setting('server_version') as version, pg_catalog.current_database()::text as database, current_user::text as login
