import { describe, expect, test } from 'vitest';
import { ajvCompiler } from '../src/adapters/ajv/compiler.ts';
import type { ConfigSpec } from '../src/core/evidence.ts';
import type { Json } from '../src/core/json.ts';
import { keyPattern, type PatternSpec } from '../src/core/key-pattern.ts';
import { phrase, vouch } from '../src/core/phrase.ts';
import { plain } from '../src/core/plain.ts';
import { type CommandRun, type Files, type SandboxEntry, StoreFault } from '../src/core/ports.ts';
import { exitCodeOf, type Migration, type Proof, type Rehearsal } from '../src/core/rehearsal.ts';
import { readSchema } from '../src/gather.ts';
import { rehearse } from '../src/rehearse.ts';
import { fileOf, NOW, spec, utf8 } from './checks/evidence.ts';
import { type FakeRedis, FakeSandbox, type Migrate } from './support/sandbox.ts';

const TOKEN = 'tok-7f3a9c51';

const prefs: ConfigSpec = {
  ...spec('processing_prefs'),
  name: vouch('prefs'),
  key: vouch('app:prefs'),
  storedKey: 'app:prefs',
  schema: [vouch('schemas/prefs.schema.json')],
  fallback: [],
  drift: { watch: false, ignore: [] },
  identity: [],
  freshness: { at: ['_updated_at'], expected: true },
  visibility: {
    ...{ show: [], showWords: [], showText: [], hiddenNames: [], secretNames: [] },
    secret: [['token']],
  },
  compatibility: 'forward',
  cases: { folder: vouch('schemas/cases/prefs'), isNamed: false },
};

/** The old one is narrower in modes and names, and wider in retries. */
function schema(then: { readonly most: number; readonly required: string[]; readonly modes: string[] }) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      version: { enum: [1, 2] },
      retries: { type: 'integer', maximum: then.most },
      mode: { enum: then.modes },
      token: { type: 'string' },
      _updated_at: { type: 'string', format: 'date-time' },
    },
    required: then.required,
  };
}

const head = schema({ most: 10, required: ['version', 'retries'], modes: ['fast', 'slow', 'eager'] });
const base = {
  ...schema({ most: 100, required: ['version'], modes: ['fast', 'slow'] }),
  propertyNames: { not: { const: 'colour' } },
};

const value = {
  ...{ version: 1, retries: 3, mode: 'fast', token: TOKEN },
  _updated_at: '2026-11-02T20:00:00Z',
};

const HOUR = 3_600_000;

/** By key, text and time to live. */
const before: readonly (readonly [string, string, number?])[] = [
  ['app:prefs', JSON.stringify(value)],
  ['app:session', 'of somebody', HOUR],
  ['app:tmp:old', 'x'],
];

const migration: Migration = {
  allow: [
    { kind: 'config', config: 'prefs', at: [['version'], ['retries'], ['mode'], ['colour']] },
    { kind: 'key', pattern: keyPattern('', 'app:tmp:*') },
  ],
};

function entryOf([key, text, ttl]: (typeof before)[number]): SandboxEntry {
  const content = { kind: 'present', bytes: utf8(text) } as const;
  return { key, encoding: 'json', content, ...(ttl === undefined ? {} : { ttl }) };
}

function workspace(text: Json): Files {
  return {
    read: async (path) =>
      path === 'schemas/prefs.schema.json' ? fileOf(JSON.stringify(text)) : { kind: 'missing' },
    list: async () => ({ kind: 'missing' }),
  };
}

function edit(redis: FakeRedis, change: Readonly<Record<string, Json | undefined>>): void {
  const text = redis.get('app:prefs') ?? '{}';
  const next = JSON.stringify({ ...JSON.parse(text), ...change });
  if (next !== text) redis.set('app:prefs', next);
}

function remove(redis: FakeRedis, key: string): void {
  if (redis.get(key) !== undefined) redis.del(key);
}

/** Two writes, and none when they are done already. */
function behave(redis: FakeRedis, change: Readonly<Record<string, Json | undefined>> = {}): undefined {
  remove(redis, 'app:tmp:old');
  edit(redis, { version: 2, ...change });
}

/** Everything as it was. */
function restore(redis: FakeRedis): undefined {
  for (const [key, text, ttl] of before) {
    redis.set(key, text);
    redis.expire(key, ttl);
  }
  for (const key of ['app:tmp:new', 'app:tmp:done']) remove(redis, key);
}

