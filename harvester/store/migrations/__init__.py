"""The steps that bring any older database to the shape of `tables.py`; written once, never changed."""
