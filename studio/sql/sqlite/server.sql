-- name: server
-- kind: one
-- purpose: which SQLite this is; it knows no logins, and its name is the file's
-- index: none
select sqlite_version() as version, null as database, '' as login
