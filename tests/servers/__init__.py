"""Real servers that nobody here wrote, started on loopback for the tests.

Each module gives a context manager (usable without pytest), a ``missing()`` that says what is not installed, and
the selectors or names a test needs. The pytest fixtures are in :mod:`tests.servers.fixtures`.
"""
