"""Systems on web pages."""

from launcher.connectors.web.plan import WebConnector
from launcher.connectors.web.spec import WebSpec

__all__ = ["WebConnector", "WebSpec"]
