"""Functions and operators of which it is known when they give NULL."""

from __future__ import annotations

from typing import Final

# Never NULL whatever they are given; those that are strict are as NULL as what they are given.
NEVER: Final = frozenset(
    [
        "count",
        "row_number",
        "rank",
        "dense_rank",
        "percent_rank",
        "cume_dist",
        "now",
        "gen_random_uuid",
        "clock_timestamp",
        "transaction_timestamp",
        "statement_timestamp",
        "concat",
        "jsonb_build_object",
        "json_build_object",
        "jsonb_build_array",
        "json_build_array",
        "random",
        "current_database",
        "pg_backend_pid",
    ]
)
STRICT: Final = frozenset(
    [
        "concat_ws",
        "length",
        "char_length",
        "btrim",
        "ltrim",
        "rtrim",
        "replace",
        "left",
        "right",
        "substr",
        "abs",
        "round",
        "floor",
        "ceil",
        "trunc",
        "date_trunc",
        "starts_with",
        "md5",
        "initcap",
        "timezone",
        "to_jsonb",
        "cardinality",
        "octet_length",
    ]
)
STRICT_OPERATORS: Final = frozenset(
    [
        "=",
        "<>",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "+",
        "-",
        "*",
        "/",
        "%",
        "||",
        "~",
        "~*",
        "!~",
        "!~*",
        "~~",
        "~~*",
        "!~~",
        "!~~*",
    ]
)
