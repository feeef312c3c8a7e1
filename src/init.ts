import type { Fault, Observation } from './core/evidence.ts';
import type { JsonObject } from './core/json.ts';
import { keyPattern } from './core/key-pattern.ts';
import { code, count, type Phrase, phrase, vouch } from './core/phrase.ts';
import { plain } from './core/plain.ts';
import { type Asked, type FoundKey, type Store, StoreFault } from './core/ports.ts';
import { grouped } from './inference/grouping.ts';
import { type Proposal, proposalOf } from './inference/manifest.ts';
import { publicGlob } from './inference/segments.ts';
import { type Config, sorted } from './inference/sorting.ts';

/** The verb that looks at what is in a store and proposes how to guard it. Nothing is written. */

export type Initial =
  | {
      readonly kind: 'proposed';
      /** The manifest, but for its `configs`. */
      readonly head: JsonObject;
      readonly proposals: readonly Proposal[];
      readonly leftOut: readonly LeftOut[];
    }
  | {
      readonly kind: 'refused';
      readonly said: Phrase;
      readonly advice: Phrase;
      readonly leftOut: readonly LeftOut[];
    };

/** Keys that are not proposed, for one reason. */
export interface LeftOut {
  /** Completes a sentence whose subject is one of the keys. */
  readonly reason: Phrase;
  readonly keys: number;
  /** The first few, with `*` for ids and secrets. */
  readonly examples: readonly string[];
}

/** Keys that are looked at. */
const MOST_KEYS = 100_000;
/** Bytes of values that are kept for drawing schemas. */
const MOST_BYTES = 256 * 1024 ** 2;
/** Nobody keeps more configs by hand. */
const MOST_CONFIGS = 200;

/** Looks at every key that begins with the prefix; without one at every key. */
export async function propose(store: Store, prefix?: string): Promise<Initial> {
  const survey = newSurvey();
  const fault = await surveyed(store, prefix ?? '', survey);
  const leftOut = survey.others.leftOut();
  if (fault !== undefined) return { kind: 'refused', said: fault.phrase, advice: fault.advice, leftOut };
  const { configs, others } = survey;
  const { groups, scattered, prefix: common } = grouped(configs, others.keys, prefix);
  for (const { key } of scattered) others.add(key, alsoMatches);
  if (groups.length === 0 || groups.length > MOST_CONFIGS) {
    return { kind: 'refused', ...refusal(groups.length, prefix), leftOut: others.leftOut() };
  }
  return {
    kind: 'proposed',
    head: { version: 1, ...(common === '' ? {} : { prefix: common }) },
    proposals: groups.map((group) => proposalOf(group, common)),
    leftOut: others.leftOut(),
  };
}

const alsoMatches = phrase`looks like a config, but a pattern for all of its kind would match other keys too`;

function refusal(groups: number, prefix: string | undefined) {
  const where = prefix === undefined ? phrase`` : phrase` that begins with ${code(vouch(prefix))}`;
  const advice = phrase`check the URL, the number of the database and ${code('--prefix')}`;
  if (groups === 0) return { said: phrase`no key${where} holds a config`, advice };
  return {
    said: phrase`${count(groups, 'key')} with different names hold objects, which is more than anyone configures`,
    advice: phrase`name what the keys of the configs begin with: ${code('--prefix')}`,
  };
}

interface Survey {
  readonly configs: Config[];
  readonly others: Others;
  bytes: number;
}

function newSurvey(): Survey {
  return { configs: [], others: newOthers(), bytes: 0 };
}

/** Sorts all keys into configs and others; answers why it could not look at all of them. */
async function surveyed(store: Store, prefix: string, survey: Survey): Promise<Fault | undefined> {
  const request = {
    pattern: keyPattern(prefix, '*'),
    encoding: 'json',
    isOurs: (key: string) => canBeNamed(key, prefix, survey),
    most: MOST_KEYS,
  } as const;
  try {
    for await (const batch of store.scan(request)) {
      await sortBatch(batch, store, survey);
      if (survey.bytes > MOST_BYTES) return tooMuch();
    }
    return undefined;
  } catch (error) {
    if (!(error instanceof StoreFault)) throw error;
    return error.fault.reason === 'too-large' ? tooMuch() : error.fault;
  }
}

/** What a manifest can't name isn't read. A name that is not UTF-8 is spelled with a replacement character. */
function canBeNamed(key: string, prefix: string, { others }: Survey): boolean {
  if (/[\uFFFD\p{Cc}]/u.test(key)) others.add(key, phrase`has a name that is not UTF-8, or not printable`);
  else if (key === prefix) others.add(key, phrase`has no name but the prefix`);
  else return true;
  return false;
}

function tooMuch(): Fault {
  return {
    reason: 'too-large',
    phrase: phrase`there is more in this Redis than can be looked at: ${count(MOST_KEYS, 'key')} and 256 MiB at the most`,
    advice: phrase`name what the keys of the configs begin with: ${code('--prefix')}`,
  };
}

/** How types that are no strings, and may hold a config all the same, are read. */
const otherEncodings: ReadonlyMap<string, Asked['encoding']> = new Map([
  ['hash', 'hash'],
  ['ReJSON-RL', 'redisjson'],
]);

async function sortBatch(batch: readonly FoundKey[], store: Store, survey: Survey): Promise<void> {
  const again: Asked[] = [];
  for (const { key, observation } of batch) {
    const encoding = observation.kind === 'wrong-type' ? otherEncodings.get(observation.type) : undefined;
    if (encoding === undefined) sortKey(key, observation, 'json', survey);
    else again.push({ name: vouch('init'), key, encoding });
  }
  const sightings = again.length === 0 ? [] : await store.read(again);
  for (const [index, { key, encoding }] of again.entries()) {
    sortKey(key, sightings[index]?.observation ?? { kind: 'absent' }, encoding, survey);
  }
}

function sortKey(key: string, observation: Observation, encoding: Asked['encoding'], survey: Survey): void {
  const found = sorted(key, observation, encoding);
  if (found.kind === 'other') {
    survey.others.add(key, found.reason);
    return;
  }
  survey.configs.push(found.config);
  survey.bytes += found.config.bytes;
}

/** Keys that are no configs. */
interface Others {
  readonly keys: readonly string[];
  add(key: string, reason: Phrase): void;
  /** By reason, the one with the most keys first. */
  leftOut(): readonly LeftOut[];
}

const EXAMPLES = 4;

function newOthers(): Others {
  const keys: string[] = [];
  const byReason = new Map<string, { reason: Phrase; keys: number; examples: Set<string> }>();
  return {
    keys,
    add(key, reason) {
      keys.push(key);
      const told = byReason.get(plain(reason)) ?? { reason, keys: 0, examples: new Set() };
      byReason.set(plain(reason), told);
      told.keys += 1;
      if (told.examples.size < EXAMPLES) told.examples.add(publicGlob(key));
    },
    leftOut: () =>
      [...byReason.values()]
        .toSorted((a, b) => b.keys - a.keys)
        .map((told) => ({ ...told, examples: [...told.examples].sort() })),
  };
}
