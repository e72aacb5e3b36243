"""Say which organisation a mention means: `Register(...).match(mention)` answers same, possible or new, and why."""

from harvester.resolve.judged import name_key
from harvester.resolve.register import Duplicate, Explanation, Register

__all__ = ["Duplicate", "Explanation", "Register", "name_key"]
