import type { Backup } from '../../src/adapters/snapshot/backup.ts';

/** In two of the values. */
export const SECRET = 'Tr0ub4dor&3';

/** Of keys and files, of what was there and what wasn't. */
export const backup: Backup = {
  plan: `sha256:${'a'.repeat(64)}`,
  takenAt: Date.UTC(2026, 10, 3, 8, 30),
  target: {
    url: 'redis://h:6379/0',
    address: 'h:6379',
    database: 0,
    run: `hmac-sha256:${'b'.repeat(64)}`,
    replication: null,
  },
  entries: [
    {
      to: 'redis',
      config: 'routing_rules',
      key: 'r:routing_rules',
      encoding: 'json',
      before: { ...bytes(`{"password":"${SECRET}"}`), ttl: 5000 },
      after: bytes('{"password":"another"}'),
    },
    {
      to: 'redis',
      config: 'limits',
      key: 'r:limits',
      encoding: 'hash',
      before: fields([
        ['b', Buffer.from([0xff, 0xfe])],
        ['a', Buffer.from(SECRET)],
      ]),
      after: fields([['a', Buffer.from('1')]]),
    },
    {
      to: 'redis',
      config: 'tokens',
      key: 'r:tokens',
      encoding: 'redisjson',
      before: { kind: 'absent' },
      after: bytes('{}'),
    },
    {
      to: 'file',
      config: 'routing_rules',
      path: 'debug/routing_rules.json',
      before: bytes('\ufeff{ }\r\n'),
      after: bytes('{}\n'),
    },
    {
      to: 'file',
      config: 'limits',
      path: 'debug/limits.json',
      before: { kind: 'absent' },
      after: bytes('{"a":1}\n'),
    },
  ],
};

export function bytes(text: string): { readonly kind: 'present'; readonly bytes: Uint8Array } {
  return { kind: 'present', bytes: Buffer.from(text) };
}

export function fields(pairs: readonly (readonly [string, Buffer])[]) {
  return {
    kind: 'fields',
    fields: pairs.map(([name, value]) => ({ name: Buffer.from(name), value })),
  } as const;
}
