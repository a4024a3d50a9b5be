"""FastAPI with SQLAlchemy's ORM, asynchronous on asyncpg, and its answer made of the objects by a model."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, joinedload, mapped_column, relationship

from benchmarks.api_peers import DSN

words = dict(each.split("=", 1) for each in DSN.split())
name = words.pop("application_name")
engine = create_async_engine(
    f"postgresql+asyncpg:///{words.pop('dbname')}",
    connect_args={**words, "server_settings": {"application_name": name}},
    pool_size=1,
    max_overflow=0,
)
sessions = async_sessionmaker(engine, expire_on_commit=False)
application = FastAPI()


class Base(DeclarativeBase):
    pass


class Category(Base):
    __tablename__ = "categories"
    __table_args__ = {"schema": "master"}
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str]


class Location(Base):
    __tablename__ = "locations"
    __table_args__ = {"schema": "master"}
    id: Mapped[UUID] = mapped_column(primary_key=True)
    city: Mapped[str]
    country: Mapped[str]


class Item(Base):
    __tablename__ = "items"
    __table_args__ = {"schema": "app"}
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    price: Mapped[Decimal]
    price_cents: Mapped[int]
    currency: Mapped[str]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    category_id: Mapped[UUID] = mapped_column(ForeignKey(Category.id))
    location_id: Mapped[UUID | None] = mapped_column(ForeignKey(Location.id))
    category: Mapped[Category] = relationship()
    location: Mapped[Location | None] = relationship()


class Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class ShownCategory(Shown):
    id: UUID
    slug: str


class ShownLocation(Shown):
    id: UUID
    city: str
    country: str


class ShownItem(Shown):
    id: UUID
    name: str
    price: Decimal
    price_cents: int
    currency: str
    created_at: datetime
    category: ShownCategory
    location: ShownLocation | None


class Page(BaseModel):
    rows: list[ShownItem]
    next: str | None


@application.get("/api/v1/items")
async def list_items(limit: int = 50) -> Page:
    """Give the page."""
    query = (
        select(Item)
        .options(joinedload(Item.category, innerjoin=True), joinedload(Item.location))
        .where(Item.is_active)
        .order_by(Item.created_at.desc(), Item.id.desc())
        .limit(limit + 1)
    )
    async with sessions() as session:
        found = (await session.scalars(query)).all()
    rows = [ShownItem.model_validate(each) for each in found[:limit]]
    return Page(rows=rows, next=str(rows[-1].created_at) if len(found) > limit else None)
