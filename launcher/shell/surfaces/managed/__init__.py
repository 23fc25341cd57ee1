"""The managed browser: an installed Chromium, Chrome or Edge with a throw-away profile, driven by its debugging pipe.

It lives in the engine's loop, apart from its face. Its scripts and its bounds are those of the embedded browser.
"""
