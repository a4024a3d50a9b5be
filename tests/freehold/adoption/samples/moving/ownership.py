from freehold import Ownership, Schema, Service

OWNERSHIP = Ownership(
    schemas=(
        Schema("auth", service="web", places=("auth", "contenttypes")),
        Schema("app", service="api", apps=("runs",)),
        Schema("ui", service="web", apps=("searches",)),
        Schema("public", service="web", owner="migrator", apps=("freehold", "pages")),
    ),
    services=(
        Service("web", writes=("auth", "ui", "public")),
        Service("api", writes=("app",)),
    ),
)
