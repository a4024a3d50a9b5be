"""Runs every benchmark, one after the other."""

from benchmarks import migrate, seed_locations, startup

for benchmark in (migrate, seed_locations, startup):
    print(f"\n## {benchmark.__name__.removeprefix('benchmarks.')}", flush=True)
    benchmark.main()
