import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort, startRedis } from '../support/redis.ts';
import { noBinary } from './support/binary.ts';
import { listen, script } from './support/listeners.ts';
import { faultAt, inShort, read, SECRET, storeAt } from './support/reading.ts';
import { NAME, startTrio, type TestTrio } from './support/sentinel.ts';

interface Place {
  readonly host: string;
  readonly port: number;
}

/** `login` and `query` as they are spelled in the URL. */
function urlOf(places: readonly Place[], { login = '', name = NAME, rest = '' } = {}): string {
  return `redis+sentinel://${login}${places.map(({ host, port }) => `${host}:${port}`).join(',')}/${name}${rest}`;
}

const LOCAL = '127.0.0.1';
const ASK = 'get-master-addr-by-name';

/** A Sentinel that names one place as the primary; for what real ones say only for an instant. */
function pointing(place: () => Place) {
  return script(([name, what]) => {
    const { host, port } = place();
    if (name !== 'SENTINEL' || what !== ASK) return '-ERR no\r\n';
    return `*2\r\n$${host.length}\r\n${host}\r\n$${`${port}`.length}\r\n${port}\r\n`;
  });
}

const skipped = noBinary === undefined ? '' : ` (skipped: ${noBinary})`;

describe.skipIf(noBinary)(`Sentinels${skipped}`, () => {
  let trio: TestTrio;

  beforeAll(async () => {
    trio = await startTrio();
    await trio.primary.admin.set('app:a', 'x');
    await trio.primary.admin.select(2);
    await trio.primary.admin.set('app:b', 'y');
  });

  afterAll(() => trio[Symbol.asyncDispose]());

  test('lead to the primary', async () => {
    expect((await read(urlOf(trio.sentinels), ['app:a', 'app:b'])).map(inShort)).toEqual(['"x"', 'absent']);
  });

  test('lead to a database of it', async () => {
    const found = await read(urlOf(trio.sentinels, { rest: '/2' }), ['app:a', 'app:b']);
    expect(found.map(inShort)).toEqual(['absent', '"y"']);
  });

  test('are asked in turn: one that is gone, and one that says nothing, are passed over', async () => {
    await using silent = await listen(() => undefined);
    const gone = { host: LOCAL, port: await freePort() };
    const found = await read(urlOf([gone, silent, trio.sentinels[0]]), ['app:a']);
    expect(found.map(inShort)).toEqual(['"x"']);
    expect(silent.taken).toBe(1);
  });

  test('that know no primary of that name say so', async () => {
    const { reason, said, advice } = await faultAt(urlOf(trio.sentinels, { name: 'other' }));
    expect(reason).toBe('unreachable');
    expect(said).toBe('the Sentinels know no primary that is called other');
    expect(advice).toContain('SENTINEL masters');
  });

  test('that want a password are told apart from a primary that does', async () => {
    for (const { admin } of trio.sentinels) {
      const right = `+sentinel|${ASK}`;
      await admin.call('ACL', 'SETUSER', 'watcher', 'reset', 'on', `>${SECRET}`, right);
      await admin.call('ACL', 'SETUSER', 'default', 'off');
    }
    const secret = encodeURIComponent(SECRET);
    const rest = `?sentinel-user=watcher&sentinel-password=${secret}`;
    expect((await read(urlOf(trio.sentinels, { rest }), ['app:a'])).map(inShort)).toEqual(['"x"']);
    const missing = await faultAt(urlOf(trio.sentinels));
    expect(missing.reason).toBe('unauthorized');
    expect(missing.said).toMatch(/^no Sentinel tells where main-config is: .*NOAUTH/);
    expect(missing.advice).toContain('sentinel-password');
    const wrong = await faultAt(urlOf(trio.sentinels, { rest: `${rest}x` }));
    expect(wrong.said).toContain('WRONGPASS');
    await trio.primary.admin.call('ACL', 'SETUSER', 'default', `>${SECRET}`, 'resetpass', `>${SECRET}`);
    const locked = await faultAt(urlOf(trio.sentinels, { rest }));
    expect(locked.said).toMatch(new RegExp(`^Redis at \\S+:${trio.primary.port} wants a password`));
    const found = await read(urlOf(trio.sentinels, { rest, login: `:${secret}@` }), ['app:a']);
    expect(found.map(inShort)).toEqual(['"x"']);
  });
});

