"""Turns a web entry into a launch plan."""

from __future__ import annotations

from typing import ClassVar

from launcher.addresses import address_fault, host_matches, host_of, hostname_of, origin_of
from launcher.catalogue.entry import Entry, Spec
from launcher.connectors.base import require_sound, spec_fault
from launcher.connectors.plan import (
    CertificateName,
    CredentialName,
    GrantName,
    InstalledBrowser,
    LaunchPlan,
    TicketName,
    TokenName,
    WebFiles,
    WebTarget,
)
from launcher.connectors.recipe_rules import (
    fill_faults,
    fills,
    marker_warnings,
    refused_faults,
    screen_faults,
    waited_press_faults,
)
from launcher.connectors.web.certificate import CertificateSpec, certificate_faults
from launcher.connectors.web.endpoint import endpoint_warnings
from launcher.connectors.web.kerberos import kerberos_faults
from launcher.connectors.web.pages import pages_faults
from launcher.connectors.web.spec import WebSpec
from launcher.policy.provider_settings import FurtherProviderSettings
from launcher.policy.settings import Settings
from launcher.policy.toml_faults import unknown
from launcher.policy.toml_text import Fault, Key


class WebConnector:
    """Pages, signed on to in each way that a web system has."""

    kind: ClassVar[str] = "web"
    spec: ClassVar[type[Spec]] = WebSpec

    def judge(self, entry: Entry, settings: Settings | None) -> list[Fault]:
        """Return what is wrong with the entry; hosts are held against the policy where there are settings."""
        spec = _spec(entry)
        found = pages_faults(entry, spec) if entry.pages else _step_faults(entry, spec)
        if spec.change_password is not None and not entry.pages:
            found.append(entry.fault(("web", "change_password"), "change_password is for an entry of pages: [[page]]"))
        found += _provider_faults(entry, spec, settings)
        if spec.browser == "managed" and settings is not None and not settings.web.managed_browser:
            found.append(entry.fault(("web", "browser"), "the policy lets no installed browser be opened"))
        if settings is not None:
            found += _permission_warnings(entry, spec, settings)
            found += certificate_faults(entry, spec.certificate, settings)
        found += endpoint_warnings(entry, spec.endpoint)
        found += refused_faults(entry, otp=spec.otp and spec.sign_on == "form")
        if spec.sign_on == "kerberos" and settings is not None:
            found += kerberos_faults(entry, spec.own_origins, settings)
        if settings is not None and settings.web.hosts:
            found += _host_faults(entry, spec, settings)
        return found + screen_faults(entry) + marker_warnings(entry)

    def plan(self, entry: Entry, settings: Settings) -> LaunchPlan:
        """Say how to open the page. Raises :class:`CatalogueError`."""
        spec = _spec(entry)
        require_sound(entry, self.judge(entry, settings))
        return LaunchPlan(
            system=entry.id,
            name=entry.name,
            kind=self.kind,
            sign_on=spec.sign_on,
            target=WebTarget(
                url=spec.url,
                origins=spec.own_origins,
                visits=_visits(spec, settings),
                token_origin=spec.token_origin,
                files=WebFiles(settings.web.downloads_mb, settings.web.save_to),
                permissions=tuple(one for one in spec.permissions if one in settings.web.permissions),
                managed=_managed(spec, settings),
                pages=entry.pages,
                change=spec.change_password.change if spec.change_password is not None else None,
                certificate=_certificate(spec).planned(settings) if spec.sign_on == "certificate" else None,
                endpoint=spec.endpoint.planned(settings.web.private_ca_file) if spec.endpoint is not None else None,
                ca_file=settings.web.private_ca_file if spec.sign_on == "kerberos" else None,
            ),
            recipe=entry.recipe,
            markers=entry.markers,
            grants=_grants(entry, spec),
            within_s=entry.within_s,
            usual_ms=entry.usual_s * 1000,
            provider=tuple(origin for origin in _provider(spec, settings) if origin not in _own(spec)),
            through=spec.provider,
        )

    def address(self, entry: Entry) -> str:
        """Return the page's host, and its port where that is not the usual one."""
        return host_of(_spec(entry).url)


def _spec(entry: Entry) -> WebSpec:
    if not isinstance(entry.spec, WebSpec):
        raise spec_fault(entry, WebSpec)
    return entry.spec


def _managed(spec: WebSpec, settings: Settings) -> InstalledBrowser | None:
    if spec.browser != "managed":
        return None
    by_ticket = spec.sign_on == "kerberos" and settings.kerberos is not None
    shown = tuple(dict.fromkeys(map(hostname_of, spec.own_origins))) if by_ticket else ()
    return InstalledBrowser(settings.web.managed_browser, negotiates=shown)


