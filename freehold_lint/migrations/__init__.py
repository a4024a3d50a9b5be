"""Rules about migrations, as they meet a database with rows and a release that still runs: docs/lintmigrations.md."""
