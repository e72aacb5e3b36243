"""Turn what platforms send into plain text: HTML taken off, control characters out, spaces as a reader sees them."""

from __future__ import annotations

import re
import unicodedata
from html import unescape

from selectolax.lexbor import LexborHTMLParser, LexborNode

MOST_TAGS = 5_000
"""More than any post has. The parser's time grows with the square of the depth (40,000 nested divs took it 3.8 s), so
tags beyond this number are cut out without looking at what they mean."""
BLOCKS = frozenset(
    [
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "tr",
        "table",
        "section",
        "article",
        "header",
        "footer",
        "pre",
    ]
)
SILENT = frozenset({"script", "style", "template", "noscript", "head", "svg"})
_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u2028\u2029]")
_BLANKS = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\s*\n\s*")


def clean(text: str) -> str:
    """Give `text` in NFC without control characters and lone surrogates, its runs of blanks made one."""
    kept = _CONTROL.sub(" ", unicodedata.normalize("NFC", text))
    return _LINES.sub("\n", _BLANKS.sub(" ", kept)).strip()


def looks_like_html(text: str) -> bool:
    """Say whether `text` has a tag or an entity in it."""
    return _TAG.search(text) is not None or _ENTITY.search(text) is not None


def plain_text(html: str) -> str:
    """Give what a reader sees of `html`: blocks and <br> end a line, scripts and comments are gone."""
    if not looks_like_html(html):
        return clean(html)
    if html.count("<") > MOST_TAGS:
        return clean(unescape(_TAG.sub(" ", html)))
    body = LexborHTMLParser(html).body
    pieces: list[str] = []
    _collect(body, pieces)
    return clean("".join(pieces))


def _collect(root: LexborNode | None, pieces: list[str]) -> None:
    """Walk the tree without recursion: hostile HTML nests deeper than Python's stack."""
    stack: list[LexborNode | str | None] = [root]
    while stack:
        node = stack.pop()
        if node is None or isinstance(node, str):
            pieces.append(node or "")
        elif node.is_text_node:
            pieces.append(node.text_content or "")
        elif node.tag == "br":
            pieces.append("\n")
        elif node.tag not in SILENT:
            edge = "\n" if node.tag in BLOCKS else ""
            stack.extend((edge, *reversed(list(node.iter(include_text=True))), edge))
