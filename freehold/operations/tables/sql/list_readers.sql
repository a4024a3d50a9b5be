-- name: list_readers
-- kind: many
-- purpose: what reads a table, or a view that shows its rows, through any number of views: views, rules, policies of other
--   tables, functions with a body of SQL. One row for each that reads and each that is read.
-- shape: its key, kind, name, owner, whether it reads by its owner's rights, others who use it (PUBLIC: everyone), key and
--   name of what is read, the privileges that takes, the columns
-- index: pg_depend_reference_index, pg_rewrite_oid_index, pg_proc_oid_index, pg_policy_oid_index
WITH RECURSIVE shown AS (
    SELECT c.oid
    FROM pg_catalog.pg_class AS c
    JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %(schema)s AND c.relname = %(name)s
    UNION
    SELECT w.ev_class
    FROM shown
    JOIN pg_catalog.pg_depend AS d ON d.refclassid = 1259 AND d.refobjid = shown.oid AND d.classid = 2618
    JOIN pg_catalog.pg_rewrite AS w ON w.oid = d.objid AND w.rulename = '_RETURN'
), used AS (
    SELECT d.classid, d.objid, shown.oid AS relation, pg_catalog.format('%%s.%%s', n.nspname, r.relname) AS name,
        coalesce(pg_catalog.array_agg(DISTINCT a.attname::text) FILTER (WHERE a.attname IS NOT NULL), '{}') AS columns
    FROM shown
    JOIN pg_catalog.pg_class AS r ON r.oid = shown.oid
    JOIN pg_catalog.pg_namespace AS n ON n.oid = r.relnamespace
    JOIN pg_catalog.pg_depend AS d ON d.refclassid = 1259 AND d.refobjid = shown.oid AND d.classid IN (1255, 2618, 3256)
    LEFT JOIN pg_catalog.pg_attribute AS a ON a.attrelid = shown.oid AND a.attnum = d.refobjsubid AND a.attnum > 0
    GROUP BY d.classid, d.objid, shown.oid, n.nspname, r.relname
), reader AS (
    SELECT used.*, c.oid AS key, CASE c.relkind WHEN 'm' THEN 'materialized view' ELSE 'view' END AS kind,
        pg_catalog.format('%%s.%%s', cn.nspname, c.relname) AS label, c.relowner AS owner,
        NOT EXISTS (
            SELECT FROM pg_catalog.pg_options_to_table(c.reloptions) AS o
            WHERE o.option_name = 'security_invoker' AND o.option_value::boolean
        ) AS by_owner,
        c.relacl AS acl, 'SELECT' AS word, c.oid AS holder,
        pg_catalog.array_remove(ARRAY[
            'SELECT',
            CASE WHEN (pg_catalog.pg_relation_is_updatable(c.oid, false) & 8) > 0 THEN 'INSERT' END,
            CASE WHEN (pg_catalog.pg_relation_is_updatable(c.oid, false) & 4) > 0 THEN 'UPDATE' END,
            CASE WHEN (pg_catalog.pg_relation_is_updatable(c.oid, false) & 16) > 0 THEN 'DELETE' END
        ], NULL) AS can
    FROM used
    JOIN pg_catalog.pg_rewrite AS w ON used.classid = 2618 AND w.oid = used.objid AND w.rulename = '_RETURN'
    JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class AND c.oid <> used.relation
    JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
    UNION ALL
    SELECT used.*, w.oid, 'rule', pg_catalog.format('%%s of %%s.%%s', w.rulename, cn.nspname, c.relname), c.relowner, true,
        NULL, '', 0,
        ARRAY(
            SELECT DISTINCT v.word
            FROM pg_catalog.regexp_matches(
                w.ev_qual::text || w.ev_action::text, ':relid ' || used.relation || ' [^{}]*:requiredPerms ([0-9]+)', 'g'
            ) AS m
            JOIN (VALUES (1, 'INSERT'), (2, 'SELECT'), (4, 'UPDATE'), (8, 'DELETE')) AS v (bit, word)
                ON (m[1]::bigint & v.bit) > 0
        )
    FROM used
    JOIN pg_catalog.pg_rewrite AS w ON used.classid = 2618 AND w.oid = used.objid AND w.rulename <> '_RETURN'
    JOIN pg_catalog.pg_class AS c ON c.oid = w.ev_class AND c.oid <> used.relation
    JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
    UNION ALL
    SELECT used.*, p.oid, 'policy', pg_catalog.format('%%s of %%s.%%s', p.polname, cn.nspname, c.relname), c.relowner, false,
        CASE WHEN 0 = ANY (p.polroles) THEN c.relacl ELSE (
            SELECT pg_catalog.array_agg(pg_catalog.makeaclitem(r, c.relowner, 'SELECT', false))
            FROM pg_catalog.unnest(p.polroles) AS r
        ) END,
        '', 0, ARRAY['SELECT']
    FROM used
    JOIN pg_catalog.pg_policy AS p ON used.classid = 3256 AND p.oid = used.objid AND p.polrelid <> used.relation
    JOIN pg_catalog.pg_class AS c ON c.oid = p.polrelid
    JOIN pg_catalog.pg_namespace AS cn ON cn.oid = c.relnamespace
    UNION ALL
    SELECT used.*, p.oid, 'function',
        pg_catalog.format('%%s.%%s(%%s)', pn.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)), p.proowner,
        p.prosecdef, coalesce(p.proacl, pg_catalog.acldefault('f', p.proowner)), '', 0,
        ARRAY(
            SELECT DISTINCT v.word
            FROM pg_catalog.regexp_matches(
                p.prosqlbody::text, ':relid ' || used.relation || ' [^{}]*:requiredPerms ([0-9]+)', 'g'
            ) AS m
            JOIN (VALUES (1, 'INSERT'), (2, 'SELECT'), (4, 'UPDATE'), (8, 'DELETE')) AS v (bit, word)
                ON (m[1]::bigint & v.bit) > 0
        )
    FROM used
    JOIN pg_catalog.pg_proc AS p ON used.classid = 1255 AND p.oid = used.objid
    JOIN pg_catalog.pg_namespace AS pn ON pn.oid = p.pronamespace
)
SELECT
    reader.key::bigint, reader.kind, reader.label, pg_catalog.pg_get_userbyid(reader.owner)::text, reader.by_owner,
    ARRAY(
        SELECT DISTINCT CASE x.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(x.grantee)::text END
        FROM (
            SELECT reader.acl
            UNION ALL
            SELECT a.attacl FROM pg_catalog.pg_attribute AS a WHERE a.attrelid = reader.holder AND a.attacl IS NOT NULL
        ) AS held (acl)
        CROSS JOIN LATERAL pg_catalog.aclexplode(held.acl) AS x
        WHERE x.grantee <> reader.owner AND reader.word IN ('', x.privilege_type)
    ),
    reader.relation::bigint, reader.name,
    ARRAY(
        SELECT word
        FROM pg_catalog.unnest(reader.can) AS word
        WHERE reader.kind <> 'view' OR word = 'SELECT' OR reader.by_owner AND EXISTS (
            SELECT FROM pg_catalog.aclexplode(reader.acl) AS x WHERE x.privilege_type = word AND x.grantee <> reader.owner
        )
    ),
    reader.columns
FROM reader
ORDER BY 2, 3, 8
