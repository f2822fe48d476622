-- name: latency_insert
-- fields: latency
INSERT INTO latency ({columns}) VALUES ({values}) ON CONFLICT (call_id, turn) DO NOTHING

-- name: latency_by_call
-- fields: latency
SELECT {columns} FROM latency WHERE tenant_id = $1 AND call_id = $2 ORDER BY turn LIMIT 1000

-- name: latency_days
-- fields: latency_day
-- plan: latency_day
SELECT day, kind, n, p50_ms, p95_ms, p99_ms, model_ms, tool_ms, own_us FROM (
    SELECT day, kind, count(*) AS n,
        max(CASE WHEN nth <= (n_day * 50 + 99) / 100 THEN total_ms END) AS p50_ms,
        max(CASE WHEN nth <= (n_day * 95 + 99) / 100 THEN total_ms END) AS p95_ms,
        max(CASE WHEN nth <= (n_day * 99 + 99) / 100 THEN total_ms END) AS p99_ms,
        sum(model_ms) / count(*) AS model_ms, sum(tool_ms) / count(*) AS tool_ms,
        sum(own_us) / count(*) AS own_us
    FROM (
        SELECT day, kind, total_ms, model_ms, tool_ms, own_us,
            row_number() OVER (PARTITION BY kind, day ORDER BY total_ms) AS nth,
            count(*) OVER (PARTITION BY kind, day) AS n_day
        FROM latency WHERE tenant_id = $1 AND kind = $2 AND day >= $3
    ) AS subquery_ranked
    GROUP BY day, kind
) AS subquery_days ORDER BY day DESC LIMIT 400