interface Act {
  readonly migrate: Migrate;
  /** Absent when nothing takes it back. */
  readonly rollback?: Migrate;
  readonly spec?: Partial<ConfigSpec>;
  readonly old?: 'unknown';
  readonly initial?: readonly SandboxEntry[];
  readonly migration?: Migration;
  readonly patterns?: readonly PatternSpec[];
  /** Changes how a run ended. */
  readonly ending?: (run: CommandRun) => CommandRun;
}

async function play(act: Act): Promise<Rehearsal> {
  const sandbox = new FakeSandbox();
  const compiler = ajvCompiler();
  const ending = act.ending ?? ((run) => run);
  const specs = [{ ...prefs, ...act.spec }];
  const baseSchemas = new Map([
    ['prefs', await readSchema(prefs.schema, { files: workspace(base), compiler })],
  ]);
  const { migrate, rollback } = act;
  return rehearse(
    {
      ...{ specs, patterns: act.patterns ?? [], secrets: [], migration: act.migration ?? migration },
      initial: act.initial ?? before.map(entryOf),
      ...(act.old === 'unknown' ? {} : { baseSchemas }),
    },
    {
      ...{ sandbox, compiler, digest: () => '00000000', now: () => NOW, files: workspace(head) },
      storeOf: () => sandbox.store(),
      run: async (most) => ending(sandbox.run(migrate, most)),
      ...(rollback === undefined ? {} : { rollback: async () => ending(sandbox.run(rollback)) }),
    },
  );
}

function told({ proofs }: Rehearsal): Readonly<Record<string, string>> {
  return Object.fromEntries(proofs.map(({ id, status }) => [id, status]));
}

function wordsOf({ proofs }: Rehearsal, id: Proof['id']): readonly string[] {
  const found = proofs.find((proof) => proof.id === id);
  return found === undefined ? [] : [found.phrase, ...found.evidence].map(plain);
}

const allProved = { a: 'proved', b: 'proved', c: 'proved', d: 'proved', e: 'proved', f: 'proved' };

test('a well-behaved migration passes all', async () => {
  const rehearsal = await play({ migrate: (redis) => behave(redis), rollback: restore });
  expect(rehearsal.proofs.map((proof) => `${proof.id} ${proof.status}: ${plain(proof.phrase)}`)).toEqual([
    'a proved: 1 config verified',
    'b proved: 2 changes, all of them allowed',
    'c proved: the second run changed nothing',
    'd proved: interrupted after 1 of 2 writes, the next run came to the same',
    'e proved: everything is as it was',
    'f proved: 1 value accepted',
  ]);
  expect(rehearsal.runs.map(({ what }) => what)).toEqual([
    'first',
    'second',
    'before-rollback',
    'rollback',
    'interrupted',
    'resumed',
  ]);
  expect(exitCodeOf(rehearsal)).toBe(0);
});

