import { describe, expect, test } from 'vitest';
import type { SignIn } from '../../src/adapters/endpoint/sign-in.ts';
import { freePort } from '../support/redis.ts';
import { selfSigned } from './support/certificates.ts';
import {
  type Answer,
  API,
  type Dashboard,
  json,
  page,
  redirect,
  startDashboard,
} from './support/dashboard.ts';
import { byForm, endpointAt, look } from './support/endpoint.ts';
import { listen } from './support/listeners.ts';
import { expectNoSecret, GRACE, type Told, told } from './support/reading.ts';

const configs = { a: '{"a": "Tr0ub4dor"}', b: '{"b": 1}' };

interface Limits {
  readonly signIn?: SignIn;
  readonly timeout?: number;
  readonly maxBytes?: number;
}

/** Reads two configs where reading must fail: both get the same fault, in time, and nothing secret is in it. */
async function faultAt(url: string, { signIn = byForm, ...limits }: Limits = {}): Promise<Told> {
  const start = performance.now();
  const sightings = await look(endpointAt(url, signIn, limits), ['a', 'b']);
  expect(performance.now() - start).toBeLessThan((limits.timeout ?? 5000) + GRACE);
  expectNoSecret(sightings);
  const [first, second] = sightings.map(({ observation }) => told(observation));
  expect(second).toEqual(first);
  if (first === undefined) throw new Error('no answer');
  return first;
}

/** The fault in words, with `ORIGIN` in place of where the dashboard is. */
async function worded(dashboard: Dashboard, limits: Limits = {}): Promise<string> {
  const { reason, said } = await faultAt(dashboard.origin, limits);
  return `${reason}: ${said.replaceAll(dashboard.origin, 'ORIGIN')}`;
}

