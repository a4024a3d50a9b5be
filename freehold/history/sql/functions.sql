-- name: functions
-- kind: many
-- purpose: the functions of the given schemas, of every kind, each with what it is in words and a digest of all that it does:
--   body, arguments, result, volatility, security, settings; of an aggregate the functions it is made of. Of the catalogue
--   only arguments' defaults and bodies of the SQL standard are expressions that the server writes; the path is pinned for
--   those. Not among them: what an extension brought, and the function of the history's guard, which is compared by itself.
-- shape: schema, sort, name, mark (words, then a digest), whether it follows the names of tables and columns
-- index: none; one pass over pg_proc
SELECT n.nspname::text AS schema, 'functions' AS sort,
    n.nspname || '.' || p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' AS name,
    pg_catalog.concat_ws(' ', l.lanname,
        CASE p.provolatile WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END,
        CASE WHEN p.prosecdef THEN 'definer' ELSE 'invoker' END,
        pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(pg_catalog.convert_to(row(
            p.prokind, l.lanname, p.prosecdef, p.proleakproof, p.proisstrict, p.proretset, p.provolatile, p.proparallel,
            p.procost, p.prorows, p.prosupport, p.proconfig, p.protrftypes::regtype[], p.prosrc, p.probin,
            pg_catalog.pg_get_function_result(p.oid), pg_catalog.pg_get_function_arguments(p.oid),
            pg_catalog.pg_get_function_sqlbody(p.oid), CASE p.prokind WHEN 'a' THEN (
                SELECT row(a.aggkind, a.aggnumdirectargs, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn,
                    a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn, a.aggfinalextra, a.aggmfinalextra,
                    a.aggfinalmodify, a.aggmfinalmodify, a.aggsortop::regoperator, a.aggtranstype::regtype,
                    a.aggtransspace, a.aggmtranstype::regtype, a.aggmtransspace, a.agginitval, a.aggminitval)::text
                FROM pg_catalog.pg_aggregate a
                WHERE a.aggfnoid = p.oid
            ) END)::text, 'UTF8')), 'hex'), 32)) AS mark,
    p.prosqlbody IS NOT NULL OR p.proargdefaults IS NOT NULL AS follows
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
WHERE n.nspname = ANY (%(recorded)s)
    AND NOT EXISTS (
        SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 1255 AND d.objid = p.oid AND d.deptype = 'e'
    )
    AND NOT (n.nspname = 'public' AND p.proname = 'refuse_history_change' AND p.pronargs = 0)
