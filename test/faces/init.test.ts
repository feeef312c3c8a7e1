import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { redisStore } from '../../src/adapters/redis/store.ts';
import { parseRedisUrl } from '../../src/adapters/redis/url.ts';
import { plain } from '../../src/core/plain.ts';
import { type InitRequest, init, workflow } from '../../src/faces/init.ts';
import { readSettings, UsageError } from '../../src/faces/settings.ts';
import { verify } from '../../src/faces/verify.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let workspace: string;

beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(async () => {
  await redis.admin.flushall();
  workspace = mkdtempSync(join(tmpdir(), 'guardian-init-'));
  return () => rmSync(workspace, { recursive: true });
});

function request(options: Partial<InitRequest> = {}): InitRequest {
  const parsed = parseRedisUrl(redis.reader);
  if (!parsed.ok) throw new Error('the URL of the test server');
  const store = redisStore(parsed.endpoint, { timeout: 10_000, maxBytes: 8 * 1024 ** 2 });
  return { store, workspace, force: false, isDryRun: false, ...options };
}

/** Documents by key. */
async function seed(documents: Readonly<Record<string, unknown>>): Promise<void> {
  for (const [key, document] of Object.entries(documents)) {
    await redis.admin.set(key, JSON.stringify(document));
  }
}

function read(path: string): string {
  return readFileSync(join(workspace, path), 'utf8');
}

function manifest() {
  return parse(read('guardian.yml'));
}

/** All text that was written. */
function everything(): string {
  const paths = readdirSync(workspace, { recursive: true, withFileTypes: true });
  return paths
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

/** The findings and statuses of a run with nothing but what was written. */
async function verified() {
  const { report } = await verify(
    readSettings({ redis: redis.reader }, (setting) => setting),
    {
      workspace,
      env: {},
      now: () => Date.parse('2026-11-24T12:00:00Z'),
    },
  );
  return {
    verdict: report.verdict,
    statuses: Object.fromEntries(report.configs.map(({ name, status }) => [name, status])),
    findings: report.configs.flatMap(({ findings }) =>
      findings.map(({ check, place, phrase }) => `${check} ${place}: ${plain(phrase)}`),
    ),
  };
}

const allIsWell = (...names: readonly string[]) => ({
  verdict: 'pass',
  statuses: Object.fromEntries(names.map((name) => [name, 'OK'])),
  findings: [],
});

async function refused(asked: InitRequest): Promise<readonly string[]> {
  const error = await init(asked).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UsageError)) throw error ?? new Error('it was not refused');
  return [error.said, ...error.others, error.advice].map(plain);
}

