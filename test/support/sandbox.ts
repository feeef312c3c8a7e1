import { createHash } from 'node:crypto';
import { bytesOf, typeOf } from '../../src/core/content.ts';
import type { Observation } from '../../src/core/evidence.ts';
import { capture } from '../../src/core/key-pattern.ts';
import { phrase, vouch } from '../../src/core/phrase.ts';
import type { CommandRun, Sandbox, SandboxKey, Store } from '../../src/core/ports.ts';

/** A sandbox in memory, and the commands that a migration has there. */

/** Ends a migration in the middle, as being killed does. */
class Interruption extends Error {}

/** What a migration does, and the code that it exits with; nothing for 0. */
export type Migrate = (redis: FakeRedis) => number | undefined;

export interface FakeRedis {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  del(key: string): void;
  /** Milliseconds; absent for ever. */
  expire(key: string, ttl?: number): void;
  print(text: string): void;
}

export class FakeSandbox implements Sandbox {
  readonly url = 'redis://127.0.0.1:1/0';
  #keys = new Map<string, SandboxKey>();

  async fill(entries: Parameters<Sandbox['fill']>[0]): Promise<void> {
    this.#keys = new Map(
      entries.map(({ key, encoding, content, ttl }) => [
        key,
        {
          type: typeOf[encoding],
          digest: digestOf(bytesOf(content)),
          ...(content.kind === 'present' ? { bytes: content.bytes } : { fields: content.fields }),
          ...(ttl === undefined ? {} : { ttl }),
        },
      ]),
    );
  }

  async contents(): Promise<ReadonlyMap<string, SandboxKey>> {
    return new Map(this.#keys);
  }

  async writes(): Promise<number> {
    return 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Runs a migration, which is killed where it would go beyond so many writes. */
  run(migrate: Migrate, most = Number.POSITIVE_INFINITY): CommandRun {
    let writes = 0;
    let output = '';
    const written = (work: () => void) => {
      if (writes === most) throw new Interruption();
      work();
      writes += 1;
    };
    const redis: FakeRedis = {
      get: (key) => {
        const bytes = this.#keys.get(key)?.bytes;
        return bytes === undefined ? undefined : new TextDecoder().decode(bytes);
      },
      set: (key, value) =>
        written(() => {
          const bytes = new TextEncoder().encode(value);
          this.#keys.set(key, { type: 'string', digest: digestOf(bytes), bytes });
        }),
      del: (key) => written(() => this.#keys.delete(key)),
      expire: (key, ttl) =>
        written(() => {
          const { ttl: _ttl, ...rest } = this.#keys.get(key) ?? { type: 'string', digest: '' };
          this.#keys.set(key, ttl === undefined ? rest : { ...rest, ttl });
        }),
      print: (text) => {
        output += text;
      },
    };
    const ended = { signal: null, isTimedOut: false, isInterrupted: false };
    try {
      const exitCode = migrate(redis) ?? 0;
      return { ...ended, exitCode, output, writes };
    } catch (error) {
      if (!(error instanceof Interruption)) throw error;
      return { ...ended, exitCode: null, signal: 'SIGKILL', isInterrupted: true, output, writes };
    }
  }

  /** What looks at it as at any Redis. */
  store(): Store {
    const contents = this.#keys;
    const observe = (key: string): Observation => {
      const found = contents.get(key);
      if (found === undefined) return { kind: 'absent' };
      const ttl = found.ttl === undefined ? {} : { ttl: found.ttl };
      if (found.bytes !== undefined) return { kind: 'present', bytes: found.bytes, ...ttl };
      if (found.fields !== undefined) return { kind: 'fields', fields: found.fields, ...ttl };
      return { kind: 'wrong-type', type: found.type };
    };
    return {
      target: vouch('the sandbox'),
      read: async (asked) => asked.map(({ key }) => ({ observation: observe(key) })),
      scan: async function* (this: void, { pattern, isOurs }) {
        const keys = [...contents.keys()].filter((key) => capture(pattern, key) !== undefined && isOurs(key));
        yield keys.map((key) => ({ key, observation: observe(key) }));
      },
      find: async () => ({ kind: 'found', names: [], databases: new Map() }),
      audit: async () => ({ kind: 'unknown', fault: untold }),
    };
  }
}

const untold = {
  reason: 'unreadable',
  phrase: phrase`it is in memory`,
  advice: phrase`nobody has to do anything`,
} as const;

function digestOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
