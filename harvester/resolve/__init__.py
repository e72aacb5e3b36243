"""Say which organisation a mention means: `Register(...).match(mention)` answers same, possible or new, and why."""

from harvester.resolve.register import Register

__all__ = ["Register"]
