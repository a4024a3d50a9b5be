SET session_replication_role = replica;
INSERT INTO auth."user" (id, password, is_superuser, is_active, email)
SELECT md5('user' || n)::uuid, '', false, true, n || '@example.com' FROM generate_series(1, 400) AS n;
INSERT INTO master.categories (id, name, slug, path, parent_id)
SELECT md5('top' || n)::uuid, 'Top ' || n, 'top-' || n, 'top-' || n, NULL FROM generate_series(1, 40) AS n
UNION ALL
SELECT md5('low' || n)::uuid, 'Low ' || n, 'low-' || n, 'top-' || (n % 40 + 1) || '/low-' || n,
    md5('top' || (n % 40 + 1))::uuid
FROM generate_series(1, 1000) AS n;
INSERT INTO master.locations (id, city, country, country_name, slug, latitude, longitude, population)
SELECT md5('country' || n)::uuid, '', chr(65 + n / 26) || chr(65 + n % 26), 'Land ' || n, 'land-' || n, NULL, NULL, NULL
FROM generate_series(0, 199) AS n
UNION ALL
SELECT md5('city' || n)::uuid, initcap("left"(translate(md5(n::text), '0123456789', 'ghijklmnop'), 8)),
    chr(65 + n % 200 / 26) || chr(65 + n % 200 % 26), 'Land ' || n % 200,
    "left"(translate(md5(n::text), '0123456789', 'ghijklmnop'), 8) || '-' || n, 1, 1, n
FROM generate_series(1, 20000) AS n;
INSERT INTO app.items (user_id, category_id, location_id, name, description, price, currency, is_active, created_at)
SELECT md5('user' || (n % 400 + 1))::uuid, md5('low' || (n % 1000 + 1))::uuid, md5('city' || (n % 20000 + 1))::uuid,
    'Word' || n % 5000 || ' thing', 'A thing of ' || md5(n::text), n % 10000 + 0.5,
    CASE WHEN n % 2 = 0 THEN 'EUR' ELSE 'USD' END, n % 7 > 0, now() - n * interval '1 minute'
FROM generate_series(1, 40000) AS n;
INSERT INTO app.item_images (item_id, url, position)
SELECT i.id, 'https://example.org/' || p, p FROM app.items AS i, generate_series(1, 2) AS p;
INSERT INTO app.profiles (user_id, display_name)
SELECT md5('user' || n)::uuid, 'Name ' || n FROM generate_series(1, 400) AS n;
INSERT INTO app.tenants (id, name, slug)
SELECT md5('tenant' || n)::uuid, 'Tenant ' || n, 'tenant-' || n FROM generate_series(1, 100) AS n;
INSERT INTO app.memberships (tenant_id, user_id, role)
SELECT md5('tenant' || n)::uuid, md5('user' || n)::uuid, 'viewer' FROM generate_series(1, 100) AS n;
INSERT INTO app.projects (id, tenant_id, name, slug)
SELECT md5('project' || n)::uuid, md5('tenant' || n)::uuid, 'Project', 'project' FROM generate_series(1, 100) AS n;
INSERT INTO app.runs (project_id, external_id, kind, status, metadata, created_at)
SELECT md5('project' || (n % 100 + 1))::uuid, 'ext' || n, 'import', 'queued',
    jsonb_build_object('host', 'host' || n % 4000, 'text', md5(n::text)), now() - n * interval '1 minute'
FROM generate_series(1, 40000) AS n;
RESET session_replication_role;
VACUUM ANALYZE;
