"""`migrate` of a SQL file of 60 MB over psql of the same file in one transaction. Prints the ratio of wall time, and
the peak of the command's memory, once with a row a statement and once with a hundred."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.hundred_migrations import APP, MAP, SETTINGS
from benchmarks.server import running_server
from freehold import embedded

SIZE = int(os.environ.get("BENCHMARK_BYTES", 60_000_000))
ROWS = (1, 100)  # in a statement
LIMIT = 3.0
MOST = 200  # MB
STEM = "1_rows"
TABLE = "CREATE TABLE app.script_rows (id bigint, name text, note text, at timestamptz);\n"
MIGRATION = f"""
from django.db import migrations
from freehold.operations import RunSQLFiles

class Migration(migrations.Migration):
    operations = [RunSQLFiles("{APP}", "{STEM}")]
"""


def main() -> None:
    """Print the ratios and the peaks."""
    for rows in ROWS:
        with tempfile.TemporaryDirectory() as directory, running_server() as path:
            file = write_app(Path(directory), rows)
            ours, peak, before = measure(path, directory)
            psqls = measure_psql(path, file)
        print(f"{SIZE / 1e6:.0f} MB, {rows} rows a statement: {ours / psqls:.2f} of psql (limit {LIMIT:g}); ", end="")
        print(f"{ours:.1f} s over {psqls:.1f} s; at most {peak:.0f} MB (limit {MOST}), {before:.0f} before", flush=True)


def write_app(directory: Path, rows: int) -> Path:
    """Write the app, its map and settings; give the file of its migration."""
    (directory / f"{APP}_freehold.py").write_text(SETTINGS.format(base="config.settings", app=APP))
    (directory / f"{APP}_map.py").write_text(MAP.format(app=APP))
    migrations = directory / APP / "migrations"
    (migrations / "sql").mkdir(parents=True)
    for package in (migrations.parent, migrations):
        (package / "__init__.py").touch()
    (migrations / "0001_rows.py").write_text(MIGRATION)
    (migrations / "sql" / f"{STEM}.down.sql").write_text("DROP TABLE app.script_rows;")
    file = migrations / "sql" / f"{STEM}.up.sql"
    with file.open("w") as out:
        out.writelines(iter_texts(rows))
    return file


def iter_texts(rows: int) -> Iterator[str]:
    """Yield statements that have so many rows each, until they are as long as the file is to be."""
    yield TABLE
    size = number = 0
    while size < SIZE:
        values = (
            f"({number + each}, 'name {each}', E'it\\'s note; {each}', '2026-01-01 00:00+00')" for each in range(rows)
        )
        yield (text := f"INSERT INTO app.script_rows (id, name, note, at) VALUES {', '.join(values)};\n")
        size, number = size + len(text), number + rows


def measure(path: str, directory: str) -> tuple[float, float, float]:
    """Migrate in a process of its own; give the seconds, the peak in MB and that of before."""
    environment = {
        **os.environ,
        "DATABASE_URL": embedded.get_url(path, "postgres"),
        "DJANGO_SETTINGS_MODULE": f"{APP}_freehold",
        "PYTHONPATH": os.pathsep.join([directory, os.getcwd()]),
    }
    command = [sys.executable, "-m", "benchmarks.sql_file", "run"]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    seconds, peak, before = map(float, run.stdout.split())
    return seconds, peak, before


def measure_psql(path: str, file: Path) -> float:
    """Give the seconds that psql takes for the file."""
    options = ["-X", "-q", "-1", "-v", "ON_ERROR_STOP=1", "-c", "DROP TABLE app.script_rows", "-f", str(file)]
    command, environment = embedded.get_psql(path, options)
    started = time.perf_counter()
    subprocess.run(command, env=environment, check=True)
    return time.perf_counter() - started


def time_migration() -> None:
    """Print the seconds that the file takes with all others applied, and how much memory was taken at most."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("ownership", "bootstrap", verbosity=0)
    call_command("migrate", "freehold", interactive=False, verbosity=0)
    before = get_peak()
    started = time.perf_counter()
    call_command("migrate", APP, interactive=False, verbosity=0)
    print(time.perf_counter() - started, get_peak(), before)


def get_peak() -> float:
    """Give the most memory that the process took, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    time_migration() if len(sys.argv) > 1 else main()
