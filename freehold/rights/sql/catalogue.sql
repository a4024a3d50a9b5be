-- name: catalogue
-- kind: many
-- purpose: all that a map has a say in, whatever the number of tables: the given roles with their memberships and
--   settings, the database, every schema, and of the given schemas all tables, columns with rights of their own or named
--   by contracts, sequences, functions, types, row security, policies, default privileges and the history's triggers; of
--   every schema what inherits from or reads what.
--   What belongs to an extension is left out. search_path is `pg_catalog, pg_temp`, so that every expression is written in one way.
-- shape: kind, schema, name, part, owner, acl (a line each; null where it was never written), detail
-- index: none; one pass over each catalogue
-- The first name says that it is a text: those below are of type name, which would cut a function's signature at 63 bytes.
WITH namespace AS (
    SELECT n.oid, n.nspname FROM pg_catalog.pg_namespace n WHERE n.nspname = ANY (%(schemas)s)
), extension AS MATERIALIZED (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend d WHERE d.refclassid = 3079 AND d.deptype = 'e'
), relation AS MATERIALIZED (
    SELECT c.oid, n.nspname, c.relname, c.relkind, c.relowner, c.relacl, c.relrowsecurity, c.relforcerowsecurity,
        EXISTS (SELECT FROM extension e WHERE e.classid = 1259 AND e.objid = c.oid) AS is_extensions
    FROM pg_catalog.pg_class c
    JOIN namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
), sibling AS MATERIALIZED (
    SELECT d.oid, d.datname
    FROM pg_catalog.pg_database d
    WHERE d.datname <> pg_catalog.current_database() AND EXISTS (
        SELECT FROM pg_catalog.pg_db_role_setting s
        WHERE s.setdatabase = d.oid AND s.setrole = pg_catalog.to_regrole(%(migrator)s::text)::oid
    )
)
SELECT 'server' AS kind, '' AS schema, ''::text AS name, '' AS part, '' AS owner, NULL AS acl,
    pg_catalog.current_setting('server_version_num') AS detail
UNION ALL
SELECT 'role', '', r.rolname, '', '', NULL, pg_catalog.concat_ws(' ',
    CASE WHEN r.rolcanlogin THEN 'LOGIN' END,
    CASE WHEN r.rolinherit THEN 'INHERIT' END,
    CASE WHEN r.rolsuper THEN 'SUPERUSER' END,
    CASE WHEN r.rolcreatedb THEN 'CREATEDB' END,
    CASE WHEN r.rolcreaterole THEN 'CREATEROLE' END,
    CASE WHEN r.rolreplication THEN 'REPLICATION' END,
    CASE WHEN r.rolbypassrls THEN 'BYPASSRLS' END,
    CASE WHEN r.rolconnlimit <> -1 THEN 'CONNECTIONS=' || r.rolconnlimit END)
FROM pg_catalog.pg_roles r
WHERE r.rolname = ANY (%(roles)s)
UNION ALL
-- PostgreSQL 16 keeps INHERIT and SET for each membership. The row is read as JSON since 15 has no such columns to name.
-- Memberships are the server's: in the place of rights, the other databases of the same migrator that know of the role, by
-- what it owns there or has set there. Nobody knows of the role that moves tables, which has neither.
SELECT 'member', '', r.rolname, m.rolname, coalesce(g.rolname, ''),
    (SELECT pg_catalog.string_agg(d.datname, ', ' ORDER BY d.datname)
        FROM sibling d
        WHERE NOT (r.rolsuper OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication OR r.rolbypassrls)
            AND (r.rolname = %(mover)s::name
                OR EXISTS (SELECT FROM pg_catalog.pg_shdepend p WHERE p.dbid = d.oid
                    AND p.refclassid = 'pg_catalog.pg_authid'::regclass AND p.refobjid = r.oid AND p.deptype = 'o')
                OR EXISTS (SELECT FROM pg_catalog.pg_db_role_setting s WHERE s.setdatabase = d.oid AND s.setrole = r.oid))),
    pg_catalog.concat_ws(' ',
    CASE WHEN (pg_catalog.to_jsonb(a) ->> 'inherit_option')::boolean THEN 'INHERIT' END,
    CASE WHEN coalesce((pg_catalog.to_jsonb(a) ->> 'set_option')::boolean, true) THEN 'SET' END,
    CASE WHEN a.admin_option THEN 'ADMIN' END,
    CASE WHEN m.rolcreaterole THEN 'CREATEROLE' END)
