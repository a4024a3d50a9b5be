-- name: mark
-- kind: one
-- purpose: what changes whenever something that sql/catalogue.sql reads changes, while the server runs: the row versions of
--   the catalogue's rows about objects that are not the server's own, and the roles. Cheap, and good for one server
--   between two starts only: a restored server may count its transactions anew.
-- index: none
SELECT pg_catalog.concat_ws(' ', pg_catalog.pg_postmaster_start_time(),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(d.oid, d.datacl::text), 0))
        FROM pg_catalog.pg_database d WHERE d.datacl IS NOT NULL),
    (SELECT pg_catalog.bit_xor(pg_catalog.hashtextextended(r::text, 0)) FROM pg_catalog.pg_roles r),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(m.roleid, m.member, m.xmin), 0))
        FROM pg_catalog.pg_auth_members m),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(s.setdatabase, s.setrole, s.xmin), 0))
        FROM pg_catalog.pg_db_role_setting s),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(n.oid, n.xmin), 0))
        FROM pg_catalog.pg_namespace n),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(c.oid, c.xmin), 0))
        FROM pg_catalog.pg_class c WHERE c.oid >= 16384 AND c.relkind <> 't' OR c.relacl IS NOT NULL),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(a.attrelid, a.attnum, a.xmin), 0))
        FROM pg_catalog.pg_attribute a WHERE a.attrelid >= 16384 AND a.attnum > 0 OR a.attacl IS NOT NULL),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(p.oid, p.xmin), 0))
        FROM pg_catalog.pg_proc p WHERE p.oid >= 16384 OR p.proacl IS NOT NULL),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(t.oid, t.xmin), 0))
        FROM pg_catalog.pg_type t WHERE t.oid >= 16384 OR t.typacl IS NOT NULL),
    -- A CHECK of a domain is a row of its own: neither the domain's nor any table's is written anew for it.
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(k.oid, k.xmin), 0))
        FROM pg_catalog.pg_constraint k WHERE k.contypid >= 16384),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(o.oid, o.xmin), 0)) FROM (
        SELECT c.oid, c.xmin::text FROM pg_catalog.pg_collation c WHERE c.oid >= 16384
        UNION ALL SELECT c.oid, c.xmin::text FROM pg_catalog.pg_conversion c WHERE c.oid >= 16384
        UNION ALL SELECT c.oid, c.xmin::text FROM pg_catalog.pg_ts_config c WHERE c.oid >= 16384
        UNION ALL SELECT d.oid, d.xmin::text FROM pg_catalog.pg_ts_dict d WHERE d.oid >= 16384
        UNION ALL SELECT s.oid, s.xmin::text FROM pg_catalog.pg_statistic_ext s
        UNION ALL SELECT o.oid, o.xmin::text FROM pg_catalog.pg_operator o WHERE o.oid >= 16384
        UNION ALL SELECT c.oid, c.xmin::text FROM pg_catalog.pg_opclass c WHERE c.oid >= 16384
        UNION ALL SELECT f.oid, f.xmin::text FROM pg_catalog.pg_opfamily f WHERE f.oid >= 16384
    ) o),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(l.oid, l.xmin), 0)) FROM pg_catalog.pg_language l),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(t.oid, t.xmin), 0)) FROM pg_catalog.pg_tablespace t),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(w.oid, w.xmin), 0))
        FROM pg_catalog.pg_foreign_data_wrapper w),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(s.oid, s.xmin), 0))
        FROM pg_catalog.pg_foreign_server s),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(o.oid, o.xmin), 0))
        FROM pg_catalog.pg_largeobject_metadata o WHERE o.lomacl IS NOT NULL),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(p.oid, p.xmin), 0))
        FROM pg_catalog.pg_parameter_acl p),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(d.oid, d.xmin), 0))
        FROM pg_catalog.pg_default_acl d),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(p.oid, p.xmin), 0)) FROM pg_catalog.pg_policy p),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(h.inhrelid, h.inhparent, h.xmin), 0))
        FROM pg_catalog.pg_inherits h),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(w.oid, w.xmin), 0))
        FROM pg_catalog.pg_rewrite w WHERE w.oid >= 16384),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(t.oid, t.xmin), 0)) FROM pg_catalog.pg_trigger t),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(e.oid, e.xmin), 0)) FROM pg_catalog.pg_event_trigger e),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(d.objoid, d.classoid, d.objsubid, d.xmin), 0))
        FROM pg_catalog.pg_description d
        WHERE d.classoid IN (2615, 3256) OR d.classoid = 1259 AND d.objsubid = 0 AND d.objoid >= 16384),
    (SELECT pg_catalog.bit_xor(pg_catalog.hash_record_extended(row(d.classid, d.objid, d.xmin), 0))
        FROM pg_catalog.pg_depend d WHERE d.deptype = 'e')
)
