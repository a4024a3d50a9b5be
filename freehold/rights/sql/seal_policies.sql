-- name: seal_policies
-- kind: exec
-- purpose: writes down beside each of the given policies what was declared and what the catalogue made of it, so that
--   a later ALTER POLICY is seen: `freehold:<digest declared>:<digest held>`. {policies} is a list of
--   ('schema', 'table', 'policy', 'digest declared'). Run as the owner of the tables, with search_path `pg_catalog,
--   pg_temp`. The digest held is the one that sql/catalogue.sql gives.
-- index: pg_policy_polrelid_polname_index
DO $freehold$
DECLARE
    found record;
BEGIN
    FOR found IN
        SELECT declared.*, p.polcmd, p.polpermissive, p.polrelid, p.polqual, p.polwithcheck, (
            SELECT pg_catalog.string_agg(
                CASE each WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.pg_get_userbyid(each)::text END, ' ' ORDER BY each
            )
            FROM pg_catalog.unnest(p.polroles) each
        ) AS names
        FROM (VALUES {policies}) AS declared (schema, name, policy, digest)
        JOIN pg_catalog.pg_namespace n ON n.nspname = declared.schema
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = declared.name
        JOIN pg_catalog.pg_policy p ON p.polrelid = c.oid AND p.polname = declared.policy
    LOOP
        EXECUTE pg_catalog.format('COMMENT ON POLICY %I ON %I.%I IS %L', found.policy, found.schema, found.name,
            'freehold:' || found.digest || ':' || pg_catalog.left(pg_catalog.encode(pg_catalog.sha256(
                pg_catalog.convert_to(pg_catalog.concat_ws(E'\x1f', found.polcmd::text, found.polpermissive::text,
                    found.names, coalesce(pg_catalog.pg_get_expr(found.polqual, found.polrelid), '-'),
                    coalesce(pg_catalog.pg_get_expr(found.polwithcheck, found.polrelid), '-')
                ), 'UTF8')), 'hex'), 16));
    END LOOP;
END
$freehold$