FROM pg_catalog.pg_auth_members a
JOIN pg_catalog.pg_roles r ON r.oid = a.roleid
JOIN pg_catalog.pg_roles m ON m.oid = a.member
LEFT JOIN pg_catalog.pg_roles g ON g.oid = a.grantor
WHERE r.rolname = ANY (%(roles)s) OR m.rolname = ANY (%(roles)s)
UNION ALL
SELECT 'setting', '', r.rolname, CASE s.setdatabase WHEN 0 THEN '' ELSE 'here' END, '', NULL, entry
FROM pg_catalog.pg_db_role_setting s
JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) entry
WHERE r.rolname = ANY (%(roles)s)
    AND s.setdatabase IN (
        0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
    )
UNION ALL
SELECT 'database', '', d.datname, '', pg_catalog.pg_get_userbyid(d.datdba),
    pg_catalog.array_to_string(d.datacl, E'\n'), ''
FROM pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database()
UNION ALL
SELECT CASE WHEN n.nspname = ANY (%(schemas)s) THEN 'schema' ELSE 'foreign' END, n.nspname, '', '',
    pg_catalog.pg_get_userbyid(n.nspowner), pg_catalog.array_to_string(n.nspacl, E'\n'),
    coalesce(pg_catalog.obj_description(n.oid, 'pg_namespace'), '')
FROM pg_catalog.pg_namespace n
WHERE (n.nspname = ANY (%(schemas)s) OR n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'public'))
    AND NOT EXISTS (SELECT FROM extension e WHERE e.classid = 2615 AND e.objid = n.oid)
UNION ALL
-- The part is the table whose column owns a sequence. The detail is the form, then e and f where row security is
-- enabled and forced.
SELECT CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END, c.nspname, c.relname,
    CASE c.relkind WHEN 'S' THEN coalesce((
        SELECT t.relname FROM pg_catalog.pg_depend d
        JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
        WHERE d.classid = 1259 AND d.objid = c.oid AND d.refclassid = 1259 AND d.deptype IN ('a', 'i')
        LIMIT 1
    ), '') ELSE '' END,
    pg_catalog.pg_get_userbyid(c.relowner), pg_catalog.array_to_string(c.relacl, E'\n'),
    c.relkind::text || CASE WHEN c.relrowsecurity THEN 'e' ELSE '' END || CASE WHEN c.relforcerowsecurity THEN 'f' ELSE '' END
FROM relation c
WHERE NOT c.is_extensions
UNION ALL
SELECT 'column', c.nspname, c.relname, a.attname, pg_catalog.pg_get_userbyid(c.relowner),
    pg_catalog.array_to_string(a.attacl, E'\n'), ''
FROM pg_catalog.pg_attribute a
JOIN relation c ON c.oid = a.attrelid AND NOT c.is_extensions
WHERE a.attacl IS NOT NULL AND NOT a.attisdropped
UNION ALL
SELECT 'column', c.nspname, c.relname, a.attname, pg_catalog.pg_get_userbyid(c.relowner), NULL, ''
FROM ROWS FROM (
    pg_catalog.unnest(%(column_schemas)s::name[]),
    pg_catalog.unnest(%(column_tables)s::name[]),
    pg_catalog.unnest(%(columns)s::name[])
) AS wanted (schema, name, "column")
JOIN relation c ON c.nspname = wanted.schema AND c.relname = wanted.name AND c.relkind <> 'S'
CROSS JOIN LATERAL (  -- two looks, so that the one for a column has the index for it
    SELECT a.attname FROM pg_catalog.pg_attribute a
    WHERE a.attrelid = c.oid AND a.attname = wanted."column" AND a.attnum > 0 AND a.attacl IS NULL AND NOT a.attisdropped
    UNION ALL
    SELECT a.attname FROM pg_catalog.pg_attribute a
    WHERE wanted."column" = '' AND a.attrelid = c.oid AND a.attnum > 0 AND a.attacl IS NULL AND NOT a.attisdropped
) a
UNION ALL
SELECT 'function', n.nspname, p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', '',
    pg_catalog.pg_get_userbyid(p.proowner), pg_catalog.array_to_string(p.proacl, E'\n'), p.prokind::text
