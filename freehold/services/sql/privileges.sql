-- name: privileges
-- kind: many
-- purpose: each privilege that one of the given roles, or everyone, holds on anything that PostgreSQL keeps a list of rights
--   of: in this database, on the server, on its other databases. Without `inside`, not on what lies in the given schemas,
--   but for what belongs to an extension. Of what everyone holds elsewhere, only what neither PostgreSQL nor an extension
--   gave when it was made; in schemas that are none of the map's nobody asks what everyone holds.
-- shape: kind, schema, name, column, sequence's table, grantee, privilege, may it be passed on?, grantor (empty: the owner),
--   and, of a function that one of `functions` names, a row without a grantee
-- index: none; one pass over each catalogue
WITH grantee AS MATERIALIZED (
    SELECT r.oid, r.rolname::text AS name FROM pg_catalog.pg_roles AS r WHERE r.rolname = ANY (%(roles)s::name[])
    UNION ALL
    SELECT 0, 'PUBLIC'
), own AS MATERIALIZED (
    SELECT n.oid FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ANY (%(schemas)s::name[])
), extension AS MATERIALIZED (
    SELECT d.classid, d.objid FROM pg_catalog.pg_depend AS d WHERE d.refclassid = 3079 AND d.deptype = 'e'
), relation AS MATERIALIZED (
    -- Of the given schemas' tables, which may be most of the catalogue, those alone that are asked for.
    SELECT c.oid, c.relkind, c.relnamespace, c.relname, c.relowner, c.relacl
    FROM pg_catalog.pg_class AS c
    WHERE (c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') OR c.relacl IS NOT NULL) AND (
        %(inside)s
        OR c.relnamespace NOT IN (SELECT own.oid FROM own)
        OR c.oid IN (SELECT extension.objid FROM extension WHERE extension.classid = 1259)
    )
), entry AS (
    SELECT 1259 AS classid, c.oid AS objid, 0 AS part, CASE c.relkind WHEN 'S' THEN 'sequence' ELSE 'table' END AS kind,
        c.relnamespace AS namespace, c.relname::text AS name, '' AS "column", c.relowner AS owner, c.relacl AS acl,
        CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END AS form
    FROM relation AS c WHERE c.relacl IS NOT NULL
    UNION ALL
    SELECT 1259, c.oid, a.attnum, 'column', c.relnamespace, c.relname::text, a.attname::text, c.relowner, a.attacl, 'c'
    FROM relation AS c
    CROSS JOIN LATERAL (
        SELECT a.attnum, a.attname, a.attacl FROM pg_catalog.pg_attribute AS a
        WHERE a.attrelid = c.oid AND a.attacl IS NOT NULL AND NOT a.attisdropped
        OFFSET 0  -- so that the columns of these alone are read, by the index
    ) AS a
    UNION ALL
    SELECT 1255, p.oid, 0, 'function', p.pronamespace,
        p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')', '', p.proowner, p.proacl, 'f'
    FROM pg_catalog.pg_proc AS p WHERE p.proacl IS NOT NULL OR p.pronamespace IN (SELECT own.oid FROM own)
    UNION ALL
    SELECT 1247, t.oid, 0, 'type', t.typnamespace, t.typname::text, '', t.typowner, t.typacl, 'T'
    FROM pg_catalog.pg_type AS t WHERE t.typacl IS NOT NULL
    UNION ALL
    SELECT 2615, n.oid, 0, 'schema', n.oid, '', '', n.nspowner, n.nspacl, 'n'
    FROM pg_catalog.pg_namespace AS n WHERE n.nspacl IS NOT NULL
    UNION ALL
    SELECT 2612, l.oid, 0, 'language', 0, l.lanname::text, '', l.lanowner, l.lanacl, 'l'
    FROM pg_catalog.pg_language AS l WHERE l.lanacl IS NOT NULL
    UNION ALL
    SELECT 1213, t.oid, 0, 'tablespace', 0, t.spcname::text, '', t.spcowner, t.spcacl, 't'
    FROM pg_catalog.pg_tablespace AS t WHERE t.spcacl IS NOT NULL
    UNION ALL
    SELECT 2328, w.oid, 0, 'foreign data wrapper', 0, w.fdwname::text, '', w.fdwowner, w.fdwacl, 'F'
    FROM pg_catalog.pg_foreign_data_wrapper AS w WHERE w.fdwacl IS NOT NULL
    UNION ALL
    SELECT 1417, s.oid, 0, 'foreign server', 0, s.srvname::text, '', s.srvowner, s.srvacl, 'S'
    FROM pg_catalog.pg_foreign_server AS s WHERE s.srvacl IS NOT NULL
    UNION ALL
    SELECT 2613, o.oid, 0, 'large object', 0, o.oid::text, '', o.lomowner, o.lomacl, 'L'
    FROM pg_catalog.pg_largeobject_metadata AS o WHERE o.lomacl IS NOT NULL
    UNION ALL
    SELECT 6243, p.oid, 0, 'parameter', 0, p.parname, '', 10, p.paracl, 'p'
    FROM pg_catalog.pg_parameter_acl AS p
    UNION ALL
    -- Of another database, what is held there by one of the roles, unless the map's owners own something in it: then it
    -- is another of the map's. Of those that each server has, what everyone may as well.
    SELECT 1262, d.oid, 0, 'database', 0, d.datname::text, '', d.datdba, d.datacl, 'd'
    FROM pg_catalog.pg_database AS d
    WHERE d.datallowconn
        AND (%(inside)s OR d.datname <> pg_catalog.current_database())
        AND (d.datname = pg_catalog.current_database() OR NOT EXISTS (
            SELECT FROM pg_catalog.pg_shdepend AS s
            JOIN pg_catalog.pg_roles AS r ON r.oid = s.refobjid AND r.rolname = ANY (%(owners)s::name[])
            WHERE s.dbid = d.oid AND s.deptype = 'o' AND s.refclassid = 1260
        ))
), placed AS (
    SELECT e.*, coalesce(n.nspname::text, '') AS schema,
        e.namespace IN (SELECT own.oid FROM own)
            AND NOT EXISTS (SELECT FROM extension AS x WHERE x.classid = e.classid AND x.objid = e.objid)
            OR e.kind = 'database' AND e.name = pg_catalog.current_database() AS is_own,
        EXISTS (SELECT FROM extension AS x WHERE x.classid = e.classid AND x.objid = e.objid) AS is_extensions
    FROM entry AS e
    LEFT JOIN pg_catalog.pg_namespace AS n ON n.oid = e.namespace
)
SELECT p.kind, p.schema, p.name, p."column" AS "column",
    CASE WHEN p.kind = 'sequence' AND p.is_own THEN coalesce((
        SELECT t.relname::text FROM pg_catalog.pg_depend AS d
        JOIN pg_catalog.pg_class AS t ON t.oid = d.refobjid
        WHERE d.classid = 1259 AND d.objid = p.objid AND d.refclassid = 1259 AND d.deptype IN ('a', 'i')
        LIMIT 1
    ), '') ELSE '' END AS "table",
    g.name AS grantee, held.privilege_type AS privilege, held.is_grantable AS option,
    CASE WHEN held.grantor = p.owner THEN '' ELSE pg_catalog.pg_get_userbyid(held.grantor)::text END AS grantor
