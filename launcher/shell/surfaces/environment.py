"""What the browser engine needs in the environment before Qt loads; free of Qt, so that bootstrap can ask first."""

from __future__ import annotations

UNWANTED = (
    "QTWEBENGINE_REMOTE_DEBUGGING",
    "QTWEBENGINE_CHROMIUM_FLAGS",
    "QTWEBENGINE_DISABLE_SANDBOX",
    "SSLKEYLOGFILE",
)
"""Names to remove first, whoever set them: a debugging port or a key log hands out all that a page holds."""

_FLAGS = (
    "--disable-logging",  # a page's console may hold what an officer typed
    "--log-level=3",
    "--disable-breakpad",  # a crash dump would hold a page's memory
    # A page that asks for files this way is refused, and one time in ten the engine ends with the officer's session.
    "--disable-blink-features=FileSystemAccess,FileSystemAccessLocal",
)


_NO_UDP = "--force-webrtc-ip-handling-policy=disable_non_proxied_udp"
"""A page's call to another browser (WebRTC) sends datagrams past every proxy, whatever is set for the page."""


def browser_environment(root: bool, gpu: bool, *, proxied: bool = False) -> dict[str, str]:
    """Return the variables to set; ``root`` is whether this runs as root, ``gpu`` whether there is one to use.

    Chromium's sandbox cannot start as root, which only the demo and the tests are; it is never off otherwise. Without
    a GPU the software backend shows a first page sooner, and ten tabs take 80 MB less. ``proxied``: policy names a
    proxy, which nothing goes round.
    """
    flags = [*_FLAGS, *([_NO_UDP] if proxied else [])]
    environment: dict[str, str] = {}
    if not gpu:
        environment["QT_QUICK_BACKEND"] = "software"
        flags.append("--disable-gpu")
    if root:
        environment["QTWEBENGINE_DISABLE_SANDBOX"] = "1"
    environment["QTWEBENGINE_CHROMIUM_FLAGS"] = " ".join(flags)
    return environment
