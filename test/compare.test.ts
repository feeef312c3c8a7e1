import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { workspaceFiles } from '../src/adapters/files.ts';
import { isOfShard } from '../src/adapters/redis/shard.ts';
import { begun, type CompareRequest, type CompareState, compare } from '../src/compare.ts';
import { type DifferenceKind, differenceKinds } from '../src/core/comparison.ts';
import { phrase } from '../src/core/phrase.ts';
import type { Holding, Trove } from '../src/core/ports.ts';
import { compareRun, readStoreName } from '../src/faces/compare.ts';
import { compareInWords } from '../src/faces/compare-text.ts';
import { filesTrove } from '../src/files-trove.ts';
import { guardedApp } from '../src/guarded-app.ts';
import { colourless } from '../src/reporters/index.ts';
import { project } from './support/run.ts';
import { held, memoryTrove } from './support/trove.ts';

const utf8 = (text: string) => new TextEncoder().encode(text);
const map = [{ from: utf8('old:'), to: utf8('new:') }];
const request: CompareRequest = {
  match: '*',
  map: [],
  ttlTolerance: 5000,
  encodings: true,
  rounds: 3,
  pause: 1000,
  isOurs: () => true,
};
const unreadable: Holding = {
  kind: 'unreadable',
  fault: { reason: 'unauthorized', phrase: phrase`no`, advice: phrase`no` },
};

/** A file of differences and a state on a disk that survive whatever is thrown. */
function disk(fail: () => void = () => undefined) {
  const kept = { lines: '', state: begun };
  const ports = {
    guideOf: () => undefined,
    digest: (text: string) => `keyed ${text.length}`,
    clock: () => 0,
    sleep: async () => undefined,
    write: async (lines: string) => {
      fail();
      kept.lines += lines;
      fail();
      return Buffer.byteLength(kept.lines);
    },
    save: async (state: CompareState) => {
      fail();
      kept.state = JSON.parse(JSON.stringify(state));
      fail();
    },
  };
  const told = () =>
    kept.lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line))
      .map(({ key, kind }) => `${kind} ${key}`)
      .sort();
  return { kept, ports, told };
}

const planted = fc.record({
  plan: fc.array(
    fc.tuple(
      fc.constantFrom('old:', 'a:', 'b:{t}'),
      fc.constantFrom<DifferenceKind | 'same'>('same', 'same', ...differenceKinds),
    ),
    { maxLength: 80 },
  ),
  size: fc.integer({ min: 1, max: 30 }),
});

function plant(plan: readonly (readonly [string, DifferenceKind | 'same'])[]) {
  const [from, to]: Map<string, Holding>[] = [new Map(), new Map()] as Map<string, Holding>[];
  const expected: string[] = [];
  for (const [index, [prefix, kind]] of plan.entries()) {
    const key = `${prefix}${index}`;
    const mappedTo = key.replace(/^old:/, 'new:');
    if (kind !== 'extra') from?.set(key, held('v', { encoding: 'raw', ttl: 9000 }));
    if (kind !== 'missing') to?.set(mappedTo, counterpart(kind));
    if (kind !== 'same') expected.push(`${kind} ${key}`);
  }
  return { from: from ?? new Map(), to: to ?? new Map(), expected: expected.sort() };
}

function counterpart(kind: DifferenceKind | 'same'): Holding {
  switch (kind) {
    case 'type':
      return held('v', { type: 'list' });
    case 'value':
      return held('w', { encoding: 'raw', ttl: 9000 });
    case 'ttl':
      return held('v', { encoding: 'raw' });
    case 'encoding':
      return held('v', { encoding: 'embstr', ttl: 5000 });
    case 'unreadable':
      return unreadable;
    default:
      return held('v', { encoding: 'raw', ttl: 5000 });
  }
}