FROM placed AS p
CROSS JOIN LATERAL pg_catalog.aclexplode(coalesce(p.acl, pg_catalog.acldefault(p.form::"char", p.owner))) AS held
JOIN grantee AS g ON g.oid = held.grantee
-- What is left out whoever holds it is left out before its list is taken apart.
WHERE (%(inside)s OR NOT p.is_own)
    AND held.grantee <> p.owner
    AND CASE
        WHEN p.is_own THEN NOT EXISTS (
            SELECT FROM pg_catalog.pg_depend AS d
            WHERE p.classid = 1255 AND d.classid = 1255 AND d.objid = p.objid AND d.deptype = 'i'
        )
        WHEN held.grantee = 0 AND p.kind = 'database' THEN p.name IN ('postgres', 'template1')
            AND held.privilege_type = 'CONNECT'
        -- Of the information schema initdb writes down nothing.
        WHEN held.grantee = 0 AND p.schema = 'information_schema' THEN held.privilege_type NOT IN ('SELECT', 'USAGE')
        WHEN held.grantee = 0 AND p.schema NOT IN ('', 'pg_catalog') THEN p.is_extensions
        ELSE true
    END
    AND (p.is_own OR p.kind = 'database' OR NOT EXISTS (
        SELECT FROM pg_catalog.aclexplode(coalesce(
            (
                SELECT i.initprivs FROM pg_catalog.pg_init_privs AS i
                WHERE i.classoid = p.classid AND i.objoid = p.objid AND i.objsubid = p.part
            ),
            pg_catalog.acldefault(p.form::"char", p.owner)
        )) AS made
        WHERE made.grantee = held.grantee AND made.privilege_type = held.privilege_type
            AND (made.is_grantable OR NOT held.is_grantable)
    ))
UNION ALL
SELECT 'function', n.nspname::text, f.signature, '', '', '', '', false, ''
FROM ROWS FROM (
    pg_catalog.unnest(%(function_schemas)s::name[]), pg_catalog.unnest(%(functions)s::text[])
) AS f (schema, signature)
JOIN pg_catalog.pg_namespace AS n ON n.nspname = f.schema
JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid
    AND p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' = f.signature
WHERE NOT %(inside)s AND EXISTS (SELECT FROM extension AS x WHERE x.classid = 1255 AND x.objid = p.oid)