def _grants(entry: Entry, spec: WebSpec) -> tuple[GrantName, ...]:
    match spec.sign_on:
        case "form" | "basic" | "endpoint":
            return (CredentialName(entry.id, spec.credential, spec.otp),)
        case "token":
            return (TokenName(spec.token_scopes),)
        case "certificate":
            return (CertificateName(_certificate(spec).name),)
        case "kerberos":
            return (TicketName(),)
        case "federated" | "none":
            return ()


def _certificate(spec: WebSpec) -> CertificateSpec:
    return spec.certificate or CertificateSpec()


def _visits(spec: WebSpec, settings: Settings) -> tuple[str, ...]:
    """Return where else the page may go: a federated one goes to the provider and comes back."""
    provider, own = _provider(spec, settings), _own(spec)
    # The page itself may stand outside the origins that are filled, e.g. where the logon is on another host.
    first = (origin_of(spec.url),) if origin_of(spec.url) not in spec.own_origins else ()
    return tuple(dict.fromkeys((*first, *(origin for origin in (*spec.visits, *provider) if origin not in own))))


def _provider(spec: WebSpec, settings: Settings) -> tuple[str, ...]:
    """Return the origins of the provider whose session the system takes, and of what leads on to it."""
    if spec.sign_on != "federated":
        return ()
    force_account = settings.federated.login_origins if settings.federated is not None else ()
    further = _further(spec, settings)
    if further is None:
        # An officer of another force is led on to their own provider.
        return (*force_account, *(origin for force in settings.force for origin in force.login_origins))
    return (*further.origins, *force_account) if further.led_on else further.origins


def _further(spec: WebSpec, settings: Settings) -> FurtherProviderSettings | None:
    return next((one for one in settings.provider if one.name == spec.provider), None)


def _provider_faults(entry: Entry, spec: WebSpec, settings: Settings | None) -> list[Fault]:
    if settings is None or _further(spec, settings) is not None:
        return []
    if not spec.provider:
        if spec.sign_on not in ("federated", "token") or settings.federated is not None or settings.force:
            return []
        message = f"the station file has no [federated], by which sign_on = {spec.sign_on} signs on"
        return [entry.fault(("web", "sign_on"), message, warning=True)]
    known = [one.name for one in settings.provider]
    return [entry.fault(("web", "provider"), unknown("provider", spec.provider, known))]


def _permission_warnings(entry: Entry, spec: WebSpec, settings: Settings) -> list[Fault]:
    lacks = [one for one in spec.permissions if one not in settings.web.permissions]
    if not lacks:
        return []
    message = f"the policy gives no page {' or '.join(lacks)}: name it in [web] permissions of the station file too"
    return [entry.fault(("web", "permissions"), message, warning=True)]


def _own(spec: WebSpec) -> frozenset[str]:
    return frozenset({*spec.own_origins, origin_of(spec.url)})


def _step_faults(entry: Entry, spec: WebSpec) -> list[Fault]:
    form = spec.sign_on == "form"
    faults = fill_faults(
        entry,
        credential=form,
        otp=spec.otp and form,
        why_none=f"sign_on = {spec.sign_on} fills no name, password or code; use sign_on = form",
    )
    if form and not any(fill.names for _, fill in fills(entry)):
        faults.append(entry.fault(("web", "sign_on"), "sign_on = form needs a step that fills a field"))
    faults += [
        entry.fault(("step", index, "field"), "a fill on a page needs the selector of its field")
        for index, fill in fills(entry)
        if not fill.field
    ]
    faults += waited_press_faults(entry)
    for key, url in _places(entry):
        if (fault := address_fault(url)) is not None:
            faults.append(entry.fault(key, fault))
    return faults


def _places(entry: Entry) -> list[tuple[Key, str]]:
    found: list[tuple[Key, str]] = [
        (("marker", index, "url"), marker.url) for index, marker in enumerate(entry.markers) if marker.url
    ]
    for index, step in enumerate(entry.recipe.steps):
        if step.do == "wait" and step.url:
            found.append((("step", index, "url"), step.url))
        if step.do == "expect" and step.next is not None and step.next.url:
            found.append((("step", index, "next"), step.next.url))
    return found


def _host_faults(entry: Entry, spec: WebSpec, settings: Settings) -> list[Fault]:
    """Hold every address of the entry against the policy; the provider's own is allowed by the settings themselves."""
    provider = _provider(spec, settings)
    named = [("url", spec.url), *(("origins", origin) for origin in spec.origins)]
    named += [("visits", origin) for origin in spec.visits if origin not in provider]
    if spec.token_origin:
        named.append(("token_origin", spec.token_origin))
    return [
        entry.fault(("web", key), f"the policy does not let an entry name the host {hostname_of(address)!r}")
        for key, address in named
        if not host_matches(hostname_of(address), settings.web.hosts)
    ]
