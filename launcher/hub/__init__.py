"""The central service: stations, sittings, commands, the helpdesk, notices and the audit; a folder a feature.

No sign-in ever waits for it. Its store is SQLite for one process and PostgreSQL for several.
"""

from launcher.hub.spoken import build

build()
