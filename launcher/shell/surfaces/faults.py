"""What can go wrong with a web page, as a person meets it."""

from __future__ import annotations

from launcher.addresses import host_of, origin_of, path_of
from launcher.errors import LauncherError
from launcher.relay.road import way_out
from launcher.sign_on.driver import (
    DriverGoneError,
    SystemCertificateRefusedError,
    SystemUnreachableError,
    WrongOriginError,
)
from launcher.sign_on.outcome import ClientCertificateRefusedError
from launcher.sign_on.serving import again_in_words, wait_asked_s


class PageCrashedError(DriverGoneError):
    """The process that showed the page ended."""

    reference = "page-crashed"
    hint = "Load the page again. What was typed and not sent is lost."


class SignOnNotExpectedError(LauncherError):
    """The system asked for a name and password in a window of its own, which its entry does not say."""

    reference = "sign-on-not-expected"
    hint = "Tell the helpdesk the reference: how this system is signed on to has changed."


class DownloadRefusedError(LauncherError):
    """A page wanted to save a file on this computer."""

    reference = "download-refused"
    hint = "Go on in the page."


class UploadRefusedError(LauncherError):
    """A page wanted to read a file of this computer."""

    reference = "upload-refused"
    hint = "Go on in the page. Only files that a system has given you since you logged on can be chosen."


def wrong_origin(untrusted_url: str) -> WrongOriginError:
    """Return the error for an address that is not the system's."""
    return WrongOriginError(
        f"The page wanted to go to {host_of(untrusted_url)}, which is not part of this system.",
        detail=path_of(untrusted_url) if origin_of(untrusted_url) else "",
    )


def download_refused(why: str) -> DownloadRefusedError:
    """Return the error for a file that was not saved; ``why``: policy, room, or page where a page was to come."""
    if why == "room":
        return DownloadRefusedError("There is no room left for this file: remove others first.", detail="room")
    return DownloadRefusedError("The page wanted to save a file on this computer.", detail=why)


def upload_refused(*, none_yet: bool) -> UploadRefusedError:
    """Return the error for files that a page did not get; ``none_yet``: there are none that it could have."""
    if none_yet:
        return UploadRefusedError("There is no file to choose from: no system has given you one yet.")
    return UploadRefusedError("The page wanted a file of this computer.")


class PermissionRefusedError(LauncherError):
    """A page wanted something of the computer itself: camera, place, notifications."""

    reference = "permission-refused"
    hint = "Go on in the page. If you need this for your work, tell the helpdesk."


_CONNECTION = {
    -7: "it did not answer in time",
    -21: "the network changed",
    -100: "it closed the connection",
    -101: "it closed the connection",
    -102: "it refuses connections",
    -104: "the connection failed",
    -105: "its name is not known here",
    -106: "this computer has no network",
    -109: "there is no road to it",
    -111: "the proxy did not reach it",
    -118: "it did not answer in time",
    -137: "its name could not be looked up",
    -324: "it answered nothing",
}
"""Chromium's net errors in words; the number itself goes into the detail."""


_BY_THE_ROAD = {-111, -127, -130, -336}
"""The tunnel through the relay failed, the relay refused, or it is away: what it says of the host is why."""


CERTIFICATE_REFUSALS = frozenset({400, 401, 403, 495, 496})
"""The HTTP status with which a server says no to a certificate that came, or did not (nginx: 400, or 495 and 496)."""

_CERTIFICATE_REFUSALS = frozenset({-110, -117, -134, -135, -141, -177})
"""Chromium's net errors for the same, where the server or the engine broke the handshake off."""


def unreachable(host: str, code: int) -> LauncherError:
    """Return the error for a net error of the browser engine."""
    if code in _CERTIFICATE_REFUSALS:
        return ClientCertificateRefusedError(f"{host} did not accept your certificate.", detail=f"net error {code}")
    road = way_out()
    if road is not None and code in _BY_THE_ROAD and (fault := road.fault_at(host)) is not None:
        return fault
    why = _CONNECTION.get(code, "the connection failed")
    return SystemUnreachableError(f"{host} cannot be reached: {why}.", detail=f"net error {code}")


def answered(host: str, status: int, untrusted_retry_after: str = "") -> SystemUnreachableError:
    """Return the error for an HTTP status of 500 or more, with when the host asks to be tried again."""
    again_s = wait_asked_s(untrusted_retry_after)
    fault = SystemUnreachableError(
        f"{host} answered with a fault of its own.{again_in_words(again_s)}", detail=f"HTTP status {status}"
    )
    fault.again_s = again_s
    return fault


_CERTIFICATE = (
    ("CommonName", "COMMON_NAME", "it was made for another name"),
    ("Date", "DATE", "its time has not come or is over"),
    ("Authority", "AUTHORITY", "it was not issued by anyone this computer trusts"),
    ("Revoked", "REVOKED", "it was withdrawn"),
    ("Weak", "WEAK", "it is too weak"),
)


def certificate(host: str, why: str) -> SystemCertificateRefusedError:
    """Return the error for a certificate; ``why`` is the browser engine's own name for the fault."""
    words = next((words for one, other, words in _CERTIFICATE if one in why or other in why), "it cannot be checked")
    return SystemCertificateRefusedError(f"The certificate of {host} was refused: {words}.", detail=why)
