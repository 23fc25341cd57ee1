"""The access token on the fetches of a page: to one origin, and never past it."""

from __future__ import annotations

from PySide6.QtCore import QObject

from launcher.secret import Secret
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.web_engine.addresses import text_of
from launcher.shell.surfaces.web_engine.qt import QWebEngineUrlRequestInfo, QWebEngineUrlRequestInterceptor


class TokenCarrier(QWebEngineUrlRequestInterceptor):
    """Puts the token on fetches to one origin, and stops any request that would take it elsewhere.

    A redirected fetch passes here again with the headers it has. Chromium takes the token off when the origin changes;
    should it ever not, the request is blocked here, before it leaves.
    """

    def __init__(self, bounds: Bounds, token: Secret, parent: QObject) -> None:
        super().__init__(parent)
        self._bounds = bounds
        self._token = token

    def interceptRequest(self, info: QWebEngineUrlRequestInfo) -> None:
        """Decide one request, or one leg of a redirected one."""
        bearer = b"Bearer " + self._token.reveal().encode()
        if (
            info.resourceType() == QWebEngineUrlRequestInfo.ResourceType.ResourceTypeXhr
            and self._bounds.may_carry_token(text_of(info.requestUrl()), text_of(info.initiator()))
            and self._bounds.may_fill(text_of(info.firstPartyUrl()))
        ):
            info.setHttpHeader(b"Authorization", bearer)
        elif any(bytes(value.data()) == bearer for value in info.httpHeaders().values()):
            info.block(True)
