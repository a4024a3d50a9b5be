WITH timed AS (
    SELECT
        r.project_id,
        date(r.created_at) AS day,
        r.status,
        (CAST(strftime('%s', substr(r.finished_at, 1, 19)) AS INTEGER) - CAST(strftime('%s', substr(r.started_at, 1, 19)) AS INTEGER)) * 1000000
        + CASE WHEN substr(r.finished_at, 20, 1) = '.' THEN CAST(substr(substr(r.finished_at, 21) || '000000', 1, 6) AS INTEGER) ELSE 0 END
        - CASE WHEN substr(r.started_at, 20, 1) = '.' THEN CAST(substr(substr(r.started_at, 21) || '000000', 1, 6) AS INTEGER) ELSE 0 END
            AS micros
    FROM "app.runs" AS r
),
both_sides AS (
    SELECT
        t.project_id,
        t.day,
        t.status,
        CASE WHEN t.micros >= 1 THEN CAST(ceil(ln(t.micros) / ln(1.04)) AS INTEGER) WHEN t.micros = 0 THEN -1 ELSE -2 END AS bucket,
        1 AS runs,
        coalesce(t.micros, 0) AS duration
    FROM timed AS t
    UNION ALL
    SELECT c.project_id, c.day, c.status, c.bucket, -c.runs, -c.duration
    FROM "app.run_counts" AS c
)
SELECT DISTINCT b.project_id, b.day
FROM both_sides AS b
GROUP BY b.project_id, b.day, b.status, b.bucket
HAVING sum(b.runs) <> 0 OR sum(b.duration) <> 0
ORDER BY b.project_id, b.day
