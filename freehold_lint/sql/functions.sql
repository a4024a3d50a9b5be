-- name: functions
-- kind: many
-- purpose: functions and procedures of the given schemas; those of extensions are left out
-- shape: schema.function(types), the same in quotes, SECURITY DEFINER, search_path ('' where none is pinned), whether names
--   in the body were bound when it was made (SQL-standard bodies), PUBLIC may execute it, LEAKPROOF
-- index: pg_proc_proname_args_nsp_index
SELECT
    pg_catalog.format('%%s.%%s(%%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
    pg_catalog.format('%%I.%%I(%%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
    p.prosecdef,
    coalesce((
        SELECT pg_catalog.substr(entry, pg_catalog.length('search_path=') + 1)
        FROM pg_catalog.unnest(p.proconfig) AS entry
        WHERE pg_catalog.starts_with(entry, 'search_path=')
    ), ''),
    p.prosqlbody IS NOT NULL,
    EXISTS (
        SELECT FROM pg_catalog.aclexplode(coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner))) AS acl
        WHERE acl.grantee = 0 AND acl.privilege_type = 'EXECUTE'
    ),
    p.proleakproof
FROM pg_catalog.pg_proc AS p
JOIN pg_catalog.pg_namespace AS n ON n.oid = p.pronamespace
WHERE n.nspname = ANY (%(schemas)s) AND p.prokind IN ('f', 'p') AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend AS d
    WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
)