FROM pg_catalog.pg_proc p
JOIN namespace n ON n.oid = p.pronamespace
WHERE NOT EXISTS (SELECT FROM extension e WHERE e.classid = 1255 AND e.objid = p.oid)
    -- What makes ranges comes with their type, and belongs to whoever made the server.
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'i'
    )
UNION ALL
-- Not among them: the row type of a table, arrays, and the multirange that a range brings along.
SELECT 'type', n.nspname, t.typname, '', pg_catalog.pg_get_userbyid(t.typowner),
    pg_catalog.array_to_string(t.typacl, E'\n'), t.typtype::text
FROM pg_catalog.pg_type t
JOIN namespace n ON n.oid = t.typnamespace
WHERE (t.typtype IN ('d', 'e', 'r') OR t.typtype = 'b' AND t.typarray <> 0)
    AND NOT EXISTS (SELECT FROM extension e WHERE e.classid = 1247 AND e.objid = t.oid)
UNION ALL
SELECT 'type', n.nspname, t.typname, '', pg_catalog.pg_get_userbyid(t.typowner),
    pg_catalog.array_to_string(t.typacl, E'\n'), t.typtype::text
FROM pg_catalog.pg_class c
JOIN namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = c.reltype
WHERE c.relkind = 'c' AND NOT EXISTS (SELECT FROM extension e WHERE e.classid = 1247 AND e.objid = t.oid)
UNION ALL
-- What has an owner and no rights. The name is the rest of the identity, behind the schema's; the detail its kind.
SELECT 'other', n.nspname, pg_catalog.substr(identity.identity, pg_catalog.length(pg_catalog.quote_ident(n.nspname)) + 2), '',
    pg_catalog.pg_get_userbyid(o.owner), NULL, identity.type
FROM (
    SELECT 3456 AS classid, c.oid, c.collnamespace AS namespace, c.collowner AS owner FROM pg_catalog.pg_collation c
    UNION ALL SELECT 2607, c.oid, c.connamespace, c.conowner FROM pg_catalog.pg_conversion c
    UNION ALL SELECT 3602, c.oid, c.cfgnamespace, c.cfgowner FROM pg_catalog.pg_ts_config c
    UNION ALL SELECT 3600, d.oid, d.dictnamespace, d.dictowner FROM pg_catalog.pg_ts_dict d
    UNION ALL SELECT 3381, s.oid, s.stxnamespace, s.stxowner FROM pg_catalog.pg_statistic_ext s
    UNION ALL SELECT 2617, o.oid, o.oprnamespace, o.oprowner FROM pg_catalog.pg_operator o
    UNION ALL SELECT 2616, c.oid, c.opcnamespace, c.opcowner FROM pg_catalog.pg_opclass c
    UNION ALL SELECT 2753, f.oid, f.opfnamespace, f.opfowner FROM pg_catalog.pg_opfamily f
) o
JOIN namespace n ON n.oid = o.namespace
CROSS JOIN LATERAL pg_catalog.pg_identify_object(o.classid, o.oid, 0) identity
WHERE NOT EXISTS (SELECT FROM extension e WHERE e.classid = o.classid AND e.objid = o.oid)
UNION ALL
SELECT 'default', coalesce(n.nspname, ''), pg_catalog.pg_get_userbyid(d.defaclrole), d.defaclobjtype::text, '',
    pg_catalog.array_to_string(d.defaclacl, E'\n'), ''
