"""The cookies of the session's profile: what it holds now, every value it ever held, and more that are put into it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QDateTime, QObject, QTimer, QUrl
from PySide6.QtNetwork import QNetworkCookie

from launcher.secret import Secret
from launcher.session.browser_cookie import BrowserCookie, given_to

IN_VAIN_MS = 1000
"""A cookie that the engine does not take is not waited for any longer."""

_Key = tuple[str, str, str]


@dataclass(eq=False, slots=True)
class _Taking:
    """What somebody waits for: each has its own time, and gives up for nobody else."""

    missing: set[_Key]
    then: Callable[[], None]


class CookieJar(QObject):
    """What the profile's store tells of itself, which is all that there is: it is never read from a disk.

    ``put`` puts one cookie in, as if it came from an address.
    """

    def __init__(self, put: Callable[[QNetworkCookie, QUrl], None]) -> None:
        super().__init__()
        self._put = put
        self._held: dict[_Key, QNetworkCookie] = {}
        self._doubtful: dict[_Key, QNetworkCookie] = {}
        self._waiting: list[_Taking] = []
        self.values: set[bytes] = set()
        """Every value so far, for a residue check."""

    def of(self, origins: Sequence[str]) -> tuple[BrowserCookie, ...]:
        """Return the cookies that one of the origins is given; among them may be some that it has taken back since."""
        told = {**self._doubtful, **self._held}
        return tuple(_ours(one) for one in told.values() if given_to(one.domain(), origins) is not None)

    def take(self, cookies: Sequence[BrowserCookie], origins: Sequence[str], then: Callable[[], None]) -> None:
        """Put in those that one of the origins is given; ``then`` is called once they hold, or a moment later."""
        taking, new = _Taking(set(), then), list[tuple[QNetworkCookie, str]]()
        for cookie in cookies:
            origin, theirs = given_to(cookie.domain, origins), _theirs(cookie)
            before = self._held.get(_key(theirs, cookie.domain))
            if origin is None or (before is not None and before.value() == theirs.value()):
                continue  # of the same value already: nothing would be told
            taking.missing.add(_key(theirs, cookie.domain))
            new.append((theirs, origin))
        self._waiting.append(taking)
        for theirs, origin in new:
            self.values.add(bytes(theirs.value().data()))
            # Without a domain, of an address: so it stays with that host alone, as a name with __Host- must.
            self._put(theirs, QUrl(origin))
        QTimer.singleShot(IN_VAIN_MS if taking.missing else 0, self, partial(self._go_on, taking))

    def _go_on(self, taking: _Taking) -> None:
        if taking in self._waiting:
            self._waiting.remove(taking)
            taking.then()

    def added(self, cookie: QNetworkCookie) -> None:
        """Note a cookie that the store holds now."""
        key = _key(cookie, cookie.domain())
        self._held[key] = QNetworkCookie(cookie)
        self._doubtful.pop(key, None)
        self.values.add(bytes(cookie.value().data()))
        for taking in [one for one in self._waiting if key in one.missing]:
            taking.missing.discard(key)
            if not taking.missing:
                self._go_on(taking)

    def noted(self, cookie: QNetworkCookie) -> None:
        """Note the value of a cookie that another store than ours holds."""
        self.values.add(bytes(cookie.value().data()))

    def removed(self, cookie: QNetworkCookie) -> None:
        """Note that the store has a cookie no more, or that it was set again as it is: the engine tells both alike."""
        key = _key(cookie, cookie.domain())
        held = self._held.get(key)
        if held is not None and held.value() == cookie.value():  # else another one is in its place already
            self._doubtful[key] = self._held.pop(key)


def _key(cookie: QNetworkCookie, domain: str) -> _Key:
    return bytes(cookie.name().data()).decode("latin-1"), domain, cookie.path()


def _ours(cookie: QNetworkCookie) -> BrowserCookie:
    expires = cookie.expirationDate()
    return BrowserCookie(
        name=bytes(cookie.name().data()).decode("latin-1"),
        value=Secret(bytes(cookie.value().data()).decode("latin-1")),
        domain=cookie.domain(),
        path=cookie.path(),
        secure=cookie.isSecure(),
        http_only=cookie.isHttpOnly(),
        expires_at=expires.toSecsSinceEpoch() if expires.isValid() else None,
    )


def _theirs(cookie: BrowserCookie) -> QNetworkCookie:
    made = QNetworkCookie(cookie.name.encode("latin-1"), cookie.value.reveal().encode("latin-1"))
    made.setDomain("" if cookie.host_only else cookie.domain)
    made.setPath(cookie.path)
    made.setSecure(cookie.secure)
    made.setHttpOnly(cookie.http_only)
    if cookie.expires_at is not None:
        made.setExpirationDate(QDateTime.fromSecsSinceEpoch(cookie.expires_at))
    return made
