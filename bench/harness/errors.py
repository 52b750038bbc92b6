"""The one error that ends a bench with a sentence instead of a traceback."""


class BenchError(Exception):
    """Something outside the bench is missing or answered wrongly; the text says what to do."""