test('what is planted is found, and nothing else, in all shards together', async () => {
  await fc.assert(
    fc.asyncProperty(planted, fc.integer({ min: 1, max: 4 }), async ({ plan, size }, of) => {
      const { from, to, expected } = plant(plan);
      const found: string[] = [];
      let compared = 0;
      for (let index = 1; index <= of; index += 1) {
        const { ports, told } = disk();
        const result = await compare(
          { ...request, map, isOurs: isOfShard({ index, of }) },
          { ...ports, from: memoryTrove(from, size), to: memoryTrove(to, size) },
        );
        found.push(...told());
        compared += result.counts.compared;
        const all = Object.values(result.counts.kinds).reduce((sum, count) => sum + count, 0);
        expect(all).toBe(told().length);
        expect(result.counts.same).toBe(result.counts.compared - all);
      }
      expect(found.sort()).toEqual(expected);
      expect(compared).toBe(plan.length);
    }),
  );
});

test('a run that is cut off anywhere and gone on with tells each difference once', async () => {
  const plan = Array.from({ length: 300 }, (_none, index) => {
    const kind = differenceKinds[index % 11];
    return ['old:', kind ?? 'same'] as const;
  });
  const { from, to, expected } = plant(plan);
  for (let run = 0; run < 50; run += 1) {
    let left = 1 + run;
    const { kept, ports, told } = disk(() => {
      left -= 1;
      if (left === 0) throw new Error('killed');
    });
    const troves = { from: memoryTrove(from), to: memoryTrove(to) };
    for (let attempt = 0; kept.state.phase !== 'done'; attempt += 1) {
      kept.lines = kept.lines.slice(0, kept.state.bytes);
      await compare({ ...request, map, rounds: 1 + (run % 3) }, { ...ports, ...troves }, kept.state).catch(
        (error: Error) => expect(error.message).toBe('killed'),
      );
      if (attempt < 5) left = 1 + run;
    }
    expect(told()).toEqual(expected);
    expect(kept.state.counts.compared).toBe(300);
  }
});

async function outcome(from: Trove, to: Trove, more: Partial<CompareRequest> = {}) {
  const { ports, told, kept } = disk();
  const result = await compare({ ...request, ...more }, { ...ports, from, to });
  return { ...result, told: told(), lines: kept.lines };
}

test('documents are compared as such where that is asked for', async () => {
  const from = memoryTrove([['a', held('{"x": 1, "at": 1}')]]);
  const to = memoryTrove([['a', held('{"at":2,"x":1.0}')]]);
  expect((await outcome(from, to)).exitCode).toBe(1);
  expect((await outcome(from, to, { semantic: { ignore: [['at']] } })).exitCode).toBe(0);
  const { lines } = await outcome(from, to, { semantic: { ignore: [] } });
  expect(JSON.parse(lines)).toMatchObject({ kind: 'value', differing: 1 });
  expect(lines).not.toContain('places');
});

test('what is flawed is compared by its bytes', async () => {
  const from = memoryTrove([['a', held('{"x":1,"x":2}')]]);
  const to = memoryTrove([['a', held('{"x":2}')]]);
  expect((await outcome(from, to, { semantic: { ignore: [] } })).told).toEqual(['value a']);
});

test('a key that changes in between is read again before it is called different', async () => {
  const to = memoryTrove([['a', held('old')]]);
  let reads = 0;
  const from = memoryTrove([['a', held('new')]], 10, () => {
    reads += 1;
    if (reads === 2) to.keys.set('a', held('new'));
  });
  expect((await outcome(from, to)).exitCode).toBe(0);
});

test('a key that vanishes from both sides is no difference', async () => {
  const to = memoryTrove([['a', held('x')]]);
  const from = memoryTrove([['a', held('y')]], 10, () => {
    if (to.keys.delete('a')) from.keys.delete('a');
  });
  expect(await outcome(from, to)).toMatchObject({ exitCode: 0, counts: { compared: 0 } });
});

test('a key that can not be read is told once, and weighs less than a difference', async () => {
  const from = memoryTrove([['a', unreadable]]);
  const both = memoryTrove([['a', held('x')]]);
  expect(await outcome(from, both)).toMatchObject({ exitCode: 2, told: ['unreadable a'] });
  both.keys.set('b', held('x'));
  expect(await outcome(from, both)).toMatchObject({ exitCode: 1, told: ['extra b', 'unreadable a'] });
});

