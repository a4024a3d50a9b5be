-- name: find_api_key
-- kind: maybe
-- purpose: an API key by its id, without what shows it
-- type: scopes = list[str]
-- index: api_keys_pkey
SELECT
    k.id,
    k.project_id,
    k.name,
    k.prefix,
    k.scopes,
    k.expires_at,
    k.last_used_at,
    k.revoked_at,
    k.created_at
FROM app.api_keys AS k
WHERE k.id = @id
