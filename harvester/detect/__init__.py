"""Judge a post: whether it is about the Call, who claims to have signed, and how that shows.

    touches   the wide net: a fast look, so that most posts of a stream need no second one
    detect    text -> subject -> sentences with their cues and names -> claims -> verdict
    hearing   where the rules find no signature: do the words alone announce one, and whose?

Everything here is pure: the same post and the same rules give the same finding, so stored posts can be judged anew.
The rules are the code of this room with the fitted `calibration.toml` and `wording.tsv`, `config/campaign.toml` and
`config/lexicon/*.toml`; `rules_version` is a hash of them all.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from harvester.config import Campaign
from harvester.detect import claims, language, meant, own, verdict
from harvester.detect.author import clean_name, writers
from harvester.detect.calibration import Calibration
from harvester.detect.claims import Draft, Earlier
from harvester.detect.clauses import Reader
from harvester.detect.hearing import LIKELY, SecondHearing
from harvester.detect.lexicon import Role, read_lexicons
from harvester.detect.phrases import Phrasebook, outermost
from harvester.detect.reading import Read, Reading, has_kind
from harvester.detect.subject import Subject, SubjectFinder
from harvester.detect.text import Folded, fold, sentences
from harvester.detect.wording import Wording
from harvester.detect.words import SmallWords
from harvester.model import OFFICIAL_LIST, Claim, ClaimKind, Finding, Label, Post, Reason

CODE_VERSION = "29"
"""To be raised with every change of the rules in code, so that stored findings are seen to be old."""
SHORT_FORMS = range(3, 5)
"""Letters of a legal form that may end in a dot within a sentence ("Inc."); shorter ones are words of some language."""
LINGUA_FRANCA = "en"
"""A sentence that has no act in the post's own language may be written in this one."""
UNREAD = Reason(
    rule="language", detail="there are no words for this language yet: a signature may be overlooked", weight=-2.5
)

__all__ = ["Detector"]


