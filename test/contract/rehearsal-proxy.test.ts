import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type CommandTable, commandTable } from '../../src/adapters/rehearsal/command-table.ts';
import { type CountingProxy, startProxy } from '../../src/adapters/rehearsal/proxy.ts';
import { startRedis, type TestRedis } from '../support/redis.ts';

let redis: TestRedis;
let table: CommandTable;

beforeAll(async () => {
  redis = await startRedis();
  table = commandTable(await redis.admin.call('COMMAND'));
});
afterAll(() => redis[Symbol.asyncDispose]());
beforeEach(async () => void (await redis.admin.flushall()));

interface Opened extends CountingProxy, AsyncDisposable {
  readonly isInterrupted: () => boolean;
  client(): Socket;
}

async function open(after?: number): Promise<Opened> {
  let isInterrupted = false;
  const onReached = () => {
    isInterrupted = true;
  };
  const { host, port } = redis;
  const interruption = after === undefined ? {} : { interruption: { after, onReached } };
  const proxy = await startProxy({ target: { host, port }, table, ...interruption });
  return {
    ...proxy,
    isInterrupted: () => isInterrupted,
    client: () =>
      connect({ host: '127.0.0.1', port: proxy.port, noDelay: true }).on('error', () => undefined),
    [Symbol.asyncDispose]: proxy.close,
  };
}

/** As clients spell a command. */
function request(...words: readonly string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

function sets(count: number, name = 'k'): string {
  return Array.from({ length: count }, (_, index) => request('SET', `${name}${index}`, 'x\r\n*1\r\n')).join(
    '',
  );
}

/** All that comes until the other end closes. */
async function answersTo(client: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  client.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => client.once('close', resolve));
  return Buffer.concat(chunks).toString();
}

/** Whatever is said comes in pieces of any length. */
async function inPieces(client: Socket, text: string): Promise<void> {
  for (let at = 0, size = 1; at < text.length; at += size, size = (size * 7) % 31) {
    client.write(text.slice(at, at + size));
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('the proxy', () => {
  test('counts what comes in pieces', async () => {
    await using proxy = await open();
    const client = proxy.client();
    const answers = answersTo(client);
    await inPieces(client, `${sets(20)}${request('GET', 'k1')}PING\r\nset inline 1\r\n${request('QUIT')}`);
    expect(await answers).toBe(`${'+OK\r\n'.repeat(20)}$7\r\nx\r\n*1\r\n\r\n+PONG\r\n+OK\r\n+OK\r\n`);
    expect(proxy.writes()).toBe(21);
  });

  test('sees a pipeline through whose client is gone at once', async () => {
    await using proxy = await open();
    const client = proxy.client();
    client.write(sets(2000), () => client.destroy());
    await once(client, 'close');
    await proxy.settle();
    expect([proxy.writes(), await redis.admin.dbsize()]).toEqual([2000, 2000]);
  });

  test('hands out all of a long answer to one who has said all', async () => {
    await using proxy = await open();
    await redis.admin.set('long', 'x'.repeat(5_000_000));
    const client = proxy.client();
    client.end(`${request('GET', 'long')}${request('SET', 'after', '1')}`);
    expect(await answersTo(client)).toHaveLength(5_000_000 + '$5000000\r\n\r\n+OK\r\n'.length);
    expect(proxy.writes()).toBe(1);
  });

  test('takes a request of many words', async () => {
    await using proxy = await open();
    const client = proxy.client();
    client.end(request('RPUSH', 'list', ...Array.from({ length: 50_000 }, (_, index) => `item${index}`)));
    expect(await answersTo(client)).toBe(':50000\r\n');
    expect(proxy.writes()).toBe(1);
  });

  test('passes over what nobody asked for', async () => {
    await using proxy = await open();
    const client = proxy.client();
    const answers = answersTo(client);
    client.write(`${request('HELLO', '3')}${request('CLIENT', 'TRACKING', 'ON', 'BCAST')}${sets(3)}`);
    await new Promise<void>((resolve) => {
      client.on('data', (chunk) => chunk.includes('invalidate') && resolve());
    });
    client.write(`${request('HGETALL', 'none')}${request('LPUSH', 'k0', '1')}${sets(2)}${request('QUIT')}`);
    expect(await answers).toContain('invalidate');
    expect(proxy.writes()).toBe(5);
  });

  test('counts nothing of a transaction that was given up because of a watched key', async () => {
    await using proxy = await open();
    const watcher = new Redis(proxy.port);
    await watcher.watch('a');
    await redis.admin.set('a', 'other');
    expect(await watcher.multi().set('a', '1').set('b', '1').exec()).toBeNull();
    await watcher.set('c', '1');
    watcher.disconnect();
    expect(proxy.writes()).toBe(1);
  });

  test('leaves the answer to nonsense to the server', async () => {
    await using proxy = await open();
    const client = proxy.client();
    client.write(`${sets(1)}*1\r\nnonsense\r\n`);
    expect(await answersTo(client)).toMatch(/^\+OK\r\n-ERR Protocol error/);
    expect(proxy.writes()).toBe(1);
  });

  test('closes while clients are connected', async () => {
    const proxy = await open();
    const client = proxy.client();
    await once(client, 'connect');
    await proxy.close();
    if (!client.closed) await once(client, 'close');
    expect(client.destroyed).toBe(true);
  });
});

describe('an interruption', () => {
  test.each([1, 37, 99, 299])(
    'after %i writes lets exactly those through, however they come',
    async (after) => {
      await using proxy = await open(after);
      const clients = Array.from({ length: 3 }, () => proxy.client());
      const ended = Promise.all(clients.map(answersTo));
      await Promise.all(clients.map((client, index) => inPieces(client, sets(100, `k${index}-`))));
      await ended;
      expect([proxy.isInterrupted(), proxy.writes()]).toEqual([true, after]);
      expect(await redis.admin.dbsize()).toBe(after);
    },
  );

  test('that is nobody’s turn to reach keeps nobody waiting', async () => {
    await using proxy = await open(100);
    const client = proxy.client();
    client.end(`${sets(99)}${request('LPUSH', 'k1', '1')}${request('GET', 'k1')}`);
    expect((await answersTo(client)).match(/OK/g)).toHaveLength(99);
    expect([proxy.isInterrupted(), proxy.writes()]).toEqual([false, 99]);
  });

  test('is not held up by one who listens from then on', async () => {
    await using proxy = await open(4);
    const [listener, writer] = [proxy.client(), proxy.client()];
    listener.write(`${sets(2, 'first')}${request('SUBSCRIBE', 'channel')}`);
    await once(listener, 'data');
    writer.write(sets(9));
    await Promise.all([answersTo(writer), answersTo(listener)]);
    expect([proxy.isInterrupted(), proxy.writes(), await redis.admin.dbsize()]).toEqual([true, 4, 4]);
  });

  test('lets a transaction pass whole, and nothing after it', async () => {
    await using proxy = await open(2);
    const client = proxy.client();
    const transaction = `${request('MULTI')}${sets(5)}${request('EXEC')}`;
    client.write(`${sets(1, 'first')}${transaction}${sets(3, 'late')}`);
    await answersTo(client);
    expect([proxy.isInterrupted(), proxy.writes(), await redis.admin.dbsize()]).toEqual([true, 6, 6]);
  });
});
