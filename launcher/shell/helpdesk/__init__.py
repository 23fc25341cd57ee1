"""The helpdesk's panel: a page of its own for whoever has the role; made when it is first opened."""

from __future__ import annotations