describe.skipIf(noBinary)(`a failover${skipped}`, () => {
  test('is waited for: the replica that becomes the primary is read', async () => {
    await using trio = await startTrio();
    await trio.primary.admin.set('app:a', 'x');
    await trio.primary.admin.call('WAIT', 1, 5000);
    await trio.primary.kill();
    const found = await read(urlOf(trio.sentinels), ['app:a'], { timeout: 20_000 });
    expect(found.map(inShort)).toEqual(['"x"']);
    const [, port] = (await trio.sentinels[0].admin.call('SENTINEL', ASK, NAME)) as string[];
    expect(Number(port)).toBe(trio.replica.port);
  });
});

describe('a Sentinel', () => {
  test('that names a server which nothing listens at is believed, and the address told', async () => {
    const primary = { host: LOCAL, port: await freePort() };
    await using sentinel = await pointing(() => primary);
    const { reason, said, advice } = await faultAt(urlOf([sentinel]), 600);
    expect(reason).toBe('unreachable');
    expect(said).toBe(`nothing listens at 127.0.0.1:${primary.port} (ECONNREFUSED)`);
    expect(advice).toContain('the Sentinels gave this address');
  });

  test('that names a replica is asked again until it names the primary', async () => {
    await using primary = await startRedis();
    await using replica = await startRedis(['--replicaof', LOCAL, '1']);
    await primary.admin.set('app:a', 'x');
    let asked = 0;
    await using sentinel = await pointing(() => {
      asked += 1;
      return asked < 3 ? replica : primary;
    });
    expect((await read(urlOf([sentinel]), ['app:a'])).map(inShort)).toEqual(['"x"']);
    expect(asked).toBe(3);
  });

  test('that goes on to name a replica is not believed', async () => {
    await using replica = await startRedis(['--replicaof', LOCAL, '1']);
    await using sentinel = await pointing(() => replica);
    const { reason, said } = await faultAt(urlOf([sentinel]), 800);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(/the Sentinels call \S+ the primary of main-config, but it is a replica/);
  });

  test('that is a server says so', async () => {
    await using redis = await startRedis();
    const { said } = await faultAt(urlOf([redis]));
    expect(said).toContain(`what answers at ${redis.host}:${redis.port} is no Sentinel`);
  });

  test('that answers nonsense is passed over', async () => {
    await using redis = await startRedis();
    await redis.admin.set('app:a', 'x');
    await using odd = await script(() => '*2\r\n$1\r\nh\r\n$3\r\nabc\r\n');
    await using sentinel = await pointing(() => redis);
    expect((await read(urlOf([odd, sentinel]), ['app:a'])).map(inShort)).toEqual(['"x"']);
  });

  test('of which none is reached is told, and each with its reason', async () => {
    const ports = [await freePort(), await freePort()];
    const url = urlOf(
      ports.map((port) => ({ host: LOCAL, port })),
      { login: `u:${encodeURIComponent(SECRET)}@` },
    );
    const { reason, said, milliseconds } = await faultAt(url);
    expect(reason).toBe('unreachable');
    expect(said).toMatch(
      /^no Sentinel tells where main-config is: nothing listens at .*; nothing listens at /,
    );
    for (const port of ports) expect(said).toContain(`:${port}`);
    expect(milliseconds).toBeLessThan(500);
    expect(storeAt(url).target).toBe(`redis+sentinel://${LOCAL}:${ports[0]},${LOCAL}:${ports[1]}/${NAME}/0`);
  });
});
