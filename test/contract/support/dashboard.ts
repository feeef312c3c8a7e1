import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { text as textOf } from 'node:stream/consumers';

export interface DashboardOptions {
  /** JSON text by name of the config, as the application reads it: `{}` where its Redis is down or the key missing. */
  readonly configs?: Readonly<Record<string, string>>;
  readonly tls?: ServerOptions;
}

/** A request as it came. */
export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
}

/** Answers in place of the application: by what it returns, or by itself when that is nothing. */
export type Stand = (seen: Seen, response: ServerResponse) => Answer | undefined;

/** A dashboard of this test's own, gone when the test is. */
export interface Dashboard extends AsyncDisposable {
  readonly origin: string;
  readonly port: number;
  /** Every request in the order they came. */
  readonly requests: readonly Seen[];
  /** The questions for configs among them, read. */
  readonly questions: readonly unknown[];
  /** A magic link's token, good for one visit, or for ever. */
  magicToken(kind?: 'single-use' | 'permanent'): string;
  /** The cookie of somebody who is signed in. */
  sessionCookie(): string;
  /** Lets somebody else answer a path, so many times. */
  replace(method: 'GET' | 'POST', path: string, stand: Stand, times?: number): void;
}

export const USERNAME = 'guardian';
/** With characters that a form, a header or a page would take for something else. */
export const PASSWORD = 'Tr0ub4dor&<3>="%2B+ é';
export const API = '/api/verify_config_store';

/** A session, by its cookie. */
interface Session {
  readonly csrfToken: string;
  isSignedIn: boolean;
}

