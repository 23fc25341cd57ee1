"""The SAML provider: Debian's SimpleSAMLphp in Apache, with accounts of its own and every logon counted.

Its own page signs a browser on (:attr:`SimpleSaml.logon_url`); a system that sends somebody there before is signed on
by the same form, and afterwards without it. A system that ``asks`` has one more page before it, for a consent.

``behind`` another provider it has no accounts: Apache sends everybody to that one first (mod_auth_openidc), as a force
does whose SAML systems are older than its account.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.servers.apache import Apache, modules_missing
from tests.servers.apache_gssapi import Realm, entered
from tests.servers.attempts import Attempts, counted
from tests.servers.certificates import Certificates, ServerCertificate
from tests.servers.oidc import OidcProvider, RelyingParty
from tests.servers.people import PASSWORD, PEOPLE, Person
from tests.servers.process import files_missing
from tests.servers.saml_keys import SigningPair, signing_pair
from tests.servers.server import running

USERNAME, PASSWORD_FIELD, SUBMIT = "input#username", "input#password", "button#submit_button"
FAILURE = "img.erroricon"
READY = "#table_with_attributes"
"""On its own page, for who is signed on there only."""
SIGNED_OFF = "You have been logged out"
CONSENT = "#yesbutton"

_INSTALLED = Path("/usr/share/simplesamlphp")
_PHP = Path("/usr/lib/apache2/modules/libphp8.2.so")
_PACKAGES = "apache2 libapache2-mod-php simplesamlphp"
_REDIRECT = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
_POST = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"

_CONFIG = """<?php
$config = [
    'baseurlpath' => '{origin}/simplesaml/',
    'certdir' => '{folder}/', 'datadir' => '{folder}/', 'metadatadir' => '{folder}/metadata/',
    'loggingdir' => '{written}/', 'tempdir' => '{written}',
    'secretsalt' => 'only-for-tests', 'auth.adminpassword' => 'only-for-tests',
    'technicalcontact_name' => 'Tests', 'technicalcontact_email' => 'tests@station.test',
    'timezone' => 'UTC', 'logging.level' => SimpleSAML\\Logger::INFO, 'logging.handler' => 'file',
    'showerrors' => true, 'errorreporting' => false,
    'enable.saml20-idp' => true,
    'module.enable' => ['core' => true, 'saml' => true, 'exampleauth' => true, 'consent' => true],
    'store.type' => 'phpsession', 'session.duration' => 28800,
    'session.phpsession.cookiename' => 'SamlProvider', 'session.phpsession.savepath' => '{written}',
    'session.authtoken.cookiename' => 'SamlProviderToken',
    // Else a browser would not bring them with a request that another site posts here.
    'session.cookie.secure' => true, 'session.cookie.samesite' => 'None',
    'language.default' => 'en', 'language.available' => ['en'], 'theme.use' => 'default',
];
"""

_PREPENDED = """<?php
if (isset($_POST['username'], $_POST['password'])) {{
    // Before the answer goes out, so that who has the answer can count it.
    $known = in_array($_POST['username'], {names}, true) && $_POST['password'] === '{password}';
    $line = ($known ? 'right ' : 'wrong ') . $_POST['username'] . "\\n";
    file_put_contents('{attempts}', $line, FILE_APPEND | LOCK_EX);
}}
"""


_REMOTE_USER = """<?php
// An authentication that the web server has done, as SimpleSAMLphp's handbook shows how to take it.
class StationRemoteUser extends SimpleSAML\\Auth\\Source
{
    public function authenticate(&$state)
    {
        $state['Attributes'] = ['uid' => [explode('@', $_SERVER['REMOTE_USER'])[0]]];
    }
}
"""
_LED_ON = """<?php
spl_autoload_register(function ($name) {{
    if ($name === 'StationRemoteUser') {{
        require '{folder}/remote-user.php';
    }}
}});
"""
_CLIENT_SECRET = "saml-secret-of-the-tests"


@dataclass(frozen=True, slots=True)
class SamlParty:
    """A system as the provider knows it; ``asks``: whoever goes there is asked for a consent first."""

    entity: str
    answer_at: str
    log_off_at: str
    pair: SigningPair
    asks: bool = False


def missing() -> str | None:
    """What is not installed, if anything."""
    return modules_missing(_PACKAGES, "mpm_prefork", "env", "alias") or files_missing(
        _PACKAGES, str(_PHP), str(_INSTALLED / "www" / "module.php")
    )


class SimpleSaml(Apache):
    """The provider at ``https://idp.localhost:<port>/simplesaml/``."""

    def __init__(
        self,
        folder: Path,
        certificate: ServerCertificate,
        *,
        host: str = "idp.localhost",
        people: Sequence[Person] = PEOPLE,
        behind: OidcProvider | None = None,
        ca: Path | None = None,
        realm: Realm | None = None,
    ) -> None:
        super().__init__(folder, host, certificate, env=entered(folder, realm, host) if realm is not None else None)
        base = f"{self.origin}/simplesaml"
        self.entity = f"{base}/saml2/idp/metadata.php"
        self.logon_url = f"{base}/module.php/core/authenticate.php?as=officers"
        self.log_off_url = f"{self.logon_url}&logout"
        self._answers_at = f"{base}/saml2/idp/SSOService.php"
        self._logs_off_at = f"{base}/saml2/idp/SingleLogoutService.php"
        self._pair = signing_pair(folder, "provider")
        self._parties: list[SamlParty] = []
        self._attempts_file = folder / "written" / "attempts"
        (folder / "metadata").mkdir(mode=0o755)
        written = folder / "written"
        written.mkdir()
        written.chmod(0o777)  # by the account that serves the pages
        self._write("config.php", _CONFIG.format(origin=self.origin, folder=folder, written=written))
        guards, guarding = None, []
        if behind is not None:
            guards, guarding = self._guarded(behind, ca), ["auth_openidc"]
        elif realm is not None:
            guards, guarding = self._by_ticket(), ["auth_gssapi", "session", "session_cookie", "log_debug"]
        accounts = "".join(
            f"'{one.uid}:{PASSWORD}' => ['uid' => '{one.uid}', 'mail' => '{one.mail}'], " for one in people
        )
        source = f"'exampleauth:UserPass', {accounts}" if guards is None else "'StationRemoteUser'"
        sources = f"<?php $config = ['officers' => [{source}]];"
        self._write("authsources.php", sources)
        self._write(
            "metadata/saml20-idp-hosted.php",
            f"""<?php $metadata['{self.entity}'] = [
    'host' => '__DEFAULT__', 'auth' => 'officers', 'privatekey' => '{self._pair.key.name}',
    'certificate' => '{self._pair.certificate.name}', 'userid.attribute' => 'uid',
];""",
        )
        names = "[" + ", ".join(f"'{one.uid}'" for one in people) + "]"
        prepended = _PREPENDED.format(names=names, password=PASSWORD, attempts=self._attempts_file)
        self._write("counts.php", prepended if guards is None else _LED_ON.format(folder=folder))
        self._write("remote-user.php", _REMOTE_USER)
        self._write_parties()
        self.configure(
            f"""\
LoadModule php_module {_PHP}
SetEnv SIMPLESAMLPHP_CONFIG_DIR {folder}
php_admin_value auto_prepend_file {folder}/counts.php
php_admin_value opcache.revalidate_freq 0
AddHandler application/x-httpd-php .php
Alias /simplesaml {_INSTALLED}/www
<Directory {_INSTALLED}/www>
  Require all granted
</Directory>
{guards or ""}
""",
            modules=["env", "alias", *guarding],
            threads=False,
        )

    def _guarded(self, provider: OidcProvider, ca: Path | None) -> str:
        callback = f"{self.origin}/simplesaml/callback"
        self.client = RelyingParty("saml-provider", _CLIENT_SECRET, (callback,), ())
        return f"""\
OIDCProviderMetadataURL {provider.discovery_url}
OIDCClientID {self.client.client_id}
OIDCClientSecret {_CLIENT_SECRET}
OIDCRedirectURI {callback}
OIDCCryptoPassphrase only-for-tests
OIDCScope "openid profile email"
OIDCRemoteUserClaim preferred_username
OIDCPKCEMethod S256
OIDCPreservePost On
OIDCCABundlePath {ca}
OIDCSSLValidateServer On
<Location /simplesaml/>
  AuthType openid-connect
  Require valid-user
</Location>"""

    def _by_ticket(self) -> str:
        return f"""\
LogLevel warn log_debug:info
<Location /simplesaml/>
  AuthType GSSAPI
  AuthName "Officers"
  GssapiCredStore keytab:{self.folder}/keytab
  GssapiAllowedMech krb5
  GssapiUseSessions On
  Session On
  SessionCookieName SamlGate path=/;httponly;secure;samesite=none
  LogMessage "shown a ticket" hook=check_access "expr=-n %{{HTTP:Authorization}} && %{{IS_SUBREQ}} == 'false'"
  Require valid-user
</Location>"""

    def register(self, party: SamlParty) -> None:
        """Let a system's users be signed on here."""
        self._parties.append(party)
        self._write_parties()

    def metadata(self, *, posts: bool = False) -> str:
        """What a system is given to know this provider by; ``posts``: it is to be asked by POST alone."""
        binding = _POST if posts else _REDIRECT
        return f"""<?xml version="1.0"?>
<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="{self.entity}">
  <IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">
    <KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">
      <X509Data><X509Certificate>{self._pair.certificate_text}</X509Certificate></X509Data>
    </KeyInfo></KeyDescriptor>
    <SingleLogoutService Binding="{_REDIRECT}" Location="{self._logs_off_at}"/>
    <SingleSignOnService Binding="{binding}" Location="{self._answers_at}"/>
  </IDPSSODescriptor>
</EntityDescriptor>
"""

    def attempts(self, uid: str) -> Attempts:
        """How often the logon form was submitted with this name."""
        return counted(self._attempts_file, uid)

    def forget_everybody(self) -> None:
        """Forget every session, as time would; the next page is the logon form again."""
        for session in (self.folder / "written").glob("sess_*"):
            session.unlink()

    def log_text(self) -> str:
        said = self.folder / "written" / "simplesamlphp.log"
        return super().log_text() + (said.read_text(errors="replace") if said.exists() else "")

    def _write_parties(self) -> None:
        text = "<?php\n"
        for party in self._parties:
            asks = "'authproc' => [50 => ['class' => 'consent:Consent']]," if party.asks else ""
            text += f"""$metadata['{party.entity}'] = [
    'AssertionConsumerService' => '{party.answer_at}', 'SingleLogoutService' => '{party.log_off_at}',
    'certData' => '{party.pair.certificate_text}', 'validate.authnrequest' => true, {asks}
];
"""
        self._write("metadata/saml20-sp-remote.php", text)

    def _write(self, name: str, text: str) -> None:
        file = self.folder / name
        file.write_text(text)
        file.chmod(0o644)


@contextlib.contextmanager
def running_simplesaml(
    certificates: Certificates,
    *,
    host: str = "idp.localhost",
    behind: OidcProvider | None = None,
    realm: Realm | None = None,
) -> Iterator[SimpleSaml]:
    """The started provider, known to the one that it is behind; ended and deleted afterwards."""
    with running(
        "simplesaml",
        lambda folder: SimpleSaml(
            folder, certificates.server, host=host, behind=behind, ca=certificates.ca, realm=realm
        ),
    ) as provider:
        if behind is not None:
            behind.register(provider.client)
        yield provider