describe('what is proposed verifies', () => {
  test('the configs of the guarded application', async () => {
    const names = ['magic_link_tokens', 'processing_prefs', 'routing_rules', 'webhook_config'];
    for (const name of names) {
      await redis.admin.set(`r:ss:config:${name}`, readFileSync(`debug/${name}.json`));
    }
    const { exitCode } = await init(request());
    expect(exitCode).toBe(0);
    expect(manifest()).toEqual({
      version: 1,
      prefix: 'r:ss:config:',
      configs: {
        magic_link_tokens: {
          key: 'magic_link_tokens',
          schema: 'schemas/magic_link_tokens.schema.json',
          fallback: 'fallback/magic_link_tokens.json',
          ignore: ['/_updated_at', '/*'],
          'secret-names': [{ at: '', except: ['_updated_at'] }],
        },
        processing_prefs: {
          key: 'processing_prefs',
          schema: 'schemas/processing_prefs.schema.json',
          fallback: 'fallback/processing_prefs.json',
          'hide-names': ['/sender_priority'],
        },
        routing_rules: {
          key: 'routing_rules',
          schema: 'schemas/routing_rules.schema.json',
          fallback: 'fallback/routing_rules.json',
          identity: { '/rules': 'id' },
          ignore: ['/_updated_at', '/rules/*/actions/webhook_url'],
          secret: ['/rules/*/actions/webhook_url'],
        },
        webhook_config: {
          key: 'webhook_config',
          schema: 'schemas/webhook_config.schema.json',
          fallback: 'fallback/webhook_config.json',
          ignore: ['/_updated_at', '/webhook_url'],
          secret: ['/webhook_url'],
        },
      },
    });
    expect(everything()).not.toMatch(/0000-demo|demo-link/);
    expect(await verified()).toEqual(allIsWell(...names));
  });

  test('a config per tenant, with tenants by number and by name', async () => {
    for (let number = 1; number <= 40; number += 1) {
      const prefs = {
        plan: number % 3 === 0 ? 'free' : 'paid',
        seats: number,
        contact: `a${number}@x.example`,
      };
      await seed({ [`tenant:${number}:prefs`]: prefs });
    }
    await seed({
      'tenant:acme:limits': { rate: 1, burst: 2.5 },
      'tenant:globex:limits': { rate: 2, burst: null },
      'tenant:initech:limits': { rate: 3, burst: 2 },
      'app:settings': { theme: 'dark' },
    });
    await init(request());
    expect(manifest()).toEqual({
      version: 1,
      configs: {
        app_settings: {
          key: 'app:settings',
          schema: 'schemas/app_settings.schema.json',
          fallback: 'fallback/app_settings.json',
        },
        tenant_limits: {
          keys: 'tenant:*:limits',
          schema: 'schemas/tenant_limits.schema.json',
          fallback: 'fallback/tenant_limits/{1}.json',
        },
        tenant_prefs: {
          keys: 'tenant:*:prefs',
          schema: 'schemas/tenant_prefs.schema.json',
          fallback: 'none',
        },
      },
    });
    expect(JSON.parse(read('fallback/tenant_limits/globex.json'))).toEqual({ rate: 2, burst: null });
    expect(JSON.parse(read('schemas/tenant_prefs.schema.json'))).toMatchObject({
      properties: {
        plan: { type: 'string', enum: ['free', 'paid'] },
        seats: { type: 'integer' },
        contact: { type: 'string', format: 'email' },
      },
      required: ['plan', 'seats', 'contact'],
    });
    expect(await verified()).toEqual(allIsWell('app_settings', 'tenant_limits', 'tenant_prefs'));
  });

  test('hashes', async () => {
    await redis.admin.hset('flags:web', { checkout: 'true', search: '{"share":0.5}', ttl: '30' });
    await redis.admin.hset('mail:server', { host: 'mx.example', port: '25', password: 'hunter2' });
    const { text } = await init(request());
    expect(text).toContain('mail_server: mail:server (1 key, 1 secret place)');
    expect(manifest().configs).toMatchObject({
      flags_web: { encoding: 'hash-json' },
      mail_server: { encoding: 'hash', secret: ['/password'] },
    });
    expect(JSON.parse(read('fallback/flags_web.json'))).toEqual({
      checkout: true,
      search: { share: 0.5 },
      ttl: 30,
    });
    expect(JSON.parse(read('fallback/mail_server.json'))).toEqual({
      host: 'mx.example',
      port: '25',
      password: '<password>',
    });
    expect(await verified()).toEqual(allIsWell('flags_web', 'mail_server'));
  });

  test('only the configs of a messy database', async () => {
    const { admin } = redis;
    await seed({
      'app:config:mail': { host: 'mx.example', port: 25 },
      'app:config:list': [1, 2],
      'app:session:9f86d081884c7d659a2feaa0c55ad015': { user: 1 },
      'app:queue_config': { workers: 3 },
    });
    await admin.set('app:cache:page:1', '{"a":1}', 'EX', 1000);
    await admin.set('app:offer', '{"a":1}', 'EX', 1000);
    await admin.rpush('celery', 'x');
    await admin.sadd('app:online', 'x');
    await admin.xadd('app:events', '*', 'a', 'b');
    await admin.set('app:logo', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0xff]));
    await admin.set('app:greeting', 'hello');
    await admin.set('app:old', "{'a': True}");
    await admin.set('app:twice', '{"a":1,"a":2}');
    await admin.set('app:big', JSON.stringify({ a: 'x'.repeat(300_000) }));
    await admin.set(Buffer.from([0x61, 0xff]), '{"a":1}');
    const { text } = await init(request());
    expect(Object.keys(manifest().configs)).toEqual(['config_mail', 'queue_config']);
    expect(manifest().prefix).toBe('app:');
    expect(text.split('\n').sort()).toEqual(
      [
        `2 configs in ${redis.url}/0`,
        '  config_mail: app:config:mail (1 key)',
        '  queue_config: app:queue_config (1 key)',
        'left out:',
        '  3 × is called like a cache, a queue, a session or a lock: app:cache:page:*, app:session:*, celery',
        '  1 × holds a Redis set: app:online',
        '  1 × holds a Redis stream: app:events',
        '  1 × expires: app:offer',
        '  1 × holds JSON that is no object: app:config:list',
        '  1 × is larger than 256 KiB: app:big',
        '  1 × has a name that is not UTF-8, or not printable: a\uFFFD',
        '  1 × cannot be used: it is not sound JSON (not-utf8): app:logo',
        '  1 × cannot be used: it is not sound JSON (syntax): app:greeting',
        '  1 × cannot be used: it is not sound JSON (python-literal): app:old',
        '  1 × cannot be used: it is not sound JSON (duplicate-name): app:twice',
        'written: guardian.yml, 2 schemas, 2 fallbacks, .github/workflows/redis-config-guardian.yml',
        'next: read what was written before you commit it, then run guardian verify',
        '',
        '',
      ].sort(),
    );
    expect(await verified()).toEqual(allIsWell('config_mail', 'queue_config'));
  });

  test('secrets at any depth, none of which is written', async () => {
    const secrets = [
      'hunter2',
      'Zx8kQ2mN7pL4vR9tY1wB',
      'aB3dE5fG7hJ9kL1mN3pQ',
      'sesame-1',
      'sesame-2',
      '987654',
    ];
    await seed({
      'svc:gateway': {
        upstreams: [
          {
            id: 'a',
            url: `https://u:${secrets[0]}@x.example/`,
            auth: { header: { value: `Bearer ${secrets[1]}` } },
          },
          { id: 'b', url: 'https://y.example/', auth: { header: { value: null } } },
        ],
        clients: { [secrets[2] ?? '']: { scopes: ['read'] } },
        credentials: { keys: [secrets[3], secrets[4]], pin: 987654 },
        retry: { count: 3, token_ttl: 60 },
      },
      [`svc:hook:${secrets[1]}`]: { on: true },
    });
    const { text } = await init(request());
    for (const secret of secrets) expect(everything() + text).not.toContain(secret);
    expect(manifest().configs).toMatchObject({
      gateway: {
        secret: [
          '/upstreams/*/url',
          '/upstreams/*/auth/header/value',
          '/credentials/keys/*',
          '/credentials/pin',
        ],
        'secret-names': ['/clients'],
      },
      hook: { keys: 'hook:*', 'hide-keys': true, fallback: 'none' },
    });
    expect(JSON.parse(read('fallback/gateway.json'))).toMatchObject({
      clients: { 'redacted-1': { scopes: ['read'] } },
      credentials: { keys: ['<keys>', '<keys>'], pin: 0 },
      retry: { count: 3, token_ttl: 60 },
    });
    expect(await verified()).toEqual(allIsWell('gateway', 'hook'));
  });
});

