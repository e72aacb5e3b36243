"""Tell the language of a post: its own word for it, else a guess from the text."""

from __future__ import annotations

from harvester.model import Post

UNKNOWN = frozenset({"", "und", "zxx", "qme", "qst", "qht", "qam", "qct", "art", "mul"})
"""What platforms send when they do not know; the q-codes are X's (docs.x.com, "lang")."""
OTHER_CODES = {
    "iw": "he", "in": "id", "ji": "yi", "nb": "no", "nn": "no", "hr": "sr", "bs": "sr", "sh": "sr", "cnr": "sr",
    "ms": "id", "fil": "tl", "cmn": "zh", "yue": "zh",
}  # fmt: skip
"""Codes that platforms still send (X: "iw" and "in"), and those of languages that are read with another's file: the
written forms of Norwegian and of Chinese, the national standards of Serbo-Croatian, Malay with Indonesian."""
ENOUGH = 20
"""A text of fewer characters is not guessed."""


def of(post: Post) -> str:
    """Give the ISO 639-1 code of the post's language, or "" if nobody can tell."""
    given = post.language.lower().replace("_", "-").partition("-")[0]
    code = guess(post.full_text) if given in UNKNOWN else given
    return OTHER_CODES.get(code, code)


def guess(text: str) -> str:
    """Guess the language of `text` by its letters; "" for a short one."""
    if len(text) < ENOUGH:
        return ""
    # Loading the model takes half a second, which most commands never need.
    import py3langid

    code: str = py3langid.classify(text.encode("utf-8", "replace"))[0]
    return code
