// An OpenID provider for the tests, on the certified npm package `oidc-provider`.
//
//   node oidc-server.mjs CONFIG.json
//
// CONFIG: { port, address, host, path, key, certificate, control, people, clients, resources, settings }; see oidc.py,
// which writes it. Pages are served over https; what the tests ask and change goes over the Unix socket `control`,
// which no browser can reach.
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { Provider, errors, interactionPolicy } from 'oidc-provider';

const MAX_FAILURES = 5;
const CODE_STEP_S = 30;
const OWN_SCOPES = ['openid', 'profile', 'email', 'offline_access'];

const config = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const settings = config.settings;
const issuer = `https://${config.host}:${config.port}${config.path}`;
const bySubject = new Map(config.people.map((person) => [person.sub, person]));
const attempts = new Map(); // login name -> { right, wrong, failedInARow }
const sessions = new Map(); // session uid -> subject

const { privateKey, publicKey } = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
const signingKey = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'station-1' };

const fullScopes = (resource) => config.resources[resource].map((name) => `${resource}/${name}`).join(' ');
const resourcesOf = (scope = '') => Object.keys(config.resources).filter((resource) => scope.split(' ').some((one) => one.startsWith(`${resource}/`)));

// The tests' clients belong to the house: what they ask for is granted, so nobody is asked to consent.
const policy = interactionPolicy.base();
policy.remove('consent');

const provider = new Provider(issuer, {
  clients: config.clients,
  jwks: { keys: [signingKey] },
  cookies: { keys: [crypto.randomBytes(32).toString('base64url')] },
  scopes: OWN_SCOPES,
  claims: { openid: ['sub'], profile: ['name', 'preferred_username', 'given_name', 'family_name', 'groups', 'number'], email: ['email'] },
  conformIdTokenClaims: false, // the profile claims are in the ID token itself, as Entra has them
  pkce: { required: () => true },
  findAccount: (_, sub) => {
    const person = bySubject.get(sub);
    return person && { accountId: sub, claims: () => ({ sub, ...person.claims }) };
  },
  ttl: {
    AccessToken: () => settings.access_token_ttl_s,
    IdToken: () => settings.id_token_ttl_s,
    AuthorizationCode: 60, Grant: 86400, Interaction: 600, RefreshToken: 86400, Session: 86400,
  },
  // MSAL asks for offline_access without prompt=consent and expects a refresh token all the same, as Entra gives one.
  issueRefreshToken: (_, client) => client.grantTypeAllowed('refresh_token'),
  expiresWithSession: () => false,
  rotateRefreshToken: true,
  features: {
    devInteractions: { enabled: false },
    introspection: { enabled: true },
    deviceFlow: {
      enabled: true,
      userCodeInputSource: (ctx, form) => { ctx.body = page('Code', `<main id="code">${form}<button form="op.deviceInputForm" type="submit">Go on</button></main>`); },
      userCodeConfirmSource: (ctx, form) => { ctx.body = page('Code', `<main id="confirm">${form}<button form="op.deviceConfirmForm" type="submit">Yes</button></main>`); },
      successSource: (ctx) => { ctx.body = page('Done', '<main id="done">You are signed in.</main>'); },
    },
    revocation: { enabled: true },
    rpInitiatedLogout: { enabled: true, logoutSource: askToLogOut, postLogoutSuccessSource: (ctx) => { ctx.body = page('Signed out', '<main id="signed-out">You are signed out.</main>'); } },
    resourceIndicators: {
      enabled: true,
      // MSAL sends no `resource` (RFC 8707): it is the part of the scope before the last slash, as at Entra.
      defaultResource: (ctx, _, oneOf) => {
        const asked = resourcesOf(ctx.oidc.body?.scope || ctx.oidc.params?.scope);
        if (oneOf) return asked.find((resource) => oneOf.includes(resource)) || oneOf[0];
        return asked.length ? asked : undefined;
      },
      useGrantedResource: () => true,
      getResourceServerInfo: (_, resource) => {
        if (!config.resources[resource]) throw new errors.InvalidTarget();
        return { scope: fullScopes(resource), audience: resource, accessTokenFormat: 'jwt', accessTokenTTL: settings.access_token_ttl_s, jwt: { sign: { alg: 'RS256' } } };
      },
    },
  },
  loadExistingGrant: async ({ oidc }) => {
    const id = oidc.session.grantIdFor(oidc.client.clientId);
    const grant = (id && await provider.Grant.find(id)) || new provider.Grant({ clientId: oidc.client.clientId, accountId: oidc.session.accountId });
    grant.addOIDCScope(OWN_SCOPES.join(' '));
    for (const resource of Object.keys(config.resources)) grant.addResourceScope(resource, fullScopes(resource));
    await grant.save();
    return grant;
  },
  interactions: { policy, url: (_, interaction) => `${config.path}/login/${interaction.uid}` },
  renderError: (ctx, out) => { ctx.type = 'html'; ctx.body = page('Refused', `<main id="refused"><h1>${escape(out.error)}</h1><p>${escape(out.error_description)}</p></main>`); },
});

