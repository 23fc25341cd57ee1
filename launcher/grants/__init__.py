"""What the officer holds for the session: tokens, credentials, and where they are kept.

Import from the modules: ``names`` (for plans), ``held`` (:class:`Grants`), ``store`` (the contract), ``keeping``
(which store a station has). Plans need the names alone; this file therefore imports nothing.
"""
