"""The surfaces of opened systems: web pages in the session's own browser profile, and what programs say.

QtWebEngine is imported in ``web_engine`` alone, and that module only when the first page is needed or warmed.
"""
