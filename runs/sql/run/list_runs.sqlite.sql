SELECT
    r.id,
    r.project_id,
    r.external_id,
    r.kind,
    r.status,
    r.started_at,
    r.finished_at,
    r.metadata,
    r.version,
    r.created_at,
    r.updated_at
FROM "app.runs" AS r
WHERE true
-- if: words
    AND NOT EXISTS (
        SELECT 1
        FROM json_each(@words) AS w
        WHERE instr(
            lower(' ' || replace(r.kind || ' ' || r.external_id || ' ' || r.metadata, '"', ' ')), ' ' || lower(w.value)
        ) = 0
    )
-- end
-- if: project_id
    AND r.project_id = @project_id
-- end
-- if: statuses
    AND r.status IN (SELECT value FROM json_each(@statuses))
-- end
-- if: kind
    AND r.kind = @kind
-- end
-- if: since
    AND r.created_at >= @since
-- end
-- if: until
    AND r.created_at < @until
-- end
-- after
