import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRedis, type TestRedis } from '../support/redis.ts';
import { guardian, project, type RunOptions, runNode } from '../support/run.ts';
import { changed, fallbackText, load } from '../support/sample.ts';

const SNAPSHOT = ['--store', 'snapshot:examples/production.snapshot.json'];

let redis: TestRedis;
let folder: string;

beforeAll(async () => {
  redis = await startRedis();
  folder = mkdtempSync(join(tmpdir(), 'guardian-cli-'));
});

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await redis[Symbol.asyncDispose]();
});

/** `verify` in the project, or elsewhere, against the server of these tests unless told otherwise. */
const verify = (args: readonly string[], options: RunOptions = {}) =>
  guardian(['verify', ...args], { env: { REDIS_URL: redis.reader }, ...options });

describe('verify', () => {
  test('tells a person the verdict in the last line', async () => {
    await load(redis.admin);
    const { exitCode, stdout, stderr } = await verify([]);
    expect(stderr).toBe('');
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('✓ The run passed: 4 OK.');
    expect(exitCode).toBe(0);
  });

  test('prints a report that satisfies the published schema', async () => {
    const { stdout } = await verify([...SNAPSHOT, '--format', 'json']);
    const schema = JSON.parse(readFileSync(join(project, 'schemas/report.schema.json'), 'utf8'));
    const ajv = new Ajv2020({ allErrors: true, strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const validate = ajv.compile(schema);
    validate(JSON.parse(stdout));
    expect(validate.errors).toBeNull();
  });

  test('needs no Redis for a snapshot, and finds the drift and the invalid key in the example', async () => {
    const { exitCode, stdout } = await verify([...SNAPSHOT, '--format', 'json'], { env: {} });
    const report = JSON.parse(stdout);
    expect(exitCode).toBe(1);
    expect(report.counts).toEqual({ INVALID: 1, DRIFT: 1, OK: 2, UNCHECKED: 0 });
  });

  test.each([
    ['with spaces', ['--keys', 'webhook_config', 'routing_rules']],
    ['with commas', ['--keys', 'webhook_config,routing_rules']],
  ])('takes names of configs %s, in that order', async (_how, args) => {
    const { stdout } = await verify([...SNAPSHOT, '--format', 'legacy', ...args]);
    expect(stdout.match(/^\w+(?=: (?:OK|INVALID))/gm)).toEqual(['webhook_config', 'routing_rules']);
  });

  test("prints what the application's own checker prints when asked for the legacy format", async () => {
    await load(redis.admin, {
      processing_prefs: '{"retry_count": 3, "_updated_at": "2026-11-02T08:00:00+01:00"}',
      routing_rules: '{}',
      webhook_config: '{}',
      magic_link_tokens: null,
    });
    const { exitCode, stdout } = await verify(['--format', 'legacy']);
    expect(exitCode).toBe(1);
    expect(stdout.split('\n')).toEqual([
      'processing_prefs: OK',
      '_updated_at=2026-11-02T08:00:00+01:00',
      '-'.repeat(40),
      'routing_rules: OK',
      '<vide>',
      '-'.repeat(40),
      'webhook_config: INVALID (payload is empty)',
      '<vide>',
      '-'.repeat(40),
      'magic_link_tokens: INVALID (payload is empty)',
      '<vide>',
      '-'.repeat(40),
      '',
    ]);
  });

  test('tells sizes in the legacy format, sorted, and no name of a token', async () => {
    await load(redis.admin);
    const { stdout } = await verify(['--format', 'legacy', '--keys', 'routing_rules,magic_link_tokens']);
    expect(stdout).toMatch(/^_updated_at=\S+; list_sizes=rules:5$/m);
    for (const token of Object.keys(JSON.parse(fallbackText('magic_link_tokens')))) {
      if (token !== '_updated_at') expect(stdout).not.toContain(token);
    }
  });

  test('writes the report to a file and one for people to the terminal', async () => {
    const file = join(folder, 'report.md');
    const { stdout } = await verify([...SNAPSHOT, '--format', 'markdown', '--output', file]);
    expect(readFileSync(file, 'utf8')).toMatch(/^## ❌ Redis Config Guardian/);
    expect(stdout).toContain('The run failed (invalid)');
  });

  test('an output that cannot be written is a warning and leaves the verdict alone', async () => {
    const { exitCode, stdout, stderr } = await verify([...SNAPSHOT, '--output', '/no/such/folder/x']);
    expect(stderr).toBe('warning: the report could not be written to /no/such/folder/x (ENOENT)\n');
    expect(stdout).toContain('The run failed (invalid)');
    expect(exitCode).toBe(1);
  });

  test('shows no raw value that is not of the shape in which its secrets are known', async () => {
    await load(redis.admin, {
      webhook_config: changed('webhook_config', { webhook_urll: 'https://hook.eu2.make.com/planted-secret' }),
      magic_link_tokens: '[{"id": "planted-secret"}]',
    });
    const { stdout } = await verify(['--raw']);
    expect(stdout).toContain('not shown: it should hold secrets');
    expect(stdout).not.toContain('planted-secret');
  });

  test('shows no raw secrets on the word of a schema that is not its own', async () => {
    const schemas = mkdtempSync(join(tmpdir(), 'guardian-schemas-'));
    for (const name of ['webhook_config', 'magic_link_tokens']) {
      writeFileSync(join(schemas, `${name}.schema.json`), '{"type": "object"}');
    }
    await load(redis.admin, {
      webhook_config: '{"data": {"webhook_url": "https://hook/planted-secret"}}',
      magic_link_tokens: '{"tokens": {"planted-secret": {"consumed": false}}}',
    });
    const args = ['--raw', '--keys', 'webhook_config,magic_link_tokens'];
    const own = await verify([...args, '--schemas', schemas]);
    const none = await verify([...args, '--schemas', 'nowhere']);
    rmSync(schemas, { recursive: true });
    expect(own.stdout).toContain('not shown: it should hold secrets');
    expect(own.stdout).not.toContain('planted-secret');
    expect(none.stdout).not.toContain('planted-secret');
  });

  test('hides what stands where a word, a number or a name belongs', async () => {
    const [rule] = JSON.parse(fallbackText('routing_rules')).rules;
    await load(redis.admin, {
      processing_prefs: changed('processing_prefs', { retry_count: 'plantedsecret', 'x@planted.example': 1 }),
      webhook_config: changed('webhook_config', { webhook_delivery_mode: 'https://hook/plantedsecret' }),
      routing_rules: JSON.stringify({
        rules: [{ ...rule, name: { webhook_url: 'plantedsecret' }, id: ['plantedsecret'] }],
      }),
    });
    for (const format of ['terminal', 'json', 'markdown', 'annotations', 'legacy']) {
      const { stdout } = await verify(['--format', format]);
      expect(stdout).not.toMatch(/plantedsecret|planted\.example/);
    }
  });

  test.each([
    ['the configs themselves', 'debug'],
    ['schemas that ask for nothing', ''],
  ])('does not take %s for schemas', async (_what, given) => {
    const schemas = given || mkdtempSync(join(tmpdir(), 'guardian-schemas-'));
    if (given === '') writeFileSync(join(schemas, 'webhook_config.schema.json'), '{}');
    await load(redis.admin);
    const { exitCode } = await verify(['--keys', 'webhook_config', '--schemas', schemas]);
    if (given === '') rmSync(schemas, { recursive: true });
    expect(exitCode).toBe(2);
  });

  test('waits for no pipe and reads no device', async () => {
    const fallbacks = mkdtempSync(join(tmpdir(), 'guardian-fallbacks-'));
    execFileSync('mkfifo', [join(fallbacks, 'webhook_config.json')]);
    symlinkSync('/dev/zero', join(fallbacks, 'routing_rules.json'));
    await load(redis.admin);
    const args = ['--keys', 'webhook_config,routing_rules', '--fallbacks', fallbacks];
    const { exitCode, stdout, duration } = await verify(args);
    rmSync(fallbacks, { recursive: true });
    expect(exitCode).toBe(2);
    expect(stdout.match(/it is no regular file/g)).toHaveLength(2);
    expect(duration).toBeLessThan(5000);
  });

  test('a URL among the names of configs is not quoted', async () => {
    const { exitCode, stderr } = await verify(['--keys', 'redis://u:planted-secret@h']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('keys holds something that is no name of a config');
    expect(stderr).not.toContain('planted-secret');
  });

  test('a .env that cannot be read is named', async () => {
    const workspace = mkdtempSync(join(tmpdir(), 'guardian-dotenv-'));
    mkdirSync(join(workspace, '.env'));
    const { exitCode, stderr } = await verify([], { cwd: workspace });
    rmSync(workspace, { recursive: true });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^error: \S+\.env cannot be read \(EISDIR\)/);
  });

  test('reads REDIS_URL from .env, fills in names in braces, and lets the environment win', async () => {
    await load(redis.admin);
    const workspace = mkdtempSync(join(tmpdir(), 'guardian-dotenv-'));
    for (const name of ['debug', 'schemas'])
      cpSync(join(project, name), join(workspace, name), { recursive: true });
    writeFileSync(
      join(workspace, '.env'),
      `PORT=${redis.port}\nREDIS_URL="redis://${redis.host}:\${PORT}"\n`,
    );
    const fromFile = await verify([], { cwd: workspace, env: {} });
    expect(fromFile.stdout).toContain('The run passed: 4 OK.');
    const overridden = await verify([], { cwd: workspace, env: { REDIS_URL: 'redis://127.0.0.1:1' } });
    expect(overridden.stdout).toContain('nothing listens at 127.0.0.1:1');
    // A secret that isn't set is an empty text: it must not become the server of another environment.
    const unset = await verify(['--redis', ''], { cwd: workspace, env: {} });
    expect(unset).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('no URL was given') });
    rmSync(workspace, { recursive: true });
  });

  test('takes the prefix from the option, else from the environment of the application', async () => {
    await redis.admin.set('other:webhook_config', fallbackText('webhook_config'));
    const args = ['--keys', 'webhook_config'];
    const byOption = await verify([...args, '--prefix', 'other:']);
    const byVariable = await verify(args, {
      env: { REDIS_URL: redis.reader, CONFIG_STORE_REDIS_PREFIX: 'other:' },
    });
    expect([byOption.exitCode, byVariable.exitCode]).toEqual([0, 0]);
  });

  test('reads the fallback of the tokens from where the application is told to', async () => {
    const file = join(folder, 'links.json');
    writeFileSync(file, '{"broken": ');
    const { exitCode, stdout } = await verify([...SNAPSHOT, '--keys', 'magic_link_tokens'], {
      env: { MAGIC_LINK_TOKENS_FILE: file },
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('in the fallback: it is not JSON');
  });

  test('checks nothing where the application is told not to read Redis', async () => {
    const { exitCode, stdout } = await verify([], {
      env: { REDIS_URL: redis.reader, CONFIG_STORE_DISABLE_REDIS: '1' },
    });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('CONFIG_STORE_DISABLE_REDIS=1 is set');
  });

  test('shows whole values on request, all but secrets', async () => {
    await load(redis.admin);
    const { stdout } = await verify(['--raw']);
    expect(stdout).toContain('"operator": "regex"');
    expect(stdout).not.toContain('hook.eu2.make.com');
  });

  test('judges a pattern that only RE2 knows', async () => {
    const rules = JSON.parse(fallbackText('routing_rules')).rules;
    const [rule] = rules;
    const withPattern = (value: string) =>
      JSON.stringify({
        rules: [{ ...rule, conditions: [{ field: 'subject', operator: 'regex', value }] }],
      });
    await load(redis.admin, { routing_rules: withPattern('\\pN+(?U)x*') });
    expect((await verify(['--keys', 'routing_rules'])).exitCode).toBe(0);
    await load(redis.admin, { routing_rules: withPattern('(unclosed') });
    expect((await verify(['--keys', 'routing_rules'])).exitCode).toBe(1);
  });

  test('validates with Ajv itself when the schema is not the one that ships', async () => {
    await load(redis.admin);
    const schemas = mkdtempSync(join(tmpdir(), 'guardian-schemas-'));
    writeFileSync(
      join(schemas, 'webhook_config.schema.json'),
      '{"$schema": "http://json-schema.org/draft-07/schema#", "required": ["no_such_thing"]}',
    );
    const { exitCode, stdout } = await verify(['--keys', 'webhook_config', '--schemas', schemas]);
    rmSync(schemas, { recursive: true });
    expect(exitCode).toBe(1);
    expect(stdout).toContain('the property no_such_thing is missing');
  });

  test('a broken schema is UNCHECKED and told with file, line and column', async () => {
    const schemas = mkdtempSync(join(tmpdir(), 'guardian-schemas-'));
    writeFileSync(join(schemas, 'webhook_config.schema.json'), '{\n  "type": "object",\n  "required": [}\n');
    const { exitCode, stdout } = await verify([
      ...SNAPSHOT,
      '--keys',
      'webhook_config',
      '--schemas',
      schemas,
    ]);
    rmSync(schemas, { recursive: true });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('webhook_config.schema.json:3:16');
  });

  test('a pattern that would take for ever is UNCHECKED when the time is over', async () => {
    const schemas = mkdtempSync(join(tmpdir(), 'guardian-schemas-'));
    const pattern = '{"properties": {"webhook_url": {"pattern": "^(a+)+$|^h"}}}';
    writeFileSync(join(schemas, 'webhook_config.schema.json'), pattern);
    await load(redis.admin, {
      webhook_config: changed('webhook_config', { webhook_url: `${'a'.repeat(60)}!` }),
    });
    const args = ['--keys', 'webhook_config', '--schemas', schemas, '--timeout', '1s'];
    const { exitCode, stdout, duration } = await verify(args);
    rmSync(schemas, { recursive: true });
    expect(exitCode).toBe(2);
    expect(stdout).toContain('the check shape broke down (TooSlow)');
    expect(duration).toBeLessThan(5000);
  });

  test('is coloured only where colours are wanted', async () => {
    const plain = await verify(SNAPSHOT);
    const coloured = await verify(SNAPSHOT, { env: { FORCE_COLOR: '1' } });
    expect(plain.stdout).not.toContain('\u001b[');
    expect(coloured.stdout).toContain('\u001b[31m');
  });

  test('speaks TLS to a rediss URL, and refuses a certificate that nobody vouches for', async () => {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')];
    const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
    execFileSync(
      'openssl',
      [
        ...['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', '-keyout', key, '-out', cert],
        ...subject,
      ],
      { stdio: 'ignore' },
    );
    await load(redis.admin);
    const { createConnection } = await import('node:net');
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (socket) => {
      const upstream = createConnection({ host: redis.host, port: redis.port });
      socket.pipe(upstream).pipe(socket);
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const url = `rediss://localhost:${port}`;
    const trusted = await verify([], { env: { REDIS_URL: url, NODE_EXTRA_CA_CERTS: cert } });
    const stranger = await verify([], { env: { REDIS_URL: url } });
    server.close();
    expect(trusted.stdout).toContain('The run passed: 4 OK.');
    expect(stranger.exitCode).toBe(2);
    expect(stranger.stdout).toContain('signed by an authority that is not trusted here');
  });
});

describe('wrong usage ends with exit code 2 and one clear error', () => {
  test.each([
    ['an unknown command', ['verfiy'], "unknown command 'verfiy'"],
    ['an unknown option', ['verify', '--redsi', 'x'], "unknown option '--redsi'"],
    ['an unknown config', ['verify', '--keys', 'webhook_confg'], 'did you mean webhook_config?'],
    ['an unknown format', ['verify', '--format', 'xml'], 'Allowed choices are'],
    ['a timeout that is none', ['verify', '--timeout', 'soon'], '--timeout'],
    ['a timeout of nothing', ['verify', '--timeout', '0'], 'a duration such as 10s'],
    ['a size that is none', ['verify', '--max-bytes', 'huge'], 'a size such as 8MiB'],
    [
      'an unknown fail level',
      ['verify', '--fail-on', 'invalid,drfit'],
      'some of invalid, breaking, drift, warning',
    ],
    ['a store of an unknown kind', ['verify', '--store', 'file:x'], 'snapshot:FILE'],
    ['a URL of another scheme', ['verify', '--redis', 'http://localhost'], 'begins with http://'],
    ['a URL that is none', ['verify', '--redis', 'localhost'], 'the Redis URL'],
    ['validate without an instance', ['validate', 'x.json'], "missing required argument 'instance'"],
    [
      'validate of a missing file',
      ['validate', 'schemas/report.schema.json', 'no.json'],
      'there is no file no.json',
    ],
    ['a diff of a missing file', ['diff', 'no.json', 'package.json'], 'there is no file no.json'],
    [
      'a diff with an odd identity',
      ['diff', 'package.json', 'package.json', '--identity', 'rules'],
      '--identity cannot be rules',
    ],
  ])('%s', async (_what, args, message) => {
    const { exitCode, stderr, stdout } = await guardian(args);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(/^error: /);
    expect(stdout).toBe('');
    expect(exitCode).toBe(2);
  });

  test('a snapshot that is none is UNCHECKED, and says where', async () => {
    const { exitCode, stdout } = await guardian(['verify', '--store', 'snapshot:package.json']);
    expect(stdout).toContain('the file package.json is no snapshot of version 1 (at /format)');
    expect(exitCode).toBe(2);
  });
});

describe('validate and diff', () => {
  test('a valid file is valid', async () => {
    const run = await guardian([
      'validate',
      'schemas/webhook_config.schema.json',
      'debug/webhook_config.json',
    ]);
    expect(run).toMatchObject({ exitCode: 0, stdout: 'debug/webhook_config.json is valid\n' });
  });

  test('an invalid file is told with line, column and pointer, without its values', async () => {
    const file = join(folder, 'prefs.json');
    writeFileSync(file, '{\n  "retry_count": "planted-secret"\n}\n');
    const run = await guardian(['validate', 'schemas/processing_prefs.schema.json', file]);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toContain(`${file}:2:3: /retry_count: expected integer; found ‹hidden string`);
    expect(run.stdout).not.toContain('planted-secret');
  });

  test('a file that is no JSON is an error with line and column', async () => {
    const file = join(folder, 'broken.json');
    writeFileSync(file, '{\n  "a": 1,\n}\n');
    const run = await guardian(['validate', 'schemas/processing_prefs.schema.json', file]);
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain(`${file}:3:1`);
  });

  test('the order of members is no difference, a moved item of an identity is one', async () => {
    const [a, b] = [join(folder, 'a.json'), join(folder, 'b.json')];
    writeFileSync(a, '{"x": 1, "rules": [{"id": "p"}, {"id": "q"}, {"id": "r"}]}');
    writeFileSync(b, '{"rules": [{"id": "r"}, {"id": "p"}, {"id": "q"}], "x": 1.0}');
    const byIdentity = await guardian(['diff', a, b, '--identity', '/rules=id']);
    expect(byIdentity.exitCode).toBe(1);
    expect(byIdentity.stdout).toContain('/rules/0: moved: it stands at /rules/2 in');
    expect(byIdentity.stdout).toContain('1 difference\n');
    const ignored = await guardian(['diff', a, b, '--ignore', '/rules']);
    expect(ignored).toMatchObject({ exitCode: 0, stdout: 'no differences\n' });
  });

  test('values are shown on request', async () => {
    const [a, b] = [join(folder, 'c.json'), join(folder, 'd.json')];
    writeFileSync(a, '{"x": "old"}');
    writeFileSync(b, '{"x": "new"}');
    const hidden = await guardian(['diff', a, b]);
    const shown = await guardian(['diff', a, b, '--raw']);
    expect(hidden.stdout).not.toContain('"old"');
    expect(shown.stdout).toContain(`${a} has "old", ${b} has "new"`);
  });
});

describe('the process', () => {
  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('%s ends it with exit code %i', async (signal, code) => {
    // A server that never answers keeps the run waiting.
    const silent = createServer();
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const connected = new Promise((resolve) => silent.once('connection', resolve));
    const run = await guardian(['verify', '--redis', `redis://127.0.0.1:${port}`], {
      started: (kill) => {
        void connected.then(() => kill(signal));
      },
    });
    silent.close();
    expect(run.exitCode).toBe(code);
    expect(run.stderr).toContain(`interrupted (${signal})`);
  });

  test('a reader that stops early is no error', async () => {
    const command = `${process.execPath} dist/cli.js verify ${SNAPSHOT.join(' ')} --format json | head -n 1; exit \${PIPESTATUS[0]}`;
    const stderr = execFileSync('bash', ['-c', `(${command}) 2>&1 >/dev/null || true`], {
      cwd: project,
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
  });

  test('the bundle needs no package installed', async () => {
    const copy = mkdtempSync(join(tmpdir(), 'guardian-copy-'));
    execFileSync('cp', [
      '-r',
      ...['dist', 'schemas', 'debug', 'examples', 'package.json'].map((name) => join(project, name)),
      copy,
    ]);
    const run = await runNode([join(copy, 'dist/cli.js'), 'verify', ...SNAPSHOT], { cwd: copy });
    rmSync(copy, { recursive: true });
    expect(run.stderr).toBe('');
    expect(run.exitCode).toBe(1);
  });

  test('drift is not enough to fail, and changed values are judged anew each time', async () => {
    await load(redis.admin, { webhook_config: changed('webhook_config', { webhook_ssl_verify: false }) });
    expect((await verify([])).exitCode).toBe(0);
    expect((await verify(['--fail-on', 'drift'])).exitCode).toBe(1);
    expect((await verify(['--fail-on', 'none'])).exitCode).toBe(0);
    await load(redis.admin, { webhook_config: '{}' });
    expect((await verify(['--fail-on', 'drift'])).exitCode).toBe(1);
  });
});
