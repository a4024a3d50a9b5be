"""The compiler of typed SQL: statements in files become functions with types (docs/typed-sql.md)."""
