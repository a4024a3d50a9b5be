"""FastAPI with asyncpg, rows made by hand, and its answer described by a model and checked against it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import asyncpg
from fastapi import FastAPI
from pydantic import BaseModel

from benchmarks.api_peers import DSN, PAGE


class Category(BaseModel):
    id: UUID
    slug: str


class Location(BaseModel):
    id: UUID
    city: str
    country: str


class Item(BaseModel):
    id: UUID
    name: str
    price: Decimal
    price_cents: int
    currency: str
    created_at: datetime
    category: Category
    location: Location | None


class Page(BaseModel):
    rows: list[Item]
    next: str | None


application = FastAPI()
pools: list[Any] = []


async def get_pool() -> Any:
    """Give the pool, which the first request makes: granian has no loop before it."""
    if not pools:
        words = dict(each.split("=", 1) for each in DSN.split())
        words["database"] = words.pop("dbname")
        name = words.pop("application_name")
        pools.append(
            await asyncpg.create_pool(**words, min_size=1, max_size=1, server_settings={"application_name": name})
        )
    return pools[0]


@application.get("/api/v1/items")
async def list_items(limit: int = 50) -> Page:
    """Give the page."""
    pool = await get_pool()
    async with pool.acquire() as connection:
        found = await connection.fetch(PAGE, limit + 1)
    rows = [
        Item.model_construct(
            id=each["id"],
            name=each["name"],
            price=each["price"],
            price_cents=each["price_cents"],
            currency=each["currency"],
            created_at=each["created_at"],
            category=Category.model_construct(id=each["category_id"], slug=each["category_slug"]),
            location=Location.model_construct(
                id=each["location_id"], city=each["location_city"], country=each["location_country"]
            )
            if each["location_id"]
            else None,
        )
        for each in found[:limit]
    ]
    return Page.model_construct(rows=rows, next=str(rows[-1].created_at) if len(found) > limit else None)
