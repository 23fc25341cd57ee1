"""A certificate of the officer's on the handshakes of one page: presented to the page's own origins, to no other host.

Its pages have a profile of their own (:meth:`Browser.take`), which is given the one certificate and loses it as they
end; what it may be used for is decided here at every wish of a server. Which answer a host was given the engine
remembers for the profile. What an open card holds the engine offers by itself.
"""

from __future__ import annotations

from PySide6.QtNetwork import QSsl, QSslCertificate, QSslKey

from launcher.grants.client_certificate import AnyCertificate, CardCertificate, is_for_logon
from launcher.shell.surfaces.origins import Bounds
from launcher.shell.surfaces.web_engine.addresses import text_of
from launcher.shell.surfaces.web_engine.qt import QWebEngineClientCertificateSelection, QWebEngineProfile


class Presented:
    """The answer of one page to every host that wants a certificate."""

    def __init__(self, profile: QWebEngineProfile, bounds: Bounds, certificate: AnyCertificate) -> None:
        self._bounds = bounds
        store = profile.clientCertificateStore()
        self._own: QSslCertificate | None = None
        self._issuer = certificate.issuer
        if isinstance(certificate, CardCertificate):
            return
        self._own = QSslCertificate(certificate.certificate.encode())
        if self._own not in store.certificates():
            algorithm = QSsl.KeyAlgorithm(self._own.publicKey().algorithm())
            store.add(self._own, QSslKey(certificate.key.reveal().encode(), algorithm))

    def answer(self, wish: QWebEngineClientCertificateSelection) -> None:
        """Decide one wish."""
        host = wish.host()  # it has no scheme; a certificate is asked for by TLS only
        host.setScheme("https")
        if self._bounds.may_fill(text_of(host)):
            for offered in wish.certificates():
                if offered == self._own or (self._own is None and self._is_the_card_s(offered)):
                    wish.select(offered)
                    return
        wish.selectNone()

    def _is_the_card_s(self, offered: QSslCertificate) -> bool:
        if not is_for_logon(bytes(offered.toDer().data())):
            return False
        names = offered.issuerInfo(QSslCertificate.SubjectInfo.CommonName)
        return not self._issuer or self._issuer in names


def give_up(profile: QWebEngineProfile) -> None:
    """Let go of every certificate and key; nothing of them outlives the profile in any case."""
    store = profile.clientCertificateStore()
    for one in store.certificates():
        store.remove(one)
