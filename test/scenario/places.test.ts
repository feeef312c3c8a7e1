import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { guardedNames } from '../../src/guarded-app.ts';
import { type Authority, foundAuthority } from '../contract/support/authority.ts';
import { noBinary, startServer } from '../contract/support/binary.ts';
import { startCluster } from '../contract/support/cluster.ts';
import { PASSWORD, startDashboard, USERNAME } from '../contract/support/dashboard.ts';
import { NAME, startTrio } from '../contract/support/sentinel.ts';
import { freePort, readerLogin, startRedis } from '../support/redis.ts';
import { type Ended, guardian, runAction } from '../support/run.ts';
import { changed, fallbackText, load } from '../support/sample.ts';

/** The built program, against each kind of place that values may be in. */

const verify = (args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  guardian(['verify', '--format', 'json', ...args], { env });

function verdictOf({ stdout, stderr }: Ended): string {
  if (stderr !== '') return stderr;
  const { verdict, reason } = JSON.parse(stdout);
  return reason === null || reason === undefined ? verdict : `${verdict} (${reason})`;
}

describe.skipIf(noBinary)('configs are verified', () => {
  test('in a cluster of three nodes, whichever node is named', async () => {
    await using cluster = await startCluster();
    for (const name of guardedNames) {
      const key = `r:ss:config:${name}`;
      await cluster.homeOf(key).admin.set(key, fallbackText(name));
    }
    for (const { host, port } of cluster.nodes) {
      expect(verdictOf(await verify(['--redis', `redis://${host}:${port}`]))).toBe('pass');
    }
    const [{ host, port }] = cluster.nodes;
    const doctor = await guardian(['doctor', '--redis', `redis://${host}:${port}`]);
    for (const node of cluster.nodes) expect(doctor.stdout).toContain(`${node.port}`);
  }, 60_000);

  test('behind Sentinels', async () => {
    await using trio = await startTrio();
    await load(trio.primary.admin);
    const hosts = trio.sentinels.map(({ host, port }) => `${host}:${port}`).join(',');
    expect(verdictOf(await verify(['--redis', `redis+sentinel://${hosts}/${NAME}`]))).toBe('pass');
    const unknown = await verify(['--redis', `redis+sentinel://${hosts}/other`, '--timeout', '3s']);
    expect(verdictOf(unknown)).toMatch(/^inconclusive/);
  }, 60_000);

  test('through a Unix socket', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'guardian-socket-'));
    const socket = join(folder, 'redis.sock');
    await using server = await startServer([`unixsocket ${socket}`]);
    await load(server.admin);
    expect(verdictOf(await verify(['--redis', `unix://${socket}`]))).toBe('pass');
    rmSync(folder, { recursive: true, force: true });
  });

  test('on a replica, which doctor tells from its primary', async () => {
    await using primary = await startServer([]);
    await load(primary.admin);
    await using replica = await startServer([`replicaof ${primary.host} ${primary.port}`]);
    while (!/master_link_status:up/.test(await replica.admin.info('replication'))) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const url = `redis://${replica.host}:${replica.port}`;
    expect(verdictOf(await verify(['--redis', url]))).toBe('pass');
    expect((await guardian(['doctor', '--redis', url])).stdout).toContain('replica');
  });

  describe('over TLS', () => {
    let authority: Authority;
    beforeAll(() => {
      authority = foundAuthority();
    });
    afterAll(() => authority[Symbol.dispose]());

    test('with a private authority and a client certificate, as files and as text', async () => {
      const own = authority.issue('localhost', ['DNS:localhost', 'IP:127.0.0.1']);
      const client = authority.issue('guardian');
      const port = await freePort();
      await using _server = await startServer(
        [
          'port 0',
          `tls-port ${port}`,
          `tls-cert-file ${own.certPath}`,
          `tls-key-file ${own.keyPath}`,
          `tls-ca-cert-file ${authority.path}`,
        ],
        { port, tls: { ca: authority.pem, cert: client.cert, key: client.key } },
      );
      const url = `rediss://127.0.0.1:${port}`;
      const files = ['--tls-ca', authority.path, '--tls-cert', client.certPath, '--tls-key', client.keyPath];
      const missing = { verdict: 'fail', 'failure-reason': 'invalid' };
      expect(verdictOf(await verify(['--redis', url, ...files]))).toBe('fail (invalid)');
      const inputs = {
        'redis-url': url,
        'tls-ca': authority.pem,
        'tls-cert': client.cert,
        'tls-key': client.key,
      };
      const run = await runAction({ inputs });
      expect(run.outputs).toMatchObject(missing);
      // The key is masked, line by line, and printed nowhere else.
      const [, line = ''] = client.key.split('\n');
      expect(run.stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain(line);
      expect(run.stdout).toContain(`::add-mask::${line}`);
      expect(verdictOf(await verify(['--redis', url, '--tls-ca', authority.path]))).toMatch(/^inconclusive/);
      expect(verdictOf(await verify(['--redis', url, '--tls-ca', 'nowhere.pem']))).toContain('tls-ca');
    });
  });
});

describe('the application itself', () => {
  const configs = Object.fromEntries(guardedNames.map((name) => [name, fallbackText(name)]));

  test('is asked for its configs, signed in to by its form', async () => {
    await using dashboard = await startDashboard({
      configs: { ...configs, routing_rules: changed('routing_rules', { rules: 7 }) },
    });
    const env = { GUARDIAN_ENDPOINT_USERNAME: USERNAME, GUARDIAN_ENDPOINT_PASSWORD: PASSWORD };
    const ended = await verify(['--store', `endpoint:${dashboard.origin}`], env);
    expect(verdictOf(ended)).toBe('fail (invalid)');
    expect(ended.stdout).not.toContain(PASSWORD);
    const report = JSON.parse(ended.stdout);
    expect(report.counts).toMatchObject({ INVALID: 1, UNCHECKED: 0 });
  });

  test('is asked by the action, with a magic link', async () => {
    await using dashboard = await startDashboard({ configs });
    const link = dashboard.magicToken();
    const { outputs, stdout } = await runAction({
      inputs: { store: `endpoint:${dashboard.origin}`, 'endpoint-magic-link': link },
    });
    expect(outputs).toMatchObject({ verdict: 'pass' });
    expect(stdout.replace(/^::add-mask::.*$/gm, '')).not.toContain(link);
  });

  test('shows nothing to who is not signed in, and that is UNCHECKED', async () => {
    await using dashboard = await startDashboard({ configs });
    expect(verdictOf(await verify(['--store', `endpoint:${dashboard.origin}`]))).toBe(
      'inconclusive (unauthorized)',
    );
  });
});

test('the documented user that can only read may do all that verify and doctor do, and can write nothing', async () => {
  await using redis = await startRedis();
  await load(redis.admin);
  // Here with the documented keys: those that the whole suite uses are all.
  await redis.admin.call('ACL', 'SETUSER', 'guardian', 'resetkeys', '%R~r:ss:config:*');
  expect(verdictOf(await verify(['--redis', redis.reader]))).toBe('pass');
  const doctor = await guardian(['doctor', '--redis', redis.reader]);
  expect(doctor.stdout).not.toMatch(/NOPERM|may not run/);
  const guest = redis.connect(readerLogin);
  await expect(guest.set('r:ss:config:x', '1')).rejects.toThrow('NOPERM');
});