describe('an API that answers', () => {
  test.each<[string, Answer, string]>([
    [
      'a page',
      page(200, '<title>Tr0ub4dor</title>'),
      'unreadable: ORIGIN answers with a page instead of JSON',
    ],
    [
      'half of its JSON',
      json(200, '{"results": [{"key": "a", "payload": {"a": "Tr0ub4dor"'),
      "unreadable: the answer of ORIGIN is not JSON of the kind that the application's verification gives",
    ],
    [
      'a payload that is no JSON',
      json(200, '{"results": [{"key": "a", "valid": true, "message": "ok", "payload": {Tr0ub4dor}}]}'),
      "unreadable: the answer of ORIGIN is not JSON of the kind that the application's verification gives",
    ],
    [
      'JSON of something else',
      json(200, '{"results": {"Tr0ub4dor": 1}}'),
      "unreadable: the answer of ORIGIN is not JSON of the kind that the application's verification gives",
    ],
    ['nothing', { status: 204 }, 'unreadable: ORIGIN answers with the status 204'],
    [
      '400 without names',
      page(400, 'The CSRF token is missing. Tr0ub4dor'),
      'unreadable: ORIGIN refuses the request (400)',
    ],
    [
      '400 although it knows the names',
      json(400, '{"success": false, "message": "Tr0ub4dor", "allowed_keys": ["a", "b"]}'),
      'unreadable: ORIGIN refuses the request (400)',
    ],
    ['401', json(401, '"Tr0ub4dor"'), 'unauthorized: ORIGIN refuses the user or the password'],
    ['403', page(403, 'Tr0ub4dor'), 'unauthorized: ORIGIN forbids to read the configs (403)'],
    ['404', page(404, 'Tr0ub4dor'), 'unreadable: ORIGIN verifies no configs at this path (404)'],
    ['405', page(405, 'Tr0ub4dor'), 'unreadable: ORIGIN verifies no configs at this path (405)'],
    [
      '500 with a message',
      json(500, '{"success": false, "message": "Tr0ub4dor"}'),
      'unreadable: the application at ORIGIN broke down over the request (500)',
    ],
    [
      '502 of a gateway',
      page(502, 'Tr0ub4dor'),
      "unreachable: the application behind ORIGIN doesn't answer (502)",
    ],
    ['504', page(504, 'Tr0ub4dor'), "unreachable: the application behind ORIGIN doesn't answer (504)"],
    [
      'the way to sign in',
      redirect('/login?next=%2FTr0ub4dor'),
      'unauthorized: ORIGIN refuses the user or the password',
    ],
    [
      'another path',
      { status: 308, headers: { Location: '/api/verify_config_store/?Tr0ub4dor' } },
      'unreadable: ORIGIN redirects the question for the configs to another path (308)',
    ],
    [
      'another origin',
      redirect('https://user:Tr0ub4dor@elsewhere.example/x?token=Tr0ub4dor'),
      'unreadable: ORIGIN redirects to another origin, https://elsewhere.example, and that is not followed',
    ],
    [
      'what is no origin at all',
      redirect('javascript:Tr0ub4dor'),
      'unreadable: ORIGIN redirects to another origin, null, and that is not followed',
    ],
    ['a redirect to nowhere', { status: 302 }, 'unreadable: ORIGIN answers with the status 302'],
  ])('%s is not believed', async (_fact, answer, said) => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('POST', API, () => answer);
    expect(await worded(dashboard)).toBe(said);
  });

  test('400 again, without the names that it said not to know, is not asked a third time', async () => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('POST', API, () => json(400, '{"allowed_keys": ["b"]}'));
    expect(await worded(dashboard)).toBe('unreadable: ORIGIN refuses the request (400)');
    expect(dashboard.questions).toHaveLength(2);
  });

  test.each([429, 503])('%i is asked again', async (status) => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('POST', API, () => ({ status, headers: { 'Retry-After': '0' } }), 1);
    dashboard.replace('POST', API, () => ({ status }), 1);
    const sightings = await look(endpointAt(dashboard.origin), ['a']);
    expect(sightings[0]?.observation.kind).toBe('present');
    expect(dashboard.questions).toHaveLength(3);
  });

  test.each([
    [429, 'unreachable: ORIGIN has been asked too often (429)'],
    [503, "unreachable: the application behind ORIGIN doesn't answer (503)"],
  ])('%i for ever is told when the time is over', async (status, said) => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('POST', API, () => ({ status }));
    expect(await worded(dashboard, { timeout: 1200 })).toBe(said);
    expect(dashboard.questions.length).toBeGreaterThan(1);
  });

  test('that it wants to be left alone for longer than there is time is told at once', async () => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('POST', API, () => ({ status: 429, headers: { 'Retry-After': '3600' } }));
    const start = performance.now();
    expect(await worded(dashboard)).toBe('unreachable: ORIGIN has been asked too often (429)');
    expect(performance.now() - start).toBeLessThan(2000);
  });

  test('more than there is room for is not read to its end', async () => {
    await using dashboard = await startDashboard({ configs });
    let sent = 0;
    dashboard.replace('POST', API, (_seen, response) => {
      const more = () => {
        while (!response.destroyed && response.write(' '.repeat(65_536))) sent += 65_536;
      };
      response.on('drain', more).on('error', () => undefined);
      more();
      return undefined;
    });
    const said = await worded(dashboard, { maxBytes: 1000 });
    expect(said).toBe('too-large: the answer of ORIGIN has more than the 67536 bytes that are read');
    expect(sent).toBeLessThan(64 * 1024 ** 2);
  });

  test('only by and by is left when the time is over', async () => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('POST', API, (_seen, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
      return undefined;
    });
    expect(await worded(dashboard, { timeout: 800 })).toBe(
      'unreachable: no whole answer of ORIGIN came within 800 ms',
    );
  });
});

