"""The surfaces of opened systems: web pages in the session's own browser profile, and what programs say.

QtWebEngine is known to ``web_engine`` alone, which is imported only when the first page is needed or warmed.
"""
