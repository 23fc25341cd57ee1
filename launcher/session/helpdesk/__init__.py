"""The helpdesk's panel in the session of an analyst: what is asked of the hub, and what its answers come to.

Everything is looked at and done in a case, which has a reason; nothing is asked of the hub before there is one.
"""

from __future__ import annotations