/** Starts a server that signs in and verifies as the dashboard of the guarded application does. */
export async function startDashboard({ configs = {}, tls }: DashboardOptions = {}): Promise<Dashboard> {
  const application = new Application(configs);
  const sockets = new Set<Socket>();
  const serve: RequestListener = (request, response) => void application.serve(request, response);
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    port,
    origin: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    requests: application.requests,
    get questions() {
      return application.requests.filter(({ path }) => path === API).map(({ body }) => JSON.parse(body));
    },
    magicToken: (kind = 'single-use') => application.magicToken(kind),
    sessionCookie: () => application.sessionCookie(),
    replace: (method, path, stand, times = Number.POSITIVE_INFINITY) =>
      application.stands.push({ method, path, stand, times }),
    async [Symbol.asyncDispose]() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

class Application {
  readonly requests: Seen[] = [];
  readonly stands: {
    readonly method: string;
    readonly path: string;
    readonly stand: Stand;
    times: number;
  }[] = [];
  readonly #configs: Readonly<Record<string, string>>;
  readonly #sessions = new Map<string, Session>();
  readonly #tokens = new Map<string, 'single-use' | 'permanent'>();

  constructor(configs: Readonly<Record<string, string>>) {
    this.#configs = configs;
  }

  magicToken(kind: 'single-use' | 'permanent'): string {
    const token = `magic-Tr0ub4dor-${randomBytes(8).toString('hex')}`;
    this.#tokens.set(token, kind);
    return token;
  }

  sessionCookie(): string {
    return `session=${this.#open(true)}`;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = '', url = '', headers } = request;
    const seen = { method, path: url, headers, body: await textOf(request) };
    this.requests.push(seen);
    const stand = this.stands.find((each) => each.method === method && each.path === url && each.times > 0);
    if (stand !== undefined) stand.times -= 1;
    const answer = stand === undefined ? this.#answer(seen) : stand.stand(seen, response);
    if (answer === undefined) return;
    for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
    response.writeHead(answer.status).end(answer.body);
  }

  #answer(seen: Seen): Answer {
    const [path = ''] = seen.path.split('?');
    const magic = /^\/login\/magic\/([^/]+)$/.exec(path)?.[1];
    switch (`${seen.method} ${magic === undefined ? path : '/login/magic'}`) {
      case 'GET /login':
        return this.#showLogin(seen);
      case 'POST /login':
        return this.#login(seen);
      case 'GET /login/magic':
        return this.#magic(magic ?? '');
      case 'GET /':
        return this.#dashboard(seen);
      case `POST ${API}`:
        return this.#verify(seen);
      default:
        return page(404, '<h1>Not Found</h1>');
    }
  }

  #open(isSignedIn: boolean): string {
    const id = `Tr0ub4dor.${randomBytes(8).toString('hex')}`;
    // Characters that a page has to escape.
    this.#sessions.set(id, { csrfToken: `"Tr0ub4dor&${randomBytes(8).toString('hex')}'<`, isSignedIn });
    return id;
  }

  #sessionOf({ headers }: Seen): Session | undefined {
    const id = /(?:^|; )session=([^;]*)/.exec(headers.cookie ?? '')?.[1];
    return id === undefined ? undefined : this.#sessions.get(id);
  }

  #showLogin(seen: Seen): Answer {
    const known = this.#sessionOf(seen);
    const id = known === undefined ? this.#open(false) : undefined;
    const value = escaped((known ?? this.#sessions.get(id ?? ''))?.csrfToken ?? '');
    const answer = page(
      200,
      `<!-- <input name="csrf_token" value="commented out"> --><script>'<input name="csrf_token" value="scripted">'</script>
      <form method="post"><INPUT value='${value}'
        type=hidden id=csrf_token Name = "csrf_token"><input name="username"><input name=password type=password></form>`,
    );
    return id === undefined ? answer : { ...answer, headers: { ...answer.headers, ...cookieOf(id) } };
  }

  #login(seen: Seen): Answer {
    const session = this.#sessionOf(seen);
    const form = new URLSearchParams(seen.body);
    if (session === undefined || form.get('csrf_token') !== session.csrfToken) {
      return page(400, '<p>The CSRF token is missing or invalid.</p>');
    }
    if (form.get('username') !== USERNAME || form.get('password') !== PASSWORD) {
      return page(200, `<p>Wrong password: ${escaped(form.get('password') ?? '')}</p>`);
    }
    return redirect('/', cookieOf(this.#open(true)));
  }

  #magic(token: string): Answer {
    const kind = this.#tokens.get(token);
    if (kind === undefined) return redirect('/login');
    if (kind === 'single-use') this.#tokens.delete(token);
    return redirect('/', cookieOf(this.#open(true)));
  }

  #dashboard(seen: Seen): Answer {
    const session = this.#sessionOf(seen);
    if (session?.isSignedIn !== true) return redirect('/login?next=%2F');
    return page(
      200,
      `<meta charset=utf-8><meta content="${escaped(session.csrfToken)}" name="csrf-token" />`,
    );
  }

  #verify(seen: Seen): Answer {
    const session = this.#sessionOf(seen);
    if (session?.isSignedIn !== true) return redirect('/login?next=%2Fapi%2Fverify_config_store');
    if (seen.headers['x-csrftoken'] !== session.csrfToken)
      return page(400, '<p>The CSRF token is missing.</p>');
    const { keys, raw } = JSON.parse(seen.body);
    const allowed = Object.keys(this.#configs);
    if (!Array.isArray(keys) || keys.some((key) => !allowed.includes(key))) {
      return json(400, JSON.stringify({ success: false, message: 'unknown keys', allowed_keys: allowed }));
    }
    const results = keys.map((key) => resultOf(key, this.#configs[key] ?? '{}', raw === true));
    const isValid = results.every(({ valid }) => valid);
    return json(isValid ? 200 : 502, answerOf(keys, results));
  }
}

export interface Verified {
  readonly key: string;
  readonly valid: boolean;
  readonly message: string;
  /** JSON text. */
  readonly payload: string;
}

/** What the application's own validator says; its rules are looser than a schema's. */
function resultOf(key: string, payload: string, raw: boolean): Verified {
  const value = JSON.parse(payload.replaceAll('NaN', 'null'));
  const shown = raw ? payload : 'null';
  const verdict = (valid: boolean, message: string) => ({ key, valid, message, payload: shown });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return verdict(false, 'payload is not a dict');
  }
  if (Object.keys(value).length === 0) {
    return key === 'routing_rules' ? verdict(true, 'empty (allowed)') : verdict(false, 'payload is empty');
  }
  return verdict(
    true,
    '_updated_at' in value ? 'ok' : 'missing _updated_at (tolerated, injected on next save)',
  );
}

/** As Python writes it. */
export function answerOf(keys: readonly string[], results: readonly Verified[]): string {
  const isValid = results.every(({ valid }) => valid);
  const items = results.map(({ key, valid, message, payload }) => {
    const words = JSON.stringify({
      key,
      valid,
      status: valid ? 'OK' : 'INVALID',
      message,
      summary: `keys=1; "payload": {`,
      payload_present: payload !== '{}',
    });
    return `${words.slice(0, -1)}, "payload": ${payload}}`;
  });
  const head = JSON.stringify({ success: isValid, exit_code: isValid ? 0 : 1, keys });
  return `${head.slice(0, -1)}, "results": [${items.join(', ')}]}\n`;
}

function cookieOf(id: string): NonNullable<Answer['headers']> {
  return { 'Set-Cookie': [`session=${id}; HttpOnly; Path=/; SameSite=Lax`, 'theme=dark; Path=/elsewhere'] };
}

export function page(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'text/html; charset=utf-8' }, body: `<!doctype html>${body}` };
}

export function json(status: number, body: string): Answer {
  return { status, headers: { 'Content-Type': 'application/json' }, body };
}

export function redirect(location: string, headers: Answer['headers'] = {}): Answer {
  return { status: 302, headers: { Location: location, ...headers } };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
