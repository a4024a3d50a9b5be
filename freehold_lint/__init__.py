"""Rules about a database and about the SQL of a project: docs/rules.md has an entry for each id."""