describe('what a migration does wrong is caught by the proof that it is about, and by no other:', () => {
  const wrong: readonly (readonly [Proof['id'], string, Pick<Act, 'migrate' | 'rollback'>, string[]])[] = [
    [
      'a',
      'a value that the schema refuses',
      { migrate: (redis) => behave(redis, { retries: 99 }) },
      ['1 config invalid after it', 'prefs /retries: expected at most 10; found ‹hidden number, #00000000›'],
    ],
    [
      'a',
      'a member that is missing',
      { migrate: (redis) => behave(redis, { retries: undefined }) },
      ['1 config invalid after it', 'prefs: the property retries is missing'],
    ],
    [
      'b',
      'a key that is none of its business',
      {
        migrate: (redis) => {
          behave(redis);
          if (redis.get('app:session') === 'of somebody') {
            redis.set('app:session', 'of nobody');
            redis.expire('app:session', HOUR);
          }
          return undefined;
        },
      },
      ['1 change that nothing allows', 'app:session: it holds something else'],
    ],
    [
      'b',
      'a time to live that gets lost',
      {
        migrate: (redis) => {
          redis.set('app:session', redis.get('app:session') ?? '');
          return behave(redis);
        },
      },
      ['1 change that nothing allows', 'app:session: its time to live is another'],
    ],
    [
      'b',
      'a place of a config that it should leave alone',
      { migrate: (redis) => behave(redis, { token: 'another' }) },
      ['1 change that nothing allows', 'app:prefs /token: changed'],
    ],
    [
      'c',
      'a count that goes up with each run',
      {
        migrate: (redis) => {
          remove(redis, 'app:tmp:old');
          const { retries } = JSON.parse(redis.get('app:prefs') ?? '{}');
          return void edit(redis, { version: 2, retries: retries + 1 });
        },
      },
      ['the second run made 1 change', 'app:prefs /retries: changed'],
    ],
    [
      'c',
      'a second run that fails',
      {
        migrate: (redis) => {
          if (JSON.parse(redis.get('app:prefs') ?? '{}').version === 2) return 1;
          return behave(redis);
        },
      },
      ['the second run failed: it ended with exit code 1'],
    ],
    [
      'd',
      'a mark that it is done, made before it is',
      {
        migrate: (redis) => {
          if (redis.get('app:tmp:done') !== undefined) return;
          redis.set('app:tmp:done', '1');
          return void edit(redis, { version: 2 });
        },
      },
      ['interrupted after 1 of 2 writes, the next run came to 1 difference', 'app:prefs /version: changed'],
    ],
    [
      'd',
      'a key that is moved in two steps',
      {
        migrate: (redis) => {
          if (redis.get('app:tmp:new') !== undefined) return;
          const moved = redis.get('app:tmp:old');
          if (moved === undefined) return 1;
          redis.del('app:tmp:old');
          redis.set('app:tmp:new', moved);
          return undefined;
        },
      },
      ['interrupted after 1 of 2 writes, the next run failed: it ended with exit code 1'],
    ],
    [
      'e',
      'a rollback that forgets a key',
      { migrate: (redis) => behave(redis), rollback: (redis) => void edit(redis, { version: 1 }) },
      ['1 difference from the first state', 'app:tmp:old: the key is gone'],
    ],
    [
      'e',
      'a rollback that fails',
      { migrate: (redis) => behave(redis), rollback: () => 4 },
      ['the rollback failed: it ended with exit code 4'],
    ],
    [
      'f',
      'a word that old instances do not know',
      { migrate: (redis) => behave(redis, { mode: 'eager' }) },
      [
        '1 objection of an old schema',
        'app:prefs /mode: expected "fast" or "slow"; found ‹hidden string, 5 characters, #00000000›',
      ],
    ],
    [
      'f',
      'a member that old instances refuse',
      { migrate: (redis) => behave(redis, { colour: 'red' }) },
      [
        '1 objection of an old schema',
        'app:prefs /colour: the name of this property: it is what the schema rules out',
      ],
    ],
  ];
  test.each(wrong)('(%s) %s', async (id, _fact, act, words) => {
    const rehearsal = await play({ rollback: restore, ...act });
    expect(told(rehearsal)).toEqual({ ...allProved, [id]: 'refuted' });
    expect(wordsOf(rehearsal, id)).toEqual(words);
    expect(exitCodeOf(rehearsal)).toBe(1);
  });
});

describe('what is not asked for is no verdict:', () => {
  test('without a command that rolls it back', async () => {
    const rehearsal = await play({ migrate: (redis) => behave(redis) });
    expect(told(rehearsal)).toEqual({ ...allProved, e: 'not-asked' });
    expect(exitCodeOf(rehearsal)).toBe(0);
  });

  test.each(['none', 'backward'] as const)('old schemas, where the compatibility is %s', async (asked) => {
    const act = { migrate: (redis: FakeRedis) => behave(redis, { mode: 'eager' }), rollback: restore };
    const rehearsal = await play({ ...act, spec: { compatibility: asked } });
    expect(told(rehearsal)).toEqual({ ...allProved, f: 'not-asked' });
    expect(exitCodeOf(rehearsal)).toBe(0);
  });
});