test('keys that end in what divides, and keys with hyphens, verify', async () => {
  await seed({
    'app:config:': { a: 1 },
    'shop/cfg/': { b: 'x' },
    'shop:tenant-prefs:1': { plan: 'free' },
    'shop:tenant-prefs:2': { plan: 'paid' },
    'shop:tenant-prefs:3': { plan: 'paid' },
  });
  await init(request());
  expect(manifest().configs).toMatchObject({
    app_config: { key: 'app:config:' },
    shop_cfg: { key: 'shop/cfg/' },
    'shop_tenant-prefs': {
      keys: 'shop:tenant-prefs:*',
      fallback: 'fallback/shop_tenant-prefs/{1}.json',
    },
  });
  expect(await verified()).toEqual(allIsWell('app_config', 'shop_cfg', 'shop_tenant-prefs'));
});

test('a key alone that ends in what divides verifies', async () => {
  await seed({ 'app:config:': { a: 1 } });
  await init(request());
  expect(manifest()).toMatchObject({ prefix: 'app:', configs: { config: { key: 'config:' } } });
  expect(await verified()).toEqual(allIsWell('config'));
});

test('a prefix and a pattern with hyphens verify', async () => {
  await seed({ 'my-shop:t:a-1:prefs': { a: 1 }, 'my-shop:t:a-2:prefs': { a: 2 }, 'my-shop:x': { b: 1 } });
  await init(request());
  expect(manifest().prefix).toBe('my-shop:');
  expect(await verified()).toEqual(allIsWell('t_a_prefs', 'x'));
});

