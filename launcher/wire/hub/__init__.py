"""What stations, officers and the helpdesk say to the hub and hear from it: frozen records, one file a subject.

The address of each stands in the hub's own OpenAPI description; all begin with :data:`PREFIX`.
"""

from __future__ import annotations

from typing import Final

PREFIX: Final = "/v1"
"""The version of everything under it: what would break an older station gets a new one."""
SAID_BY_HUB: Final = "X-Station-Launcher"
"""The header with the reference of what the hub refuses where its words are not read: at a socket's handshake.

A proxy that lets no socket pass may say the same status, and when to come again.
"""
