"""Runs every benchmark, one after the other."""

from benchmarks import (
    api,
    api_frameworks,
    authorizer,
    backend_migrate,
    compilesql,
    hundred_migrations,
    ingestion,
    ingestion_http,
    introspection,
    items_page,
    migrate,
    move,
    orm,
    ownership_check,
    proofs,
    request,
    seed_locations,
    sql_file,
    startup,
    typed_sql,
)

for benchmark in (
    migrate,
    hundred_migrations,
    backend_migrate,
    seed_locations,
    sql_file,
    startup,
    orm,
    introspection,
    authorizer,
    request,
    proofs,
    items_page,
    typed_sql,
    compilesql,
    ingestion,
    ingestion_http,
    api,
    api_frameworks,
    ownership_check,
    move,
):
    print(f"\n## {benchmark.__name__.removeprefix('benchmarks.')}", flush=True)
    benchmark.main()
