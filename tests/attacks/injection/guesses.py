"""Settings that are set: who asks, by every name it had or might have; and what of the server might open something."""

from __future__ import annotations

from collections.abc import Iterator

from tests.attacks.injection.attempts import Attempt, quote, spread, steal, steal_as_text
from tests.attacks.injection.estate import Estate, digest, get_session_proof

KINDS = (
    "session",
    "api_key",
    "ticket",
    "user",
    "service",
    "token",
    "anonymous",
    "",
    "SESSION",
    " session",
    "session ",
    "session\n",
    "session:session",
    "api_key:session",
    "ses%",
    "admin",
    "postgres",
    "0",
)
FIRST = ("page", "simple")
OTHER_SETTINGS = {
    "role": ("admin_rw", "web_rw", "all_rw", "app_owner", "auth_owner", "seal_owner", "migrator", "postgres", "none"),
    "session_authorization": ("admin_rw", "all_rw", "app_owner", "migrator", "postgres", "default"),
    "row_security": ("off", "on"),
    "search_path": ("pg_temp, app, auth, pg_catalog", "app", "", "auth", "pg_toast"),
    "session_replication_role": ("replica", "local"),
    "is_superuser": ("on",),
    "track_activities": ("on",),
    "log_statement": ("all",),
    "log_parameter_max_length": ("-1",),
    "client_min_messages": ("debug5",),
    "debug_print_plan": ("on",),
    "debug_print_rewritten": ("on",),
    "plan_cache_mode": ("force_generic_plan", "force_custom_plan"),
    "default_transaction_isolation": ("serializable", "read uncommitted"),
    "default_transaction_read_only": ("on",),
    "default_transaction_deferrable": ("on",),
    "debug_parallel_query": ("on", "regress"),
    "force_parallel_mode": ("on", "regress"),
    "min_parallel_table_scan_size": ("0",),
    "standard_conforming_strings": ("off",),
    "backslash_quote": ("on",),
    "constraint_exclusion": ("on",),
    "enable_seqscan": ("off",),
    "enable_partition_pruning": ("off",),
    "from_collapse_limit": ("1",),
    "cursor_tuple_fraction": ("0",),
    "jit": ("on",),
    "jit_above_cost": ("0",),
    "local_preload_libraries": ("auto_explain",),
    "session_preload_libraries": ("auto_explain",),
    "dynamic_library_path": ("/tmp",),
    "allow_system_table_mods": ("on",),
    "ignore_system_indexes": ("on",),
    "zero_damaged_pages": ("on",),
    "default_tablespace": ("pg_global",),
    "xmloption": ("document",),
    "statement_timeout": ("0",),
    "lc_messages": ("C",),
    "DateStyle": ("German",),
    "application_name": ("admin",),
    "idle_session_timeout": ("0",),
    "restrict_nonsystem_relation_kind": ("",),
    "createrole_self_grant": ("set, inherit",),
    "event_triggers": ("off",),
}


def iter_contents(estate: Estate) -> Iterator[tuple[str, str]]:
    """Yield what might stand behind a kind, with what it is."""
    bob = estate.bob
    proof, own = (get_session_proof(each.key).partition(":")[2] for each in (bob, estate.ann))
    other = "0" if own[-1] != "0" else "1"
    yield from (("user's id", bob.user_id), ("id without dashes", bob.user_id.replace("-", "")), ("e-mail", bob.email))
    yield from (("digest of the id", digest(bob.user_id)), ("digest of the e-mail", digest(bob.email)))
    yield from (("digest of the proof, as in the row", digest(proof)), ("digest of that", digest(digest(proof))))
    yield from (("own, upper case", own.upper()), ("own, a digit changed", own[:-1] + other), ("own, short", own[:-1]))
    yield from (
        ("own, twice", own + own),
        ("own, with a space", own + " "),
        ("own, then an id", f"{own}:{bob.user_id}"),
    )
    yield from (("zeros", "0" * 64), ("fs", "f" * 64), ("wildcards", "_" * 64), ("wildcard", "%"), ("regex", ".*"))
    yield from (("full-width digits", "\uff10" * 64), ("a zero-width space", own[:-1] + "\u200b"), ("empty", ""))
    yield from (
        ("null", "NULL"),
        ("a quote", "' OR true OR '"),
        ("a cast", "x'::uuid OR true"),
        ("JSON", f'{{"sub": "{bob.user_id}"}}'),
    )
    yield from (
        ("array", f"{{{bob.user_id}}}"),
        ("tenant", bob.tenant_id),
        ("bytes", "\\x" + "00" * 32),
        ("minus one", "-1"),
    )
    yield from (
        ("sub-select", "(SELECT session_key FROM auth.session LIMIT 1)"),
        ("a new line", own + "\n"),
        ("a tab", "\t" + own),
    )


def iter_proofs(estate: Estate) -> Iterator[tuple[str, str]]:
    """Yield proofs that are none."""
    for title, content in iter_contents(estate):
        for kind in KINDS:
            if (kind, content) != ("session", get_session_proof(estate.ann.key)[8:]):
                yield f"kind {kind!r}, {title}", f"{kind}:{content}"
        yield f"no kind, {title}", content


