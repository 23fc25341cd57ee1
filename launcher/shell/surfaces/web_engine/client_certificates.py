"""A certificate of the officer's on the handshakes of one page: presented to the page's own origins, to no other host.

The engine keeps what is given to the profile until the profile ends, with the session; what it may be used for is
decided here at every wish of a server. Which answer a host was given the engine remembers as long.
"""

from __future__ import annotations

from PySide6.QtNetwork import QSsl, QSslCertificate, QSslKey

from launcher.grants.client_certificate import ClientCertificate
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.web_engine.addresses import text_of
from launcher.shell.surfaces.web_engine.qt import QWebEngineClientCertificateSelection, QWebEngineProfile


class Presented:
    """The answer of one page to every host that wants a certificate."""

    def __init__(self, profile: QWebEngineProfile, bounds: Bounds, certificate: ClientCertificate) -> None:
        self._bounds = bounds
        self._own = QSslCertificate(certificate.certificate.encode())
        store = profile.clientCertificateStore()
        if self._own not in store.certificates():
            algorithm = QSsl.KeyAlgorithm(self._own.publicKey().algorithm())
            store.add(self._own, QSslKey(certificate.key.reveal().encode(), algorithm))

    def answer(self, wish: QWebEngineClientCertificateSelection) -> None:
        """Decide one wish."""
        host = wish.host()  # it has no scheme; a certificate is asked for by TLS only
        host.setScheme("https")
        if self._bounds.may_fill(text_of(host)):
            for offered in wish.certificates():
                if offered == self._own:
                    wish.select(offered)
                    return
        wish.selectNone()


def give_up(profile: QWebEngineProfile) -> None:
    """Let go of every certificate and key; nothing of them outlives the profile in any case."""
    store = profile.clientCertificateStore()
    for one in store.certificates():
        store.remove(one)