for (const event of ['server_error', 'authorization.error', 'grant.error', 'end_session.error']) {
  provider.on(event, (_, error) => console.error(event, error?.message, error?.error_description || '', event === 'server_error' ? error.stack : ''));
}
provider.on('session.saved', (session) => { if (session.accountId) sessions.set(session.uid, session.accountId); });
provider.on('session.destroyed', (session) => sessions.delete(session.uid));

// One refresh token serves every resource of the grant, as Entra's do; oidc-provider's are bound to the first one.
const findRefreshToken = provider.RefreshToken.find.bind(provider.RefreshToken);
provider.RefreshToken.find = async (...args) => {
  const token = await findRefreshToken(...args);
  if (token) {
    const every = Object.keys(config.resources);
    token.resource = every;
    token.scope = [...new Set([...token.scope.split(' '), ...OWN_SCOPES, ...every.flatMap((resource) => fullScopes(resource).split(' '))])].join(' ');
  }
  return token;
};

provider.use(async (ctx, next) => {
  await next();
  if (ctx.oidc?.route === 'token' && settings.id_token_fault && ctx.body?.id_token) {
    ctx.body.id_token = spoilt(ctx.body.id_token, settings.id_token_fault);
  }
});

/** The ID token again with the claims of `fault.claims`, the header fields of `fault.header`, and signed as `fault.signature` says. */
function spoilt(token, fault) {
  const [header, payload] = token.split('.').slice(0, 2).map((part) => JSON.parse(Buffer.from(part, 'base64url')));
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { ...payload, ...fault.claims };
  const sign = (algorithm, make) => { const text = `${encode({ ...header, alg: algorithm, ...fault.header })}.${encode(claims)}`; return `${text}.${make(text)}`; };
  switch (fault.signature) {
    case 'none': return sign('none', () => '');
    // The classic confusion: the public key, which everybody has, taken as an HMAC secret.
    case 'hmac': return sign('HS256', (text) => crypto.createHmac('sha256', publicKey.export({ type: 'spki', format: 'pem' })).update(text).digest('base64url'));
    case 'other key': return sign('RS256', (text) => crypto.sign('sha256', Buffer.from(text), crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey).toString('base64url'));
    default: return sign('RS256', (text) => crypto.sign('sha256', Buffer.from(text), privateKey).toString('base64url'));
  }
}