test('what is nested too deeply for a schema is left out, what is not verifies', async () => {
  const nested = (levels: number): unknown => {
    let value: unknown = 1;
    for (let level = 0; level < levels; level += 1) value = { a: value };
    return value;
  };
  await seed({ 'app:deep': nested(250), 'app:deeper': nested(251), 'app:deepest': nested(500) });
  const { text } = await init(request());
  expect(text).toContain('  2 × is nested more than 250 levels deep: app:deeper, app:deepest\n');
  expect(await verified()).toEqual(allIsWell('deep'));
});

describe('what is printed obeys nobody', () => {
  const names = [
    '\u009b31m',
    '\u202egnp.x',
    'a\n::error::pwned and long enough to be folded by whatever folds text\n::stop-commands::x',
    'say "x"\n::error::pwned',
    '##[error]',
  ];
  // Beside as many plain ones they pass for vocabulary, which pointers name.
  const settings = {
    ...Object.fromEntries(names.map((name) => [name, { password: 'x' }])),
    ...Object.fromEntries(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => [name, 1])),
  };

  beforeEach(() => seed({ 'app:a': settings, 'app:b': { x: 1 } }));

  test('a dry run', async () => {
    const { text } = await init(request({ isDryRun: true }));
    expect(text).toContain('pwned');
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]|##\[|^\s*::/mu);
  });

  test('and what is written has each name on one line, and still means the same', async () => {
    await init(request());
    expect(read('guardian.yml')).not.toMatch(/^\s*::/m);
    expect(manifest().configs.a.secret).toEqual(names.map((name) => `/${name}/password`));
    expect(await verified()).toEqual(allIsWell('a', 'b'));
  });
});

test('secrets in text, beside their names and in objects of keys are not written', async () => {
  await seed({
    'app:db': { options: 'host=db password=hunter-1', extra: '{"api_key":"hunter-2"}', userpass: 'hunter-3' },
    'app:job_config': {
      env: [
        { name: 'DB_PASSWORD', value: 'hunter-4' },
        { name: 'DB_HOST', value: 'db' },
      ],
      keys: { stripe: 'hunter-5' },
      session_id: 'hunter-6',
    },
  });
  const { text } = await init(request());
  expect(everything() + text).not.toContain('hunter');
  expect(await verified()).toEqual(allIsWell('db', 'job_config'));
});

