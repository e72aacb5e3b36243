"""The shelf of organisations: the register of known supporters, new signatories and candidates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from harvester.errors import UnknownOrganisation
from harvester.model import Category, Organisation, OrganisationId, Standing
from harvester.store.tables import organisation

FIELDS = ("name", "aliases", "handles", "domains", "country", "segments", "signed_on")


class Organisations:
    """The register, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(self, new: Organisation) -> Organisation:
        """Enter an organisation; its `id` is ignored and given anew."""
        values = _columns(new) | {"revision": self.revision() + 1}
        key = self._db.execute(insert(organisation).values(values).returning(organisation.c.id)).scalar_one()
        return self.get(OrganisationId(key))

    def add_listed(self, listed: Mapping[str, Organisation]) -> list[Organisation]:
        """Enter many organisations of the official list at once, each under its key on the list; give them."""
        revision = self.revision() + 1
        if rows := [_columns(new) | {"revision": revision, "listed_as": key} for key, new in listed.items()]:
            self._db.execute(insert(organisation), rows)
        entered = select(organisation).where(organisation.c.revision == revision).order_by(organisation.c.id)
        return [as_organisation(row) for row in self._db.execute(entered)]

    def change(self, changed: Organisation) -> None:
        """Replace what is known of the organisation with this id."""
        values = _columns(changed) | {"revision": self.revision() + 1}
        self._db.execute(update(organisation).where(organisation.c.id == changed.id).values(values))

    def get(self, key: OrganisationId) -> Organisation:
        """Give one organisation; raise UnknownOrganisation."""
        row = self._db.execute(select(organisation).where(organisation.c.id == key)).first()
        if row is None:
            raise UnknownOrganisation(f"there is no organisation {key}; `harvester org list` shows them")
        return as_organisation(row)

    def all(self, standing: Standing | None = None) -> list[Organisation]:
        """Give the whole register, or those of one standing, by name."""
        chosen = select(organisation).order_by(organisation.c.name, organisation.c.id)
        if standing:
            chosen = chosen.where(organisation.c.standing == standing.value)
        return [as_organisation(row) for row in self._db.execute(chosen)]

    def listed(self) -> set[str]:
        """Give the keys of all that came from the official list."""
        known = select(organisation.c.listed_as).where(organisation.c.listed_as.is_not(None))
        return set(self._db.scalars(known))

    def are_from_posts(self) -> bool:
        """Say whether the register has an entry that did not come from the official list."""
        return self._db.scalar(select(organisation.c.id).where(organisation.c.listed_as.is_(None)).limit(1)) is not None

    def revision(self) -> int:
        """Give a number that grows with every entry and every change."""
        return self._db.scalar(select(func.max(organisation.c.revision))) or 0


def as_organisation(row: Row[Any]) -> Organisation:
    """Make the organisation from a row of its table."""
    return Organisation(
        id=OrganisationId(row.id),
        standing=Standing(row.standing),
        category=Category(row.category) if row.category else None,
        **{field: getattr(row, field) for field in FIELDS},
    )


def _columns(known: Organisation) -> dict[str, Any]:
    columns = {field: getattr(known, field) for field in FIELDS}
    return columns | {"standing": known.standing.value, "category": known.category.value if known.category else None}
