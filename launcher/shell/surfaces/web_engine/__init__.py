"""The only folder that knows QtWebEngine (in ``qt`` alone): a profile off the record, its pages, views, and a spare.

Importing it costs 0.3 s: ``Browser.warm`` does it ahead.
"""

from __future__ import annotations

from launcher.shell.surfaces.web_engine.addresses import text_of
from launcher.shell.surfaces.web_engine.browser import Browser
from launcher.shell.surfaces.web_engine.web_page import WebPage
from launcher.shell.surfaces.web_engine.web_view import WebView

__all__ = ["Browser", "WebPage", "WebView", "text_of"]
