"""Watch for organisations that announce their signature of the Paris Call.

A walk through the house, from the bottom up:

``errors`` and ``model`` hold the troubles and the nouns; ``config``, ``log`` and ``text`` are the shelves.
The rooms never see each other: ``collect`` fetches posts, ``detect`` says what a post claims,
``resolve`` says which organisation is meant, ``store`` keeps everything, ``digest`` writes the letter.
``jobs`` is the corridor that joins the rooms, one story a file; start with ``jobs/harvest.py``.
``cli`` and ``scheduler.py`` are the doors: people and the clock, the only places that know "now".
"""

__version__ = "0.1.0"
