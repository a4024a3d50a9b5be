"""Who owns what. `desk` is the service of both schemas, and what commands act as."""

import os

from freehold import Contract, Ownership, Schema, Service

TAG = os.environ["TAG"]
MAP = Ownership(
    schemas=(
        Schema("auth", owner=f"auth_{TAG}", service="desk", places=("auth", "contenttypes", "admin", "sessions")),
        Schema("people", owner=f"people_{TAG}", service="desk", apps=("people",)),
        Schema("public", owner=f"migrator_{TAG}", apps=("freehold",)),
    ),
    services=(
        Service("desk", login=f"desk_{TAG}", writes=("auth", "people"), reads=("public",), namespaces=("admin",)),
        Service("door", login=f"door_{TAG}", reads=("people",)),
    ),
    contracts=(Contract("auth", consumer="people", reference={"auth_user": ("id",)}),),
    migrator=f"migrator_{TAG}",
    combined=f"all_{TAG}",
    commands="desk",
)