describe('nothing is proposed', () => {
  test('of an empty database', async () => {
    expect(await refused(request())).toEqual([
      'no key holds a config',
      'check the URL, the number of the database and --prefix',
    ]);
  });

  test('when there is no config under the prefix', async () => {
    await seed({ 'other:config': { a: 1 } });
    await redis.admin.set('app:greeting', 'hello');
    expect(await refused(request({ prefix: 'app:' }))).toEqual([
      'no key that begins with app: holds a config',
      '1 × cannot be used: it is not sound JSON (syntax): app:greeting',
      'check the URL, the number of the database and --prefix',
    ]);
  });

  test('of more configs than anyone has', async () => {
    await seed(Object.fromEntries(Array.from({ length: 201 }, (_, n) => [`word${n}x`, { [`a${n}`]: 1 }])));
    expect(await refused(request())).toEqual([
      '201 keys with different names hold objects, which is more than anyone configures',
      'name what the keys of the configs begin with: --prefix',
    ]);
  });

  test('of a Redis that does not answer', async () => {
    const parsed = parseRedisUrl('redis://:hunter2@127.0.0.1:1');
    if (!parsed.ok) throw new Error('the URL');
    const store = redisStore(parsed.endpoint, { timeout: 1000, maxBytes: 1024 });
    const [said, ...more] = await refused(request({ store }));
    expect(said).toContain('127.0.0.1:1');
    expect([said, ...more].join('\n')).not.toContain('hunter2');
    expect(readdirSync(workspace)).toEqual([]);
  });
});

describe('files', () => {
  beforeEach(() => seed({ 'app:a': { x: 1 }, 'app:b': { y: 'x' } }));

  test('that exist are never overwritten, and all of them are named', async () => {
    mkdirSync(join(workspace, 'schemas'));
    writeFileSync(join(workspace, 'schemas/a.schema.json'), 'mine');
    writeFileSync(join(workspace, 'guardian.json'), 'mine');
    expect(await refused(request())).toEqual([
      'nothing was written, because there are files already: schemas/a.schema.json, guardian.json',
      'move them away, or overwrite them with --force',
    ]);
    expect(readdirSync(workspace, { recursive: true }).sort()).toEqual([
      'guardian.json',
      'schemas',
      'schemas/a.schema.json',
    ]);
  });

  test('are overwritten with --force', async () => {
    writeFileSync(join(workspace, 'guardian.yml'), 'mine');
    await init(request({ force: true }));
    expect(manifest().prefix).toBe('app:');
  });

  test('are not written in a dry run, which shows the manifest', async () => {
    const { text } = await init(request({ isDryRun: true }));
    expect(text).toContain('  prefix: "app:"\n');
    expect(readdirSync(workspace)).toEqual([]);
  });

  test('are all written or none', async () => {
    writeFileSync(join(workspace, 'fallback'), 'no folder');
    const [said] = await refused(request());
    expect(said).toMatch(/^fallback\/a\.json cannot be written \(E\w+\)$/);
    expect(existsSync(join(workspace, 'guardian.yml'))).toBe(false);
    expect(
      readdirSync(workspace, { recursive: true }).filter((path) => String(path).includes('tmp')),
    ).toEqual([]);
  });

  test('leave nothing else behind', async () => {
    await init(request());
    expect(readdirSync(workspace, { recursive: true }).sort()).toEqual([
      '.github',
      '.github/workflows',
      '.github/workflows/redis-config-guardian.yml',
      'fallback',
      'fallback/a.json',
      'fallback/b.json',
      'guardian.yml',
      'schemas',
      'schemas/a.schema.json',
      'schemas/b.schema.json',
    ]);
  });
});

test('the workflow does what the example does', () => {
  const example = parse(readFileSync('examples/workflows/pull-request.yml', 'utf8'));
  const [checkout, gate] = example.jobs.gate.steps;
  const { uses, with: inputs } = gate;
  example.jobs.gate.steps = [checkout, { uses, with: { 'redis-url': inputs['redis-url'] } }];
  expect(parse(workflow)).toEqual(example);
});