describe('a run that fails refutes (a), and leaves the rest unchecked:', () => {
  const failed = {
    a: 'refuted',
    b: 'unchecked',
    c: 'unchecked',
    d: 'unchecked',
    e: 'unchecked',
    f: 'unchecked',
  };

  test('one that exits 3', async () => {
    const rehearsal = await play({ migrate: () => 3, rollback: restore });
    expect(told(rehearsal)).toEqual(failed);
    expect(wordsOf(rehearsal, 'a')).toEqual(['the migration failed: it ended with exit code 3']);
    expect(wordsOf(rehearsal, 'b')).toEqual(['the migration failed']);
    expect(exitCodeOf(rehearsal)).toBe(1);
  });

  test.each([
    ['one that takes too long', { isTimedOut: true }, 'it took too long, and was ended'],
    ['one that is killed', { signal: 'SIGSEGV' }, 'it was ended by SIGSEGV'],
    ['one that cannot be started', {}, 'nobody knows how it ended'],
  ])('%s', async (_fact, how, said) => {
    const ending = (run: CommandRun) => ({ ...run, exitCode: null, ...how });
    const rehearsal = await play({ migrate: (redis) => behave(redis), rollback: restore, ending });
    expect(told(rehearsal)).toEqual(failed);
    expect(wordsOf(rehearsal, 'a')).toEqual([`the migration failed: ${said}`]);
  });

  test('and what is not asked stays so', async () => {
    const rehearsal = await play({ migrate: () => 3, spec: { compatibility: 'none' } });
    expect(told(rehearsal)).toEqual({ ...failed, e: 'not-asked', f: 'not-asked' });
  });
});

describe('what nobody can tell is unchecked:', () => {
  test('old schemas that nobody knows', async () => {
    const act = { migrate: (redis: FakeRedis) => behave(redis), rollback: restore };
    const rehearsal = await play({ ...act, old: 'unknown' });
    expect(told(rehearsal)).toEqual({ ...allProved, f: 'unchecked' });
    expect(exitCodeOf(rehearsal)).toBe(2);
  });

  test('a config without a schema', async () => {
    const act = { migrate: (redis: FakeRedis) => behave(redis), rollback: restore };
    const rehearsal = await play({ ...act, spec: { schema: [vouch('schemas/none.json')] } });
    expect(told(rehearsal)).toEqual({ ...allProved, a: 'unchecked' });
  });

  test('an interruption that does not come about', async () => {
    const ending = (run: CommandRun) =>
      run.isInterrupted ? { ...run, exitCode: 0, signal: null, isInterrupted: false } : run;
    const rehearsal = await play({ migrate: (redis) => behave(redis), rollback: restore, ending });
    expect(told(rehearsal)).toEqual({ ...allProved, d: 'unchecked' });
    expect(wordsOf(rehearsal, 'd')).toEqual(['it ended before its write 1, where it was to be interrupted']);
  });

  test('changes that no write was seen of', async () => {
    const ending = (run: CommandRun) => ({ ...run, writes: 0 });
    const rehearsal = await play({ migrate: (redis) => behave(redis), rollback: restore, ending });
    expect(told(rehearsal)).toEqual({ ...allProved, d: 'unchecked' });
  });
});

test('what writes nothing has nothing that could go wrong', async () => {
  const rehearsal = await play({ migrate: () => undefined, rollback: () => undefined });
  expect(told(rehearsal)).toEqual(allProved);
  expect(wordsOf(rehearsal, 'd')).toEqual(['it writes nothing']);
});

test('a single write is interrupted before it', async () => {
  const rehearsal = await play({ migrate: (redis) => void edit(redis, { version: 2 }), rollback: restore });
  expect(told(rehearsal)).toEqual(allProved);
  expect(wordsOf(rehearsal, 'd')).toEqual(['interrupted after 0 of 1 write, the next run came to the same']);
});

describe('the time of a save is free:', () => {
  test('whoever writes it with each run is told so, and not blamed', async () => {
    let second = 0;
    const migrate = (redis: FakeRedis) => {
      second += 1;
      return behave(redis, { _updated_at: `2026-11-03T09:00:0${second}Z` });
    };
    const rehearsal = await play({ migrate, rollback: (redis) => void restore(redis) });
    expect(told(rehearsal)).toEqual(allProved);
    expect(wordsOf(rehearsal, 'c')).toEqual([
      'the second run changed nothing but the time of a save',
      'app:prefs: saved anew',
    ]);
  });

  test('a rollback may write one too', async () => {
    const rollback = (redis: FakeRedis) => {
      restore(redis);
      edit(redis, { _updated_at: '2026-11-03T09:00:00Z' });
      return undefined;
    };
    expect(told(await play({ migrate: (redis) => behave(redis), rollback }))).toEqual(allProved);
  });
});

