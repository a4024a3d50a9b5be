-- name: settings
-- kind: many
-- purpose: the search_path that each of the given logins has in this database
-- shape: login, the value as SET writes it, e.g. app, public
-- index: pg_db_role_setting_databaseid_rol_index
SELECT r.rolname, pg_catalog.substr(entry, pg_catalog.length('search_path=') + 1)
FROM pg_catalog.pg_db_role_setting s
JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
JOIN pg_catalog.pg_database d ON d.oid = s.setdatabase
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) entry
WHERE r.rolname = ANY (%(roles)s) AND d.datname = pg_catalog.current_database() AND entry LIKE 'search\_path=%%'
