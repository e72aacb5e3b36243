"""Check the language data of `config/lexicon/*.toml` and say what each of its lists means.

A language is one file; the engine knows the lists and not one word of any language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from harvester.detect.expressions import split
from harvester.detect.phrases import Entry
from harvester.errors import ConfigError

Words = tuple[str, ...]


class Role(StrEnum):
    """What a phrase of the lexicon says; each is the key of a list in the file."""

    # acts: somebody did something about the Call
    SIGNED = "signed"
    SIGNED_AT_CALL = "signed_at_call"
    SIGNED_AT_COLON = "signed_at_colon"
    WE_SIGNED = "we_signed"
    SIGNED_OR_WE = "signed_or_we"
    SIGN = "sign"
    SIGN_OR_SIGNED = "sign_or_signed"
    WILL_SIGN = "will_sign"
    SIGNED_BY = "signed_by"
    GAINED = "gained"
    SIGNATURE = "signature"
    SIGNATURE_OF = "signature_of"
    SIGNATORY = "signatory"
    SIGNATORIES_ARE = "signatories_are"
    VIA = "via"
    ABSTAINED = "abstained"
    WITHDREW = "withdrew"
    WE_WITHDREW = "we_withdrew"
    LIKEWISE = "likewise"
    LIKEWISE_BY = "likewise_by"
    ALSO = "also"
    # what turns an act into something else
    NOT = "not"
    NOT_AFTER = "not_after"
    REFUSES = "refuses"
    PLANS = "plans"
    URGES = "urges"
    IF = "if"
    RUMOUR = "rumour"
    CORRECTS = "corrects"
    UNREAL = "unreal"
    WITHDRAWS = "withdraws"
    PROUD = "proud"
    FACT = "fact"
    PRAISES = "praises"
    DONE = "done"
    NEUTRAL = "neutral"
    # who acts, and on what
    WE = "we"
    I = "i"  # noqa: E741 -- the pronoun itself
    FOR = "acting_for"
    SAME = "same"
    BOTH = "both"
    IT = "it"
    SOMETHING_ELSE = "something_else"
    BUT = "but"
    # what a name never has in it, where names have no capitals
    STOPS = "stops"
    PLACED = "placed"
    IN_NAMES = "in_names"


ACTS = frozenset(
    {
        Role.SIGNED,
        Role.SIGNED_AT_CALL,
        Role.SIGNED_AT_COLON,
        Role.WE_SIGNED,
        Role.SIGNED_OR_WE,
        Role.SIGN,
        Role.SIGN_OR_SIGNED,
        Role.WILL_SIGN,
        Role.SIGNED_BY,
        Role.GAINED,
        Role.SIGNATURE,
        Role.SIGNATURE_OF,
        Role.SIGNATORY,
        Role.SIGNATORIES_ARE,
        Role.VIA,
        Role.ABSTAINED,
        Role.WITHDREW,
        Role.WE_WITHDREW,
        Role.LIKEWISE,
        Role.LIKEWISE_BY,
    }
)


class Grammar(BaseModel):
    """The small words by which names are told from other words; single folded words, a star allowed at start or end."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    articles: Words = ()
    and_words: Words = ()
    yes_words: Words = ()
    prepositions: Words = ()
    inside_names: Words = ()
    heads: Words = ()
    heads_with_and: Words = ()
    kinds: Words = ()
    small_in_names: Words = ()
    generic: Words = ()
    one_of_many: Words = ()
    titles: Words = ()
    boards: Words = ()
    common: Words = ()
    first_words: Words = ()
    never_last: Words = ()
    abbreviations: Words = ()
    legal_forms: Words = ()
    relatives: Words = ()
    that_words: Words = ()
    place_words: Words = ()
    lands: Words = ()
    demonyms: Words = ()
    descriptions: Words = ()
    owner_ends: Words = ()
    bare_ends: Words = ()
    bare_heads: Words = ()
    bare_adjectives: Words = ()
    desks: Words = ()
    openers: Words = ()
    at_words: Words = ()
    subject_may_follow: bool = False
    owner_before: bool = False
    drops_subject: bool = False
    object_may_lead: bool = False
    # for scripts without capitals
    capitals: bool = True
    verb_last: bool = False
    subject_marks: Words = ()
    topic_marks: Words = ()
    behind_names: Words = ()
    object_marks: Words = ()
    tails: Words = ()
    glued_and: Words = ()
    glued: Words = ()
    glued_before: Words = ()

    @classmethod
    def lists(cls) -> frozenset[str]:
        """Give the keys that hold words."""
        return frozenset(key for key, field in cls.model_fields.items() if field.annotation is not bool)


class Lexicon(BaseModel):
    """One language's file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    phrases: Mapping[Role, Words]
    grammar: Grammar = Grammar()

    def entries(self, language: str) -> Iterator[Entry[Role]]:
        """Yield every phrase with its role, as a group of its own for `language`; an "and" may be glued to each."""
        for role, phrases in self.phrases.items():
            for phrase in phrases:
                yield Entry(phrase, role, language)
                yield from (Entry(glued, role, language) for glued in self._glued(phrase))

    def _glued(self, phrase: str) -> Iterator[str]:
        first, _, rest = phrase.partition(" ")
        words = [word for word in first.split("|") if not word.startswith(("*", "!"))]
        for prefix in self.grammar.glued_and if words else ():
            yield " ".join(["|".join(prefix + word for word in words), rest]).strip()


def read_lexicons(raw: Mapping[str, Mapping[str, Any]]) -> dict[str, Lexicon]:
    """Check the files' content, by language code; raise ConfigError that names file, key and what is allowed."""
    return {language: _read(language, values) for language, values in raw.items()}


def _read(language: str, values: Mapping[str, Any]) -> Lexicon:
    file = f"lexicon/{language}.toml"
    try:
        lexicon = Lexicon.model_validate(dict(values))
    except ValidationError as error:
        lines = [_line(file, [str(part) for part in p["loc"]], p["type"], p["msg"], p["input"]) for p in error.errors()]
        raise ConfigError("\n".join(lines)) from None
    for role, phrases in lexicon.phrases.items():
        for phrase in phrases:
            try:
                split(phrase)
            except ValueError as error:
                raise ConfigError(f"{file}: phrases.{role.value}: found {error}") from None
    return lexicon


def _line(file: str, keys: list[str], kind: str, message: str, found: object) -> str:
    if "[key]" in keys:
        return f"{file}: {keys[0]}: nobody knows the key {found!r}; allowed here: {', '.join(Role)}"
    where = f"{file}: {'.'.join(keys)}"
    if kind == "missing":
        return f"{where}: is missing"
    if kind == "extra_forbidden":
        model = Grammar if keys[0] == "grammar" and len(keys) > 1 else Lexicon
        return f"{where}: nobody knows this key; allowed here: {', '.join(model.model_fields)}"
    return f"{where}: found {found!r}; allowed: {message.removeprefix('Input should be ')}"
