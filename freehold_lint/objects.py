"""L001 to L009 and L021 to L028: tables, indexes, sequences, functions, views. Their ways out are statements to run."""

from __future__ import annotations

from freehold_lint.judges import CatalogueRule, Row, tell, tell_those

TABLES = (
    CatalogueRule(
        "L001",
        "A foreign key has no index",
        "unindexed_foreign_keys",
        tell(
            "no index begins with the columns of the foreign key {1}: each delete over there reads this whole table.",
            "Add an index, in the model or with CREATE INDEX CONCURRENTLY ON {2} ({3}).",
        ),
        "warning",
    ),
    CatalogueRule(
        "L002",
        "Two indexes hold the same",
        "duplicate_indexes",
        tell("these indexes hold the same, and each write pays for each.", "Keep {1}; drop {2}."),
        "warning",
    ),
    CatalogueRule(
        "L003",
        "A table has no primary key",
        "tables_without_primary_key",
        tell(
            "the table has no primary key: a row can't be named, and logical replication can't update it.",
            "Add one: ALTER TABLE … ADD PRIMARY KEY.",
        ),
    ),
    CatalogueRule(
        "L004",
        "An index is invalid",
        "invalid_indexes",
        tell(
            "the index of {1} is invalid: CREATE INDEX CONCURRENTLY failed. It is written to and never read.",
            "DROP INDEX CONCURRENTLY {2}; then make it again.",
        ),
    ),
    CatalogueRule(
        "L005",
        "A sequence is nearly exhausted",
        "sequences_nearly_exhausted",
        tell("the sequence has given {1} of {2}.", "Make its column, and the sequence, a bigint."),
    ),
    CatalogueRule(
        "L006",
        "Tables lie in a schema that nobody declared",
        "undeclared_schemas",
        tell(
            "the ownership map does not have this schema, and {1} tables, views or sequences lie in it, such as {2}.",
            "Add a Schema to the map, with external=True if something else than Django makes its tables; or drop it.",
        ),
    ),
    CatalogueRule(
        "L007",
        "An object belongs to another role than its schema's owner",
        "foreign_owners",
        tell("this {1} belongs to {2}, and the ownership map says {3}.", "ALTER {1} {4} OWNER TO {3}."),
    ),
    CatalogueRule(
        "L008",
        "An extension lies in public",
        "extensions_in_public",
        tell(
            "the extension's functions and operators lie in public, which search paths hold.",
            "ALTER EXTENSION {0} SET SCHEMA …, a schema of its own that no service may create in.",
        ),
        "warning",
    ),
    CatalogueRule(
        "L009",
        "There are large objects",
        "large_objects",
        tell(
            "{1} large objects belong to this role: they lie in no schema, so that the map says nothing about them.",
            "Keep files in a bytea column or in a store; remove these with lo_unlink, or vacuumlo.",
        ),
        "warning",
    ),
)


# --- Functions ----------------------------------------------------------------------------------------------
# Columns of sql/functions.sql: name, name in quotes, SECURITY DEFINER, search_path, bound, PUBLIC, LEAKPROOF
def _has_mutable_path(row: Row) -> bool:
    _, _, _, path, is_bound, _, _ = row
    return not path and not is_bound


def _has_open_temp(row: Row) -> bool:
    """Tell whether the caller's temporary tables come before real ones, with the owner's rights: they do unless pg_temp
    stands in the path (manual, CREATE FUNCTION, "Writing SECURITY DEFINER Functions Safely")."""
    _, _, is_definer, path, is_bound, _, _ = row
    return bool(is_definer and path and not is_bound and path.split(",")[-1].strip(' "') != "pg_temp")


FUNCTIONS = (
    CatalogueRule(
        "L021",
        "A function's search_path is the caller's",
        "functions",
        tell_those(
            _has_mutable_path,
            "no search_path is pinned: names in the body mean what the caller's search_path says.",
            "ALTER ROUTINE {1} SET search_path = pg_catalog, pg_temp; and name schemas in the body.",
        ),
    ),
    CatalogueRule(
        "L022",
        "A SECURITY DEFINER function sees the caller's temporary tables first",
        "functions",
        tell_those(
            _has_open_temp,
            "it runs with its owner's rights, and its search_path ({3}) does not end in pg_temp: a caller's temporary "
            "table takes a real one's place.",
            "ALTER ROUTINE {1} SET search_path = pg_catalog, pg_temp.",
        ),
    ),
    CatalogueRule(
        "L023",
        "Everyone may run a SECURITY DEFINER function",
        "functions",
        tell_those(
            lambda row: bool(row[2] and row[5]),
            "it runs with its owner's rights, and PUBLIC may execute it.",
            "REVOKE EXECUTE ON ROUTINE {1} FROM PUBLIC; and name it under `call` in a contract.",
        ),
    ),
    CatalogueRule(
        "L024",
        "Everyone may run a function",
        "functions",
        tell_those(
            lambda row: bool(not row[2] and row[5]),
            "PUBLIC may execute it.",
            "REVOKE EXECUTE ON ROUTINE {1} FROM PUBLIC.",
        ),
    ),
    CatalogueRule(
        "L025",
        "A function is LEAKPROOF",
        "functions",
        tell_those(
            lambda row: bool(row[6]),
            "it is LEAKPROOF: the planner may run it on rows that a policy hides.",
            "ALTER FUNCTION {1} NOT LEAKPROOF.",
        ),
    ),
)

# --- Views and columns --------------------------------------------------------------------------------------
VIEWS = (
    CatalogueRule(
        "L026",
        "A view reads with its owner's rights",
        "definer_views",
        tell(
            "the view reads with its owner's rights, past the reader's grants and policies.",
            "ALTER VIEW {1} SET (security_invoker = true).",
        ),
    ),
    CatalogueRule(
        "L027",
        "A service reads a materialized view or a foreign table",
        "readable_copies",
        tell(
            "{2} may read this {1}, and no policy holds on it.",
            "Revoke it, and let the service call a function or read a view that says which rows.",
        ),
    ),
    CatalogueRule(
        "L028",
        "A service reads a column that looks like a secret, in a schema that is not its own",
        "sensitive_columns",
        tell(
            "{1} may read this column, and its name says that it holds a secret.",
            "Take the right away: a contract lists the columns that a service needs. Or share a function.",
        ),
    ),
)
