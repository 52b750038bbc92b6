"""Tests of what the bench computes; run them with `python3 -m unittest discover bench`."""
