"""Let a service search items by an index: behind policies PostgreSQL uses none for `@@`.

The function has the rights of the owner, whom the index serves, and so holds back itself what the policies of app.items
(`items.models.Item`) hold back from the service: it gives what is on offer, and what is of whoever asks.
"""

from django.db import migrations

from freehold.operations import RunPostgreSQL

TEXT = "i.name || ' ' || \"left\"(i.description, 50000)"
WORDS = f"(to_tsvector('pg_catalog.english', {TEXT}) || to_tsvector('pg_catalog.simple', {TEXT}))"  # as 0008 has it
USER = """
        SELECT CASE split_part(current_setting('freehold.proof', true), ':', 1)
            WHEN 'session' THEN auth.user_of_session()
            WHEN 'ticket' THEN auth.user_of_ticket()
        END
    """
# A word is found by its stem, or by how it begins; a quote and a backslash in it are no operators. ROWS: of few ids
# PostgreSQL looks each up, where it would else walk through all items in the order asked for. enable_seqscan: where most
# items have the word it would cut each text into words anew, which takes ten times as long as the index. LIMIT: a
# word that all items have would have each of them joined, and that takes seconds.
SEARCH = """
CREATE FUNCTION app.search_items(words text[]) RETURNS SETOF uuid
LANGUAGE plpgsql STABLE PARALLEL SAFE SECURITY DEFINER ROWS 100
SET search_path = pg_catalog, pg_temp SET enable_seqscan = off
AS $$
DECLARE
    wanted tsquery := '';
    word text;
BEGIN
    FOREACH word IN ARRAY coalesce(words[1:16], '{{}}') LOOP
        CONTINUE WHEN (word = '') IS NOT FALSE;
        word := "left"(word, 100);
        wanted := wanted && (
            plainto_tsquery('pg_catalog.english', word)
            || to_tsquery('pg_catalog.simple', '''' || replace(replace(word, '\\', '\\\\'), '''', '''''') || ''':*')
        );
    END LOOP;
    RETURN QUERY WITH found AS MATERIALIZED (
        SELECT i.id, i.created_at FROM app.items AS i
        WHERE {words} @@ wanted AND (i.is_active OR i.user_id = ({user}))
    )
    SELECT f.id FROM found AS f ORDER BY f.created_at DESC LIMIT 10000;
END
$$
"""


class Migration(migrations.Migration):
    dependencies = [("items", "0008_item_search_index"), ("auth_app", "0013_tickets")]

    operations = [
        RunPostgreSQL(
            [SEARCH.format(words=WORDS, user=USER), "REVOKE EXECUTE ON FUNCTION app.search_items(text[]) FROM PUBLIC"],
            "DROP FUNCTION IF EXISTS app.search_items(text[])",
        ),
    ]
