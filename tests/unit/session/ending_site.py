"""A system that ends its sessions when it likes, and a provider that does: sites, with a switch for each trouble."""

from __future__ import annotations

from collections.abc import Mapping

from tests.contract.drivers.site import NAME, PASSWORD, Request, Response, Site

PROVIDER = "https://id.force.example"
FORM = (
    '<form id="logon" method="post" action="/logon"><input id="name" name="name">'
    '<input id="password" name="password" type="password"><button id="go">Log on</button></form>'
)
PAGES: Mapping[str, str] = {
    "/start": '<h1 id="main">Cells</h1>',
    "/cell/3": '<h1 id="main">Cell 3</h1>',
    "/search": '<form action="/search"><input id="name" name="name"><button>Search</button></form>',
    "/notice": f'<p id="notice">Read this</p>{FORM}',
}


class EndingSite(Site):
    """Without a session each page leads to the logon; ``federated``: to the provider's."""

    def __init__(self, *, federated: bool = False) -> None:
        super().__init__()
        self.federated = federated
        self.alive = False
        self.in_place = False  # the logon stands at the address that was asked for
        self.stays = True  # a session lives longer than its first page
        self.password = PASSWORD

    def respond(self, request: Request) -> Response:
        self.requests.append(request)
        match request.method, request.path:
            case "GET", "/logon":
                return _page("Logon", FORM)
            case "GET", "/expired":
                return _page("Expired", "<p>Your session has expired</p>")
            case "GET", "/back":
                self.alive = True
                return _to("/start")
            case "POST", "/logon":
                self.passwords.append(request.form["password"])
                if (request.form["name"], request.form["password"]) != (NAME, self.password):
                    return _page("Logon", f'<p class="refused">Not accepted</p>{FORM}')
                self.alive = True
                return _to("/start")
            case "GET", path if path in PAGES and self.alive:
                self.alive = self.stays
                return _page(path, PAGES[path])
            case "GET", path if path in PAGES and self.in_place:
                return _page("Logon", FORM)
            case "GET", path if path in PAGES:
                return _to(f"{PROVIDER}/authorize" if self.federated else "/logon")
        return Response(404, "<title>Not found</title>")


class EndingProvider(Site):
    """A provider that leads on to the system where it knows the officer, and asks where it does not."""

    def __init__(self, system: str = "") -> None:
        super().__init__()
        self.system = system
        self.alive = False
        self.made = 0

    def respond(self, request: Request) -> Response:
        self.requests.append(request)
        return _to(f"{self.system}/back") if self.alive else _page("Sign in", '<input id="user"><button>Next</button>')


def _page(title: str, body: str) -> Response:
    return Response(200, f"<!doctype html><title>{title}</title>{body}", {"Content-Type": "text/html; charset=utf-8"})


def _to(address: str) -> Response:
    return Response(303, "", {"Location": address})