describe('signing in fails, and says why, when', () => {
  test.each<[string, (dashboard: Dashboard) => void, string]>([
    [
      'the page to sign in at is elsewhere',
      (it) => it.replace('GET', '/login', () => redirect('https://sso.example/auth?client=Tr0ub4dor')),
      'unreadable: ORIGIN redirects to another origin, https://sso.example, and that is not followed',
    ],
    [
      'the form leads elsewhere',
      (it) => it.replace('POST', '/login', () => redirect('http://sso.example/?Tr0ub4dor')),
      'unreadable: ORIGIN redirects to another origin, http://sso.example, and that is not followed',
    ],
    [
      'there is no such page',
      (it) => it.replace('GET', '/login', () => page(404, '')),
      'unreadable: ORIGIN has no page to sign in at (404)',
    ],
    [
      'the page has no token',
      (it) => it.replace('GET', '/login', () => page(200, '<form>')),
      'unauthorized: ORIGIN refuses the user or the password',
    ],
    [
      'the form breaks the application',
      (it) => it.replace('POST', '/login', ({ body }) => page(500, body)),
      'unreadable: the application at ORIGIN broke down over the request (500)',
    ],
    [
      'the form is refused by status',
      (it) => it.replace('POST', '/login', ({ body }) => page(401, body)),
      'unauthorized: ORIGIN refuses the user or the password',
    ],
    [
      'pages redirect in a ring',
      (it) => it.replace('GET', '/', () => redirect('/')),
      'unreadable: ORIGIN redirects from page to page without an end',
    ],
    [
      'the dashboard is forbidden',
      (it) => it.replace('GET', '/', () => page(403, 'Tr0ub4dor')),
      'unauthorized: ORIGIN forbids to read the configs (403)',
    ],
    [
      'the dashboard names no token',
      (it) => it.replace('GET', '/', () => page(200, '<meta name=csrf-token>')),
      'unreadable: ORIGIN refuses the request (400)',
    ],
  ])('%s', async (_fact, spoil, said) => {
    await using dashboard = await startDashboard({ configs });
    spoil(dashboard);
    expect(await worded(dashboard)).toBe(said);
  });

  test('the page to sign in at is elsewhere, but nothing was given to sign in with', async () => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('GET', '/login?next=%2F', () => redirect('https://sso.example'));
    expect(await worded(dashboard, { signIn: { kind: 'none' } })).toBe(
      'unauthorized: ORIGIN wants somebody to sign in, and no way to was given',
    );
    expect(dashboard.requests).toHaveLength(1);
  });

  test('nobody answers at all', async () => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('GET', '/login', () => undefined);
    expect(await worded(dashboard, { timeout: 400 })).toBe(
      'unreachable: no whole answer of ORIGIN came within 400 ms',
    );
  });

  test('a page never ends', async () => {
    await using dashboard = await startDashboard({ configs });
    dashboard.replace('GET', '/', (_seen, response) => {
      const more = () => {
        while (!response.destroyed && response.write('<'.repeat(65_536)));
      };
      response.on('drain', more).on('error', () => undefined);
      more();
      return undefined;
    });
    expect(await worded(dashboard)).toBe('unreadable: ORIGIN refuses the request (400)');
  });
});

describe('a connection', () => {
  test('that is refused', async () => {
    const port = await freePort();
    const { reason, said } = await faultAt(`http://127.0.0.1:${port}`);
    expect([reason, said]).toEqual([
      'unreachable',
      `nothing listens at http://127.0.0.1:${port} (ECONNREFUSED)`,
    ]);
  });

  test('to a port that no client of HTTP connects to', async () => {
    const { reason, said } = await faultAt('http://127.0.0.1:6000');
    expect([reason, said]).toEqual([
      'unreachable',
      'the port of http://127.0.0.1:6000 is one that HTTP clients refuse to connect to',
    ]);
  });

  test('to a name that does not resolve', async () => {
    const { said } = await faultAt('https://dashboard.invalid');
    expect(said).toMatch(
      /^the host name in https:\/\/dashboard\.invalid does not resolve \((ENOTFOUND|EAI_AGAIN)\)$/,
    );
  });

  test('that is closed before the answer', async () => {
    await using listener = await listen((socket) => socket.once('data', () => socket.destroy()));
    const { reason, said } = await faultAt(`http://127.0.0.1:${listener.port}`);
    expect([reason, said]).toEqual([
      'unreachable',
      `the connection to http://127.0.0.1:${listener.port} broke down (UND_ERR_SOCKET)`,
    ]);
  });

  test('to something that does not speak HTTP', async () => {
    await using listener = await listen((socket) =>
      socket.once('data', () => socket.write('-ERR Tr0ub4dor\r\n')),
    );
    const { said } = await faultAt(`http://127.0.0.1:${listener.port}`);
    expect(said).toBe(`what answers at http://127.0.0.1:${listener.port} doesn't speak HTTP`);
  });

  test('with a certificate that nobody knows', async () => {
    using certificate = selfSigned();
    await using dashboard = await startDashboard({ configs, tls: certificate });
    expect(await worded(dashboard)).toBe(
      "unreachable: the certificate of ORIGIN is signed by an authority that this machine doesn't know (DEPTH_ZERO_SELF_SIGNED_CERT)",
    );
    expect(dashboard.requests).toEqual([]);
  });

  test('by TLS to a port without', async () => {
    await using dashboard = await startDashboard({ configs });
    const { said } = await faultAt(`https://127.0.0.1:${dashboard.port}`);
    expect(said).toBe(`TLS with https://127.0.0.1:${dashboard.port} failed (ERR_SSL_WRONG_VERSION_NUMBER)`);
  });
});