FROM pg_catalog.pg_default_acl d
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace
UNION ALL
-- Views that stand under the old name of a table, or should. The owner is the comment, the detail the tables it reads.
SELECT 'view', n.nspname, c.relname, CASE WHEN EXISTS (
        SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) o
        WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
    ) THEN 'invoker' ELSE '' END,
    coalesce(description.text, ''), NULL, coalesce((
        SELECT pg_catalog.string_agg(DISTINCT tn.nspname || '.' || t.relname, E'\n')
        FROM pg_catalog.pg_rewrite w
        JOIN pg_catalog.pg_depend d ON d.classid = 2618 AND d.objid = w.oid AND d.refclassid = 1259
        JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.oid <> c.oid
        JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
        WHERE w.ev_class = c.oid
    ), '')
FROM pg_catalog.pg_class c
JOIN namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (SELECT pg_catalog.obj_description(c.oid, 'pg_class') AS text OFFSET 0) description
WHERE c.relkind = 'v'
    AND (description.text LIKE 'freehold: %%' OR n.nspname || '.' || c.relname = ANY (%(views)s))
UNION ALL
-- Whose rows a relation holds or reads, a row each, from every schema. The part is how: a `window` is a view that is
-- security_invoker, a `copy` a materialized one. The detail is the schema of what it reads, and the name on a line of its own.
SELECT 'shows', n.nspname, c.relname, CASE WHEN c.relispartition THEN 'partition' ELSE 'child' END, '', NULL,
    tn.nspname || E'\n' || t.relname
FROM pg_catalog.pg_inherits h
JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid AND c.relkind IN ('r', 'p', 'f')
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = h.inhparent
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
UNION ALL
SELECT DISTINCT 'shows', n.nspname, c.relname, CASE
        WHEN w.ev_type <> '1' THEN 'rule'
        WHEN c.relkind = 'm' THEN 'copy'
        WHEN EXISTS (
            SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) o
            WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
        ) THEN 'window'
        ELSE 'view'
    END, '', NULL, tn.nspname || E'\n' || t.relname
FROM pg_catalog.pg_rewrite w
JOIN pg_catalog.pg_class c ON c.oid = w.ev_class
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_depend d ON d.classid = 2618 AND d.objid = w.oid AND d.refclassid = 1259
JOIN pg_catalog.pg_class t ON t.oid = d.refobjid AND t.oid <> c.oid AND t.relkind IN ('r', 'p', 'v', 'm', 'f')
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
WHERE w.oid >= 16384
UNION ALL
-- The owner is the policy's comment, the acl the digest of what the catalogue holds: as sql/seal_policies.sql writes it.
SELECT 'policy', n.nspname, c.relname, p.polname, coalesce(said.description, ''),
    pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(held.text, 'UTF8')), 'hex'), 16), held.text
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
JOIN namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description said ON said.objoid = p.oid AND said.classoid = 3256 AND said.objsubid = 0
CROSS JOIN LATERAL (
    SELECT pg_catalog.string_agg(
        CASE each WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(each)::text END, ' ' ORDER BY each
    ) AS names
    FROM pg_catalog.unnest(p.polroles) each
) role
CROSS JOIN LATERAL (
    SELECT pg_catalog.concat_ws(E'\x1f', p.polcmd::text, p.polpermissive::text, role.names,
        coalesce(pg_catalog.pg_get_expr(p.polqual, p.polrelid), '-'),
        coalesce(pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid), '-')) AS text
    OFFSET 0  -- so that it is written once and not twice
) held
UNION ALL
-- The history's triggers, once its table has the shape that they came with; a row without a name where it has none. The
-- owner is tgenabled, the acl what the function is.
SELECT 'trigger', 'public', 'migration_history', coalesce(t.tgname, ''), coalesce(t.tgenabled::text, ''),
    pg_catalog.concat_ws(E'\n', n.nspname || '.' || p.proname, l.lanname, coalesce(p.proconfig::text, ''),
        p.prosecdef::text::char, p.prosrc),
    coalesce(pg_catalog.pg_get_triggerdef(t.oid), '')
FROM pg_catalog.pg_attribute a
LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = a.attrelid AND NOT t.tgisinternal
LEFT JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE a.attrelid = pg_catalog.to_regclass('public.migration_history') AND a.attname = 'link' AND NOT a.attisdropped
    AND 'public' = ANY (%(schemas)s)