function escape(text) {
  return String(text ?? '').replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function page(title, body) {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escape(title)}</title>${body}</html>`;
}

function loginPage(uid, { name = '', failure = '' } = {}) {
  return page('Station sign-in', `<main><h1>Station sign-in</h1>
${failure && `<p id="failure" role="alert">${escape(failure)}</p>`}
<form id="login" method="post" action="${config.path}/login/${uid}">
<label>User <input id="username" name="username" value="${escape(name)}" autocomplete="username" autofocus></label>
<label>Password <input id="password" name="password" type="password" autocomplete="current-password"></label>
${settings.second_factor ? '<label>Code <input id="code" name="code" inputmode="numeric" autocomplete="one-time-code"></label>' : ''}
<button id="submit" type="submit">Sign in</button></form></main>`);
}

function askToLogOut(ctx, form) {
  // Who brings an ID token is taken at their word, as most providers do; anybody else is asked.
  const known = settings.takes_hints && Boolean(ctx.oidc.entities.IdTokenHint);
  ctx.body = page('Sign out', `<main id="sign-out"><h1>Sign out?</h1>${form}<button id="sign-out-yes" form="op.logoutForm" name="logout" value="yes">Sign out</button></main>
${known ? '<script>document.getElementById("sign-out-yes").click()</script>' : ''}`);
}

function rightCode(person, code) {
  const now = Math.floor(Date.now() / 1000 / CODE_STEP_S);
  return [now - 1, now, now + 1].some((step) => oneTimeCode(person.totp_seed, step) === code);
}

/** RFC 6238 with its defaults: SHA-1, six digits. */
function oneTimeCode(seed, step) {
  const bits = [...seed].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const digest = crypto.createHmac('sha1', key).update(counter).digest();
  const offset = digest[19] & 15;
  return String((digest.readUInt32BE(offset) & 0x7fffffff) % 1e6).padStart(6, '0');
}

/** Check one submitted form and count it; `failure` is what the person is told. */
function check(name, password, code) {
  const person = config.people.find((one) => one.login_names.includes(name.toLowerCase()));
  const record = attempts.get(person?.uid ?? name) ?? { right: 0, wrong: 0, failedInARow: 0 };
  attempts.set(person?.uid ?? name, record);
  const locked = record.failedInARow >= MAX_FAILURES;
  const right = person && !locked && person.password === password && (!settings.second_factor || rightCode(person, code));
  record[right ? 'right' : 'wrong'] += 1;
  record.failedInARow = right ? 0 : record.failedInARow + 1;
  if (right) return { person };
  if (locked) return { failure: 'This account is locked.' };
  return { failure: settings.second_factor ? 'The user, password or code is wrong.' : 'The user or password is wrong.' };
}

async function body(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}

async function login(request, response, uid) {
  // Throws where the browser does not hold the interaction's cookie: a form posted from elsewhere gets nothing.
  await provider.interactionDetails(request, response);
  const html = (status, text) => { response.writeHead(status, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' }); response.end(text); };
  if (request.method !== 'POST') return html(200, loginPage(uid));
  const form = new URLSearchParams(await body(request));
  const name = (form.get('username') ?? '').trim();
  const { person, failure } = check(name, form.get('password') ?? '', form.get('code') ?? '');
  if (!person) return html(401, loginPage(uid, { name, failure }));
  const amr = settings.second_factor ? ['pwd', 'otp', 'mfa'] : ['pwd'];
  return provider.interactionFinished(request, response, { login: { accountId: person.sub, amr } }, { mergeWithLastSubmission: false });
}

const answer = provider.callback();
https.createServer({ key: fs.readFileSync(config.key), cert: fs.readFileSync(config.certificate) }, async (request, response) => {
  try {
    const path = new URL(request.url, issuer).pathname;
    const interaction = path.match(new RegExp(`^${config.path}/login/([\\w-]+)$`));
    if (interaction) return await login(request, response, interaction[1]);
    if (!path.startsWith(`${config.path}/`)) { response.writeHead(404); return response.end(); }
    // oidc-provider builds its links from what it was mounted under: the difference of these two.
    request.originalUrl = request.url;
    request.url = request.url.slice(config.path.length);
    return answer(request, response);
  } catch (error) {
    console.error(request.method, request.url, error?.message);
    response.writeHead(error instanceof errors.SessionNotFound ? 400 : 500, { 'content-type': 'text/html; charset=utf-8' });
    return response.end(page('Refused', `<main id="refused">${escape(error?.message)}</main>`));
  }
}).listen(config.port, config.address, () => {
  http.createServer(control).listen(config.control, () => console.log('ready', issuer));
});

async function endSessions(sub) {
  for (const [uid, owner] of sessions) {
    if (owner !== sub) continue;
    sessions.delete(uid);
    await (await provider.Session.findByUid(uid))?.destroy();
  }
}

async function revokeTokens(sub) {
  for (const grant of grants.get(sub) ?? []) {
    for (const kind of ['AccessToken', 'RefreshToken', 'AuthorizationCode']) await provider[kind].revokeByGrantId(grant);
    await (await provider.Grant.find(grant))?.destroy();
  }
  grants.delete(sub);
}

const grants = new Map(); // subject -> set of grant ids
provider.on('grant.saved', (grant) => grants.set(grant.accountId, (grants.get(grant.accountId) ?? new Set()).add(grant.jti)));

/** What the tests ask: each request is `POST /<question>` with a JSON body and gets JSON back. */
async function control(request, response) {
  try {
    const asked = JSON.parse(await body(request) || '{}');
    let reply = {};
    switch (request.url) {
      case '/attempts': reply = attempts.get(asked.name) ?? { right: 0, wrong: 0 }; break;
      case '/forget-attempts': attempts.clear(); break;
      case '/settings': Object.assign(settings, asked); break;
      case '/client': await provider.Client.adapter.upsert(asked.client_id, asked); await provider.Client.find(asked.client_id); break;
      case '/sessions': reply = { count: [...sessions.values()].filter((sub) => sub === asked.sub).length }; break;
      case '/end-sessions': await endSessions(asked.sub); break;
      case '/revoke-tokens': await revokeTokens(asked.sub); break;
      default: throw new Error(`unknown question ${request.url}`);
    }
    response.end(JSON.stringify(reply));
  } catch (error) {
    response.writeHead(500);
    response.end(JSON.stringify({ error: error.error_description || error.message }));
  }
}
