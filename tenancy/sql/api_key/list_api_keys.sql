-- name: list_api_keys
-- kind: many
-- purpose: API keys that whoever asks may see, without what shows one, a page of them
-- type: scopes = list[str]
-- sort: newest = k.created_at DESC, k.id DESC
-- page: 50 200
-- index: api_keys_project_idx, api_keys_created_at_idx
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
WHERE true
-- if: project_id
    AND k.project_id = @project_id
-- end
-- after