test('without a manifest nothing but the time of a save may change', async () => {
  const act = { migrate: (redis: FakeRedis) => behave(redis), rollback: restore };
  const rehearsal = await play({ ...act, migration: { allow: [] } });
  expect(told(rehearsal)).toEqual({ ...allProved, b: 'refuted' });
  expect(wordsOf(rehearsal, 'b')).toEqual([
    '2 changes that nothing allows',
    'app:prefs /version: changed',
    'app:tmp:old: the key is gone',
  ]);
});

test('of many changes the first ten are told, and how many more there are', async () => {
  const migrate = (redis: FakeRedis) => {
    for (let number = 10; number < 25; number += 1) {
      if (redis.get(`app:n:${number}`) === undefined) redis.set(`app:n:${number}`, 'x');
    }
    return undefined;
  };
  const { proofs } = await play({ migrate });
  const b = proofs.find(({ id }) => id === 'b');
  expect([b?.evidence.length, b?.more, plain(b?.phrase ?? [])]).toEqual([
    10,
    5,
    '15 changes that nothing allows',
  ]);
});

describe('secrets of the configs appear nowhere:', () => {
  test('neither in output nor in names of keys', async () => {
    const migrate = (redis: FakeRedis) => {
      redis.print(`token: ${JSON.stringify({ token: TOKEN })}\n`);
      redis.set(`app:by-token:${TOKEN}`, 'x');
      return behave(redis);
    };
    const rehearsal = await play({ migrate, rollback: restore });
    expect(rehearsal.runs[0]?.output).toBe('token: {"token":"‹hidden›"}\n');
    expect(wordsOf(rehearsal, 'b')[1]).toBe(
      'app:by-token:‹hidden›: there is such a key now, and there was none',
    );
    expect(JSON.stringify(rehearsal)).not.toContain(TOKEN);
  });

  test('one that the migration made is hidden in what was printed before anybody could know it', async () => {
    const migrate = (redis: FakeRedis) => {
      redis.print('now new-token-4711');
      return behave(redis, { token: 'new-token-4711' });
    };
    const rehearsal = await play({ migrate });
    expect(rehearsal.runs[0]?.output).toBe('now ‹hidden›');
    expect(JSON.stringify(rehearsal)).not.toContain('new-token-4711');
  });

  test('where they may lie in what cannot be read, no output is told', async () => {
    const migrate = (redis: FakeRedis) => {
      redis.print(`saving ${TOKEN}`);
      redis.set('app:prefs', `{"token":"${TOKEN}"`);
      return undefined;
    };
    const rehearsal = await play({ migrate, initial: [entryOf(['app:prefs', '{"token":'])] });
    expect(rehearsal.runs[0]?.output).toMatch(/^‹hidden: /);
    expect(JSON.stringify(rehearsal)).not.toContain(TOKEN);
  });

  test('what varies in keys of a pattern that hides names', async () => {
    const rule: PatternSpec = {
      ...{ pattern: keyPattern('', 'app:link:*'), limit: 100, hidesNames: true },
      template: { ...prefs, name: vouch('links'), key: vouch('app:link:*'), compatibility: 'none' },
    };
    const migrate = (redis: FakeRedis) => {
      redis.print('link secret-link-1 is done');
      redis.set('app:link:secret-link-1', JSON.stringify({ ...value, version: 2 }));
      return undefined;
    };
    const initial = [entryOf(['app:link:secret-link-1', JSON.stringify(value)]), ...before.map(entryOf)];
    const rehearsal = await play({ migrate, initial, patterns: [rule] });
    expect(told(rehearsal)).toEqual({ ...allProved, b: 'refuted', e: 'not-asked' });
    expect(wordsOf(rehearsal, 'b')[1]).toBe('‹#00000000› /version: changed');
    expect(JSON.stringify(rehearsal)).not.toContain('secret-link-1');
  });
});

test('a sandbox that is gone leaves unproved what was not proved by then', async () => {
  const fault = { reason: 'unreadable', phrase: phrase`nobody answers`, advice: phrase`look` } as const;
  let runs = 0;
  const ending = (run: CommandRun) => {
    runs += 1;
    if (runs === 2) throw new StoreFault(fault);
    return run;
  };
  const rehearsal = await play({ migrate: (redis) => behave(redis), rollback: restore, ending });
  expect(told(rehearsal)).toEqual({ ...allProved, c: 'unchecked', d: 'unchecked', e: 'unchecked' });
  expect(wordsOf(rehearsal, 'c')).toEqual(['nobody answers']);
});
