"""What a server's Set-Cookie lines say, as a browser reads them."""

from __future__ import annotations

import pytest

from launcher.session.browser_cookie import BrowserCookie
from launcher.session.set_cookies import cookies_from

NOW_S = 1_800_000_000.0
URL = "https://desk.force.example/api/logon"


def read(*lines: str, url: str = URL) -> tuple[BrowserCookie, ...]:
    return cookies_from(lines, url, now_s=NOW_S)


def one(line: str, url: str = URL) -> BrowserCookie:
    (cookie,) = read(line, url=url)
    return cookie


def test_a_plain_cookie_is_the_host_s_own_below_its_folder() -> None:
    cookie = one("session=a=b; c")
    assert (cookie.name, cookie.value.reveal(), cookie.domain, cookie.path) == (
        "session", "a=b", "desk.force.example", "/api",
    )  # fmt: skip
    assert (cookie.secure, cookie.http_only, cookie.expires_at, cookie.host_only) == (False, False, None, True)


def test_attributes_are_read_in_any_case_and_quotes_are_part_of_the_value() -> None:
    cookie = one('s="x y" ; PATH=/ ;SECURE; httponly;SameSite=Lax;Domain=.Force.Example; Max-Age=60')
    assert (cookie.value.reveal(), cookie.domain, cookie.path) == ('"x y"', ".force.example", "/")
    assert (cookie.secure, cookie.http_only, cookie.expires_at) == (True, True, round(NOW_S) + 60)


def test_a_time_is_read_and_max_age_comes_before_it() -> None:
    assert one("s=1; Expires=Sat, 01 Jan 2028 00:00:00 GMT").expires_at == 1_830_297_600
    assert read("s=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT") == ()
    assert one("s=1; Expires=Thu, 01 Jan 2026 00:00:00 GMT; Max-Age=5").expires_at == round(NOW_S) + 5
    assert one("s=1; Expires=gibberish").expires_at is None


def test_a_later_line_takes_an_earlier_one_s_place_or_takes_it_back() -> None:
    assert [cookie.value.reveal() for cookie in read("s=1", "t=2", "s=3")] == ["2", "3"]
    assert [cookie.name for cookie in read("s=1", "t=2", "s=; Max-Age=0")] == ["t"]
    assert len(read("s=1; Path=/", "s=2; Path=/api")) == 2


@pytest.mark.parametrize(
    "line",
    [
        "no-equals-sign",
        "=no-name",
        "s=1\x00",
        "s=1\r\nX: y",
        "s=" + "x" * 5000,
        "s=1; Domain=elsewhere.example",
        "s=1; Domain=desk.force.example.elsewhere.example",
        "s=1; Domain=below.desk.force.example",
        "s=1; Domain=example",
        "__Host-s=1; Path=/",
        "__Host-s=1; Secure; Path=/api",
        "__Host-s=1; Secure; Path=/; Domain=desk.force.example",
        "__Secure-s=1",
    ],
)
def test_what_no_browser_would_keep_is_left_out(line: str) -> None:
    assert read(line) == ()


def test_prefixes_addresses_and_plain_http() -> None:
    assert one("__Host-s=1; Secure; Path=/").path == "/"
    assert one("s=1; Domain=127.0.0.1; Path=/x", "http://127.0.0.1:81/a").domain == "127.0.0.1"
    assert read("s=1; Domain=0.0.1", url="http://127.0.0.1/a") == ()
    assert read("s=1; Secure", url="http://desk.force.example/") == ()
    assert one("s=1; Secure", "http://desk.localhost:81/").path == "/"
    assert one("s=1", "https://BÜCHER.example./").domain == "xn--bcher-kva.example"
    assert one("s=1", "https://2130706433/").domain == "127.0.0.1"
    assert len(read(*(f"s{index}=1" for index in range(200)))) == 100