def iter_identity(estate: Estate) -> Iterator[tuple[str, str, str]]:
    """Yield settings that say who asks: name, value, and what it is."""
    bob = estate.bob
    for name in (
        "freehold.user_id",
        "freehold.principal",
        "freehold.proof",
        "freehold.context",
        "freehold.user",
        "freehold.session",
        "freehold.kind",
        "freehold.role",
        "freehold.request_id",
        "request.jwt.claim.sub",
    ):
        yield name, bob.user_id, "another's id"
    yield from (
        ("freehold.tenant_id", bob.tenant_id, "another's tenant"),
        ("freehold.tenant_id", bob.project_id, "a project"),
    )
    yield from (("freehold.principal", kind, kind) for kind in ("user", "api_key", "service", "anonymous", "admin"))
    yield "request.jwt.claims", f'{{"sub": "{bob.user_id}", "role": "admin_rw"}}', "claims"
    yield from (("freehold.user_id", each, repr(each)) for each in ("*", "%", "' OR true --", "{}", "0", "admin"))


def iter_settings(estate: Estate) -> Iterator[Attempt]:
    """Yield every setting in every way."""
    for name, value, title in iter_identity(estate):
        yield from set_in_every_way(estate, "who asks", name, value, f"{name} = {title}")
    for name, values in OTHER_SETTINGS.items():
        for value in values:
            yield from set_in_every_way(estate, "settings", name, value, f"{name} = {value!r}")
    # A key's proof alone gives a tenant; both together are what a request of a key would send.
    yield from spread(
        "who asks",
        "user, kind and tenant together",
        *(
            set_(name, value)
            for name, value in (
                ("freehold.user_id", estate.bob.user_id),
                ("freehold.principal", "api_key"),
                ("freehold.tenant_id", estate.bob.tenant_id),
            )
        ),
        steal(estate),
    )
    for title, proof in iter_proofs(estate):
        yield from spread("guessed proofs", title, set_("freehold.proof", proof), steal(estate), ways=("simple",))
        yield from spread("guessed proofs", title, set_and_steal(estate, "freehold.proof", proof), ways=("page",))
    for title, proof in estate.ended.items():
        yield from set_in_every_way(estate, "ended proofs", "freehold.proof", proof, title)
    yield from iter_monsters(estate)


def set_(name: str, value: str, *, local: bool = False) -> str:
    return f"SELECT set_config({quote(name)}, {quote(value)}, {str(local).lower()})"


def set_and_steal(estate: Estate, name: str, value: str) -> str:
    """Give one statement that does both, the setting first."""
    who = f"WITH who AS MATERIALIZED ({set_(name, value, local=True)})"
    return f"{who} SELECT row FROM who, LATERAL ({steal(estate)}) AS stolen"


def set_in_every_way(estate: Estate, family: str, name: str, value: str, title: str) -> Iterator[Attempt]:
    theft = steal(estate)
    more = {"family": family, "title": title}
    yield from spread(*more.values(), set_(name, value), theft, ways=("page", "simple", "prepared"))
    yield from spread(*more.values(), set_(name, value, local=True), theft, ways=("page, transaction",))
    yield from spread(
        *more.values(), "BEGIN", set_(name, value, local=True), theft, "COMMIT", ways=("simple", "extended", "page")
    )
    yield from spread(*more.values(), f"SET {name} = {quote(value)}", theft, ways=("page", "extended"))
    yield from spread(*more.values(), f"SET LOCAL {name} = {quote(value)}", theft, ways=("page, transaction",))
    yield from spread(*more.values(), set_and_steal(estate, name, value), ways=("page", "extended"))
    called = f"set_config({quote(name)}, {quote(value)}, true)"
    whole = steal_as_text(estate)
    yield from spread(*more.values(), f"concat({called}, {whole})", ways=("RawSQL",))
    yield from spread(*more.values(), f"{called} IS NOT NULL OR true", ways=("extra()", "iterator()"))
    yield from spread(*more.values(), f"' OR {called} IS NOT NULL AND NOT is_active --", ways=("literal",))
    yield from spread(*more.values(), f"COPY (SELECT {called}, {whole}) TO STDOUT", ways=("COPY",))


def iter_monsters(estate: Estate) -> Iterator[Attempt]:
    """Yield values that are too much, or no text."""
    for kind in ("session", "api_key", "ticket", "x"):
        long = f"set_config('freehold.proof', '{kind}:' || repeat('a', 10000000), %s) IS NOT NULL"
        for each in ("true", "false"):
            yield from spread("monsters", f"10 MB of {kind}", f"SELECT {long % each}", steal(estate))
        yield from spread(
            "monsters",
            f"many parts of {kind}",
            f"SELECT set_config('freehold.proof', '{kind}' || repeat(':.', 1000000), false) IS NOT NULL",
            steal(estate),
        )
        yield from spread(
            "monsters",
            f"10 MB of {kind}, sent",
            f"SELECT length({set_('freehold.proof', kind + ':' + 'a' * 10**7)[7:]})",
            steal(estate),
            ways=FIRST,
        )
    for nul in ("\0", "session:\0", "session:" + "a" * 63 + "\0"):
        yield from spread("monsters", f"NUL in {nul[:9]!r}", set_("freehold.proof", nul), steal(estate))
    for made in (
        r"U&'session:\0000'",
        r"E'session:\000'",
        "convert_from('\\x00', 'UTF8')",
        "chr(0)",
        r"E'session:\xff'",
        "repeat('session:', 9)",
    ):
        yield from spread(
            "monsters", f"made of {made}", f"SELECT set_config('freehold.proof', {made}, false)", steal(estate)
        )