test('a side that is out of reach ends the run instead of being taken for empty', async () => {
  const gone: Holding = { ...unreadable, fault: { ...unreadable.fault, reason: 'unreachable' } };
  await expect(outcome(memoryTrove([['a', gone]]), memoryTrove([]))).rejects.toThrow('store');
});

test('no value is in the file of differences', async () => {
  const from = memoryTrove([['a', held('hunter2')]]);
  const { lines } = await outcome(from, memoryTrove([['a', held('hunter3')]]));
  expect(lines).not.toMatch(/hunter|[0-9a-f]{64}/);
});

test('keys are read no faster than was asked for', async () => {
  const slept: number[] = [];
  const { ports } = disk();
  const keys = Array.from({ length: 40 }, (_none, index) => [`k${index}`, held('x')] as const);
  await compare(
    { ...request, rate: 10 },
    {
      ...ports,
      from: memoryTrove(keys),
      to: memoryTrove(keys),
      sleep: async (milliseconds) => void slept.push(milliseconds),
    },
  );
  expect(Math.max(...slept)).toBe(7000);
});

test('what a run left behind on the disk is gone on with', async () => {
  const workspace = mkdtempSync(join(tmpdir(), 'guardian-compare-'));
  try {
    const plan = Array.from(
      { length: 100 },
      (_none, at) => ['old:', differenceKinds[at % 9] ?? 'same'] as const,
    );
    const { from, to, expected } = plant(plan);
    let reads = 0;
    const failing = memoryTrove(from, 10, () => {
      reads += 1;
      if (reads === 7) throw new Error('cut off');
    });
    const run = {
      ...{ from: failing, to: memoryTrove(to), request: { ...request, map, rounds: 1 } },
      ...{ specs: [], patterns: [], workspace, differences: 'd.jsonl', resume: 'state.json', now: () => 0 },
    };
    await expect(compareRun(run)).rejects.toThrow('cut off');
    appendFileSync(join(workspace, 'd.jsonl'), '{"key":"half');
    const result = await compareRun(run);
    const lines = readFileSync(join(workspace, 'd.jsonl'), 'utf8').trimEnd().split('\n');
    const told = lines.map((line) => JSON.parse(line)).map(({ key, kind }) => `${kind} ${key}`);
    expect(told.sort()).toEqual(expected);
    expect(compareInWords(result, colourless)).toMatch(
      /There are differences: 100 keys compared, 22 the same/,
    );
    await expect(compareRun({ ...run, shard: { index: 1, of: 2 } })).rejects.toThrow('usage');
  } finally {
    rmSync(workspace, { recursive: true, force: true });
  }
});

test('fallback files are keys that hold what they say', async () => {
  const specs = guardedApp({ prefix: 'r:', schemas: [], fallbacks: 'debug' });
  const files = filesTrove(specs, workspaceFiles(project), (bytes) => `${bytes.length}`);
  const redis = memoryTrove(
    specs.map(({ storedKey, name }) => {
      const text = readFileSync(join(project, `debug/${name}.json`), 'utf8');
      return [storedKey, held(JSON.stringify(JSON.parse(text)))] as const;
    }),
  );
  expect(await outcome(files, redis, { semantic: { ignore: [] } })).toMatchObject({
    exitCode: 0,
    counts: { compared: specs.length },
  });
});

test('a store is named by a URL, a variable that holds one, a snapshot or the files', () => {
  const env = { OLD: 'redis://:secret@old/0' };
  expect(readStoreName('env:OLD', env)).toEqual({ kind: 'url', url: env.OLD });
  expect(readStoreName('rediss://h', env)).toEqual({ kind: 'url', url: 'rediss://h' });
  expect(readStoreName('snapshot:a.json', env)).toEqual({ kind: 'snapshot', path: 'a.json' });
  expect(readStoreName('files', env)).toEqual({ kind: 'files' });
  for (const wrong of ['env:NONE', 'http://x', 'file'])
    expect(() => readStoreName(wrong, env)).toThrow('usage');
});
