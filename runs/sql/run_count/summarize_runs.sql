-- name: summarize_runs
-- kind: many
-- purpose: how many runs a project had on each day by status, and how long they took in seconds: on average, and at most for
--   a half, nine tenths and ninety-nine hundredths of those whose duration is known, each off by two per cent at most
-- type: runs! = int
-- type: timed! = int
-- index: run_counts_pkey
WITH counted AS (
    SELECT c.day, c.status, c.bucket, sum(c.runs) AS runs, sum(c.duration) AS duration
    FROM app.run_counts AS c
    WHERE c.project_id = @project_id AND c.day >= @first AND c.day <= @last
    GROUP BY c.day, c.status, c.bucket
    HAVING sum(c.runs) > 0
),
ranked AS (
    SELECT
        counted.day,
        counted.status,
        counted.runs,
        CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END AS timed,
        CASE WHEN counted.bucket >= -1 THEN counted.duration ELSE 0 END AS duration,
        CASE WHEN counted.bucket >= 0 THEN 2 * power(1.04, counted.bucket) / 2.04 / 1000000 WHEN counted.bucket = -1 THEN 0 END
            AS seconds,
        sum(CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END)
            OVER (PARTITION BY counted.day, counted.status ORDER BY counted.bucket) AS upto,
        sum(CASE WHEN counted.bucket >= -1 THEN counted.runs ELSE 0 END)
            OVER (PARTITION BY counted.day, counted.status) AS total
    FROM counted
)
SELECT
    ranked.day,
    ranked.status,
    CAST(sum(ranked.runs) AS bigint) AS runs,
    CAST(sum(ranked.timed) AS bigint) AS timed,
    CAST(sum(ranked.duration) / nullif(sum(ranked.timed), 0) / 1000000 AS double precision) AS average,
    CAST(min(CASE WHEN ranked.upto >= 0.5 * ranked.total THEN ranked.seconds END) AS double precision) AS half,
    CAST(min(CASE WHEN ranked.upto >= 0.9 * ranked.total THEN ranked.seconds END) AS double precision) AS p90,
    CAST(min(CASE WHEN ranked.upto >= 0.99 * ranked.total THEN ranked.seconds END) AS double precision) AS p99
FROM ranked
GROUP BY ranked.day, ranked.status
ORDER BY ranked.day, ranked.status