class Detector:
    """The rules, compiled once; safe to share between threads."""

    def __init__(
        self,
        campaign: Campaign,
        lexicons: Mapping[str, Mapping[str, Any]],
        calibration: Calibration | None = None,
        wording: Wording | None = None,
    ) -> None:
        """Compile the rules; raise ConfigError that names file and key. `calibration` and `wording` come with it."""
        self._calibration = calibration or Calibration.shipped()
        wording = wording or Wording.shipped()
        self._hearing = SecondHearing(wording, self._calibration)
        read = read_lexicons(lexicons)
        self._subject = SubjectFinder(campaign.terms)
        self._cues = Phrasebook(entry for code, lexicon in read.items() for entry in lexicon.entries(code))
        self._grammars = {code: lexicon.grammar for code, lexicon in read.items()}
        self._words: dict[tuple[str, ...], SmallWords] = {}
        self._all_words = SmallWords(self._grammars.values())
        forms = self._all_words.every("legal_forms")
        self._legal_forms = {form for form in forms if len(form) in SHORT_FORMS}
        fitted = [self._calibration.models, wording.weights]
        data = json.dumps([campaign.terms.model_dump(), lexicons, *fitted], sort_keys=True, default=str)
        self.rules_version = hashlib.sha256(f"{CODE_VERSION}\n{data}".encode()).hexdigest()[:12]

    def may_touch(self, text: str) -> bool:
        """Say whether `text`, which may still be HTML, has any word by which the Call could be known."""
        # Of ASCII only capitals change, and no blank stands in the gate's words; this is twenty times as fast.
        return self._subject.may_touch(text.lower() if text.isascii() else fold(text))

    def touches(self, post: Post) -> bool:
        """Say whether the post could be about the Call; never False where `detect` finds a mention."""
        parts = (post.full_text, post.author.name, post.author.handle, *post.links)
        return self._subject.may_touch(fold("\n".join(parts))) and self._subject.touches(parts)

    def detect(self, post: Post) -> Finding:
        """Judge one post; raises nothing, whatever the text."""
        if post.author.platform == OFFICIAL_LIST and post.author.name:
            return self._listed(post)
        text = Folded.of(post.full_text)
        subject = self._subject.find(text, post.links)
        if not subject.is_call:
            return self._finding(subject, None, post.language)
        code = language.of(post)
        reading = self._read(post, text, subject, code)
        if code and code not in self._grammars:
            subject = dataclasses.replace(subject, reasons=(*subject.reasons, UNREAD))
        return self._finding(subject, reading, code)

    def read(self, post: Post) -> Reading | None:
        """Give what `detect` reads in a post, for those who fit its numbers; None if it is not about the Call."""
        text = Folded.of(post.full_text)
        subject = self._subject.find(text, post.links)
        return self._read(post, text, subject, language.of(post)) if subject.is_call else None

    def _listed(self, post: Post) -> Finding:
        """Take a row of the official list at its word: no sentence needs to be understood."""
        place = (0, len(post.title) or len(post.full_text))
        reason = Reason(rule="official list", detail="it stands on the official list of supporters", span=place)
        author = post.author
        claim = Claim(
            kind=ClaimKind.SUPPORTER_ALREADY,
            organisation=author.name,
            span=place,
            confidence=1.0,
            handle=author.handle,
            domain=author.domain,
            country=author.country,
        )
        return self._verdict(Label.ANNOUNCEMENT, 1.0, (claim,), (reason,), post.language)

    def _read(self, post: Post, text: Folded, subject: Subject, code: str) -> Reading:
        """Read with the words of the post's own language and of English, and with all where those have no act."""
        voices = list(writers(post, self._all_words))
        readers = self._readers(post, text, subject, code, voices[0][1].name)
        stops = readers[0].words.every("abbreviations")
        drafts: list[Draft] = []
        earlier = Earlier()
        told: list[Draft] = []
        corrected = False
        read: list[Read] = []
        for span in sentences(text.original, len(post.title), stops, self._legal_forms):
            reader = next((r for r in readers if r.has_acts_in(span)), readers[0])
            sentence = reader.read(span)
            wrong = claims.correction(sentence) or (read and claims.denial(sentence, told, read[-1].sentence))
            if told and wrong and not (sentence.acts or earlier.asked or corrected):
                drafts = list(claims.taken_back(drafts, told, sentence, wrong))
            corrected = claims.corrects_itself(sentence)
            new, earlier = claims.drafts(sentence, reader.words, earlier)
            drafts += new
            read.append(Read(sentence, reader.words))
            told = [] if sentence.is_question and sentence.groups and not new else new or told
        drafts = claims.once(drafts, (each.sentence for each in read), voices[0][1].name)
        drafts = own.named(meant.resolved(drafts, read, voices[0][1]), read, voices[0][1].name)
        if unreal := next((cue for reader in readers for cue in reader.cues if cue.meaning is Role.UNREAL), None):
            drafts = [claims.doubted(draft, unreal, text.original) for draft in drafts]
        author = voices[0][1]
        found = verdict.claims(drafts, voices)
        return Reading(author, has_kind(author.name, self._all_words), tuple(read), tuple(found))

    def _readers(self, post: Post, text: Folded, subject: Subject, code: str, author: str) -> list[Reader]:
        """Make what reads `post` with the words of its language, with English ones too, or with all languages'."""
        shown = {handle: clean_name(name, self._all_words) or name for handle, name in post.mentions.items()}
        make = partial(Reader, text.original, subject=subject, mentions=shown, author=author, is_note=not post.title)
        held = (*subject.names, *subject.others)
        codes = [c for c in dict.fromkeys((code, LINGUA_FRANCA)) if c in self._grammars]
        made: list[Reader] = []
        for number, each in enumerate(codes, 1):
            cues = self._cues.find(text, each, held)
            if made:
                foreign = (cue for cue in cues if not made[0].words.is_small(text.original[slice(*cue.span)]))
                cues = outermost([*made[0].cues, *foreign], text.original)
            made.append(make(tuple(cues), words=self._joint_words(codes[:number])))
        acting = [reader for reader in made if reader.has_acts]
        return acting or [make(tuple(self._cues.find(text, None, held)), words=self._all_words)]

    def _joint_words(self, codes: list[str]) -> SmallWords:
        """Give the small words of `codes`, joined once."""
        if tuple(codes) not in self._words:
            self._words[tuple(codes)] = SmallWords([self._grammars[code] for code in codes])
        return self._words[tuple(codes)]

    def _finding(self, subject: Subject, reading: Reading | None, code: str) -> Finding:
        """Put the verdict together; the reasons are the subject's and those of each claim, each once."""
        found = reading.found if reading else ()
        heard = self._hearing.probability(reading) if reading and not reading.signed else 0.0
        is_read = not code or code in self._grammars
        weighed = verdict.weigh(found, subject, self._calibration, heard=heard, is_read=is_read)
        reasons = dict.fromkeys((*subject.reasons, *(reason for _, draft in found for reason in draft.reasons)))
        guessed = self._hearing.claims(reading, heard) if reading and heard > LIKELY else []
        if not guessed:
            return self._verdict(weighed.label, weighed.confidence, weighed.claims, tuple(reasons), code)
        named = {fold(claim.organisation) for claim, _ in guessed}
        others = (claim for claim in weighed.claims if fold(claim.organisation) not in named)
        whys = dict.fromkeys((*reasons, *(reason for _, why in guessed for reason in why)))
        told = (*(claim for claim, _ in guessed), *others)
        return self._verdict(Label.ANNOUNCEMENT, heard, told, tuple(whys), code)

    def _verdict(
        self, label: Label, confidence: float, claims: tuple[Claim, ...], reasons: tuple[Reason, ...], code: str
    ) -> Finding:
        return Finding(
            label=label,
            confidence=confidence,
            claims=claims,
            reasons=reasons,
            language=code,
            rules_version=self.rules_version,
        )
