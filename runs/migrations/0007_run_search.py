"""Let a service search runs by an index: behind policies PostgreSQL uses none for `@@`.

The function has the rights of the owner, whom the index serves, and so holds back itself what the policies of app.runs
(`runs.models.Run`) hold back from the service: it gives runs of tenants in which whoever asks has a role, or of the
project of the key that asks.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

WORDS = """(
    to_tsvector('pg_catalog.simple', r.kind || ' ' || r.external_id) || CASE
        WHEN length(r.metadata::text) <= 50000
        THEN jsonb_to_tsvector('pg_catalog.simple', r.metadata, '["key", "string", "numeric"]')
        ELSE to_tsvector('pg_catalog.simple', "left"(r.metadata::text, 50000))
    END
)"""  # as 0006 has it
# A word is found by how it begins; a quote and a backslash in it are no operators. ROWS: of few ids
# PostgreSQL looks each up, where it would else walk through all runs in the order asked for. enable_seqscan: where most
# runs have the word it would cut each text into words anew, which takes ten times as long as the index. LIMIT: a
# word that all runs have would have each of them joined, and that takes seconds.
SEARCH = """
CREATE FUNCTION app.search_runs(words text[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    wanted tsquery := '';
    word text;
BEGIN
    FOREACH word IN ARRAY coalesce(words[1:16], '{{}}') LOOP
        CONTINUE WHEN (word = '') IS NOT FALSE;
        word := replace(replace("left"(word, 100), '\\', '\\\\'), '''', '''''');
        wanted := wanted && to_tsquery('pg_catalog.simple', '''' || word || ''':*');
    END LOOP;
    RETURN QUERY WITH found AS MATERIALIZED (
        SELECT r.id, r.created_at FROM app.runs AS r
        WHERE {words} @@ wanted AND (
            r.project_id = ANY (ARRAY(
                SELECT p.id FROM app.projects AS p
                WHERE p.tenant_id = ANY (ARRAY(SELECT app.list_tenants_of_user('{{owner,admin,member,viewer}}')))
            ))
            OR r.project_id = (SELECT app.project_of_api_key())
        )
    )
    SELECT f.id FROM found AS f ORDER BY f.created_at DESC LIMIT 10000;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("runs", "0006_run_search_index"), ("tenancy", "0013_project_of_api_key")]

    operations = [
        RunPostgreSQL(
            [SEARCH.format(words=WORDS), "REVOKE EXECUTE ON FUNCTION app.search_runs(text[]) FROM PUBLIC"],
            "DROP FUNCTION IF EXISTS app.search_runs(text[])",
        ),
    ]
