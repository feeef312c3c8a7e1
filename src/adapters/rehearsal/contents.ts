import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import type { Field } from '../../core/evidence.ts';
import type { SandboxKey } from '../../core/ports.ts';

/** What a key holds; nothing when it has expired meanwhile. Throws what the client throws. */
export async function describeKey(redis: Redis, key: Buffer): Promise<SandboxKey | undefined> {
  // They arrive together: the client sends at once what is asked without waiting.
  const [type, ttl] = await Promise.all([redis.type(key), redis.pttl(key)]);
  if (type === 'none') return undefined;
  const held = await holdingOf(redis, key, type);
  if (held === undefined) return undefined;
  return { type, ...(ttl < 0 ? {} : { ttl }), ...held };
}

type Held = Omit<SandboxKey, 'type' | 'ttl'>;

async function holdingOf(redis: Redis, key: Buffer, type: string): Promise<Held | undefined> {
  switch (type) {
    case 'string': {
      const bytes = await redis.getBuffer(key);
      return bytes === null ? undefined : { digest: digestOf([bytes]), bytes };
    }
    case 'hash': {
      const fields = fieldsOf(await redis.callBuffer('HGETALL', key));
      return { digest: digestOf(fields.flatMap(({ name, value }) => [name, value])), fields };
    }
    case 'list':
      return { digest: digestOf(await redis.lrangeBuffer(key, 0, -1)) };
    case 'set':
      return {
        digest: digestOf(
          [...(await redis.smembersBuffer(key))].sort((one, other) => Buffer.compare(one, other)),
        ),
      };
    case 'zset':
      return { digest: digestOf([await redis.callBuffer('ZRANGE', key, 0, -1, 'WITHSCORES')]) };
    case 'stream': {
      const parts = await Promise.all([
        redis.callBuffer('XRANGE', key, '-', '+'),
        redis.callBuffer('XINFO', 'STREAM', key).then((info) => memberOf(info, 'last-generated-id')),
        redis.callBuffer('XINFO', 'GROUPS', key),
      ]);
      return { digest: digestOf(parts) };
    }
    case 'ReJSON-RL': {
      const bytes = await redis.callBuffer('JSON.GET', key);
      return bytes instanceof Uint8Array ? { digest: digestOf([bytes]), bytes } : undefined;
    }
    default: {
      // Of another module: the same server spells the same content the same, or looks different and is looked at.
      const dump = await redis.dumpBuffer(key);
      return dump === null ? undefined : { digest: digestOf([dump]) };
    }
  }
}

/** By name: Redis tells them in no order. */
function fieldsOf(reply: unknown): readonly Field[] {
  const items: readonly unknown[] = Array.isArray(reply) ? reply : [];
  const bytes = items.filter((item) => item instanceof Uint8Array);
  const pairs = bytes.flatMap((name, index) => {
    const value = bytes[index + 1];
    return index % 2 === 0 && value !== undefined ? [{ name, value }] : [];
  });
  return pairs.sort((one, other) => Buffer.compare(one.name, other.name));
}

function memberOf(list: unknown, name: string): unknown {
  const items: readonly unknown[] = Array.isArray(list) ? list : [];
  const index = items.findIndex((item) => item instanceof Uint8Array && `${item}` === name);
  return index < 0 ? null : items[index + 1];
}

/** Every part with its length, so that none can be mistaken for the end of another. */
function digestOf(parts: readonly unknown[]): string {
  const hash = createHash('sha256');
  const add = (part: unknown) => {
    if (Array.isArray(part)) {
      hash.update(`[${part.length}:`);
      part.forEach(add);
    } else if (part instanceof Uint8Array) {
      hash.update(`${part.length}:`).update(part);
    } else {
      hash.update(`=${part};`);
    }
  };
  parts.forEach(add);
  return hash.digest('hex');
}
