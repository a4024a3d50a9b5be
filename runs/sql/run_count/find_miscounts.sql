-- name: find_miscounts
-- kind: many
-- purpose: the projects and days whose counts are not what their runs are; all of it is seen at one time
-- service: admin
WITH counted AS (
    SELECT
        r.project_id,
        CAST(r.created_at AT TIME ZONE 'UTC' AS date) AS day,
        r.status,
        CASE
            WHEN isfinite(r.started_at) AND isfinite(r.finished_at)
                THEN CAST(extract(epoch FROM r.finished_at - r.started_at) * 1000000 AS numeric(30, 0))
        END AS micros
    FROM app.runs AS r
),
both_sides AS (
    SELECT
        c.project_id,
        c.day,
        c.status,
        CASE WHEN c.micros >= 1 THEN ceil(ln(CAST(c.micros AS float8)) / ln(CAST(1.04 AS float8))) WHEN c.micros = 0 THEN -1 ELSE -2 END AS bucket,
        1 AS runs,
        coalesce(c.micros, 0) AS duration
    FROM counted AS c
    UNION ALL
    SELECT c.project_id, c.day, c.status, c.bucket, -c.runs, -c.duration
    FROM app.run_counts AS c
)
SELECT DISTINCT b.project_id, b.day
FROM both_sides AS b
GROUP BY b.project_id, b.day, b.status, b.bucket
HAVING sum(b.runs) <> 0 OR sum(b.duration) <> 0
ORDER BY b.project_id, b.day
