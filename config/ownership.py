"""The ownership map: which app lies in which schema, which service owns it, and what crosses.

`manage.py ownership show` prints it; `docs/ownership.md` explains it entry by entry.
"""

from freehold import Contract, Group, Ownership, Proof, Schema, Service, Withheld

# Whoever may call these makes a session of anybody's: a service with a page to sign in at.
SESSION_OPENING = (
    "open_session(text, text, timestamptz, uuid, inet, text)",
    "save_session(text, text, timestamptz, uuid, inet, text)",
)
# Whoever may call this may make others staff or superuser, and change who is in which group (auth_app/0016_powers).
POWERS = "hand_out_powers()"
# Whoever may call this learns which tenants anybody is the last owner of: a service that deletes accounts.
LEAVING = "list_tenants_left_by(uuid[])"
# What adds up the counts of runs, and counts all of them anew while writers wait.
FOLDING, RECOUNTING = "fold_run_counts(uuid[])", "recount_runs()"
# Whoever may call this learns which migrations are applied.
PENDING = "list_pending(text[])"
# What counts how often somebody does something, each service in counters of its own.
COUNTING = ("take(text, bytea, integer, integer, integer)", "forget(text, bytea)")

OWNERSHIP = Ownership(
    schemas=(
        Schema(
            "auth",
            service="web",
            apps=("auth_app",),
            places=("auth", "contenttypes", "admin"),
            withheld=(
                Withheld("seal_ticket(text, text, text, text, integer)"),
                Withheld("write_ticket(text, uuid, uuid, text, integer, timestamptz)"),
                Withheld("session", columns=("session_key",), verbs=("INSERT", "UPDATE")),
                *(Withheld(each) for each in SESSION_OPENING),
                Withheld(POWERS),
            ),
            comment="who people are: users, sessions, linked accounts",
        ),
        Schema("master", service="admin", apps=("master",), comment="what everyone refers to: categories, locations"),
        Schema(
            "app",
            service="api",
            apps=("items", "profile", "tenancy", "runs"),
            withheld=(
                Withheld(LEAVING),
                Withheld(FOLDING),
                Withheld(RECOUNTING),
            ),
            comment="what people make and keep",
        ),
        Schema("seal", apps=("sealing",), comment="keys that the database signs tickets by, for no service"),
        Schema("limits", apps=("limits",), comment="who did what how often, counted by functions for each service"),
        Schema("public", owner="migrator", apps=("freehold",), comment="migration tracking, and nothing else"),
    ),
    services=(
        Service(
            "web",
            writes=("auth",),
            search_path=("public", "auth"),
            modules=("config.views",),
            comment="pages about accounts",
        ),
        Service(
            "api",
            writes=("app",),
            reads=("master",),
            search_path=("app", "public"),
            namespaces=("api",),
            comment="items, runs, the API",
        ),
        Service(
            "admin",
            writes=("auth", "master", "app"),
            reads=("public",),
            search_path=("public",),
            namespaces=("admin",),
            comment="the back office",
        ),
    ),
    contracts=(
        Contract(
            "auth",
            consumer="api",
            read={"user": ("id", "email", "display_name", "is_active")},
            call=(
                "session_principal(text)",  # for the release before, as the next
                "session_user(text)",
                "acting_user()",
                "user_of_session()",
                "user_of_ticket()",
                "tenant_of_ticket()",
                "delegate_ticket(text, integer)",
            ),
            comment="whose items and runs these are",
        ),
        Contract(
            "auth",
            consumer="app",
            reference={"user": ("id",)},
            call=(
                "user_of_session()",
                "user_of_ticket()",
                "tenant_of_ticket()",
                "exists_user(uuid)",
                "acting_user()",  # whose address an invitation is for
            ),
            comment="rows that belong to a user",
        ),
        Contract(
            "auth",
            consumer="all",
            call=("seal_ticket(text, text, text, text, integer)",),
            comment="tickets for whomever commands, workers and tests act for",
        ),
        Contract(
            "seal", consumer="auth", call=("sign(text)", "is_signed(text)"), comment="what a ticket is sealed with"
        ),
        *(
            Contract("limits", consumer=service, call=COUNTING, comment="how often somebody may do something there")
            for service in ("web", "api", "admin")
        ),
        Contract("auth", consumer="web", call=SESSION_OPENING, comment="people sign in at its pages"),
        Contract(
            "auth",
            consumer="admin",
            call=(*SESSION_OPENING, POWERS),
            comment="staff sign in at its own page, and hand out powers there",
        ),
        Contract("app", consumer="web", call=(LEAVING,), comment="an account says what goes with it"),
        Contract(
            "app",
            consumer="admin",
            call=(LEAVING, RECOUNTING),
            comment="the page that deletes accounts says so too; a command counts runs anew",
        ),
        *(
            Contract("public", consumer=each, call=(PENDING,), comment="is it migrated? /readyz asks")
            for each in ("web", "api", "admin")
        ),
        Contract(
            "master",
            consumer="app",
            reference={"categories": ("id",), "locations": ("id",)},
            on_delete=("NO ACTION",),
            comment="what is in use can't be deleted",
        ),
    ),
    proofs={
        "session": Proof(user="auth.user_of_session()"),
        "ticket": Proof(
            user="auth.user_of_ticket()",
            tenant="auth.tenant_of_ticket()",
            seal="auth.seal_ticket(text, text, text, text, integer)",
            delegate="auth.delegate_ticket(text, integer)",
        ),
        "api_key": Proof(tenant="app.tenant_of_api_key()"),
    },
    combined="all_rw",
    commands="admin",
    groups=(
        Group("auth managers", schemas=("auth",)),
        Group("master editors", schemas=("master",)),
        Group("app operators", schemas=("app",)),
        Group("auditors", schemas=("auth", "master", "app", "public"), actions=("view",)),
    ),
)
