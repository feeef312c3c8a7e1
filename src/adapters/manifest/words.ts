import { isArray, isObject, type Json } from '../../core/json.ts';
import { code, count, joined, name, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { nearest } from '../../core/similarity.ts';
import type { Misplaced } from './mistake.ts';

/** Names that one is compared with, to find what was meant. */
const MOST_COMPARED = 1000;

/** What belongs at a place, for whoever put something else there. */
const expected = {
  text: phrase`text`,
  pointer: phrase`a pointer such as ${code('/rules')}`,
  pointers: phrase`a list of pointers such as ${code('/rules')}`,
  path: phrase`a path`,
  paths: phrase`a path or a list of paths`,
  fallback: phrase`a path, a list of paths, or ${code('none')}`,
  key: phrase`the name of a key`,
  keys: phrase`a pattern of keys such as ${code('tenant:*:prefs')}`,
  member: phrase`the name of a property`,
  members: phrase`a list of names`,
  'name-rule': phrase`a pointer, or a mapping with ${code('at')}, ${code('below')} and ${code('except')}`,
  'name-rules': phrase`a list of pointers, or of mappings with ${code('at')}, ${code('below')} and ${code('except')}`,
  limit: phrase`a whole number from 1 to 10000000`,
  identity: phrase`a mapping from pointers to properties, such as ${code('/rules: id')}`,
  freshness: phrase`a mapping with ${code('at')}, ${code('expected')} and ${code('max-age')}`,
  duration: phrase`a duration such as ${code('30d')}, ${code('12h')} or ${code('90m')}`,
  severities: phrase`a mapping from checks to severities`,
  exception: phrase`a mapping with ${code('check')}, ${code('at')}, ${code('reason')} and ${code('until')}`,
  exceptions: phrase`a list of exceptions`,
  reason: phrase`a sentence that says why`,
  day: phrase`a day such as ${code('2027-01-31')}`,
  variable: phrase`the name of an environment variable`,
  options: phrase`a mapping of options`,
  environment: phrase`a mapping with ${code('prefix')}, ${code('variable')}, ${code('defaults')} and ${code('configs')}`,
  environments: phrase`a mapping of environments by name`,
  configs: phrase`a mapping of configs by name`,
  migration: phrase`a mapping with ${code('allow')}`,
  allowances: phrase`a list of what a migration may change`,
  'allowed-key': phrase`a key, or a pattern of keys such as ${code('app:tmp:*')}`,
  allowance: phrase`a mapping with ${code('config')} and ${code('at')}, or with ${code('key')}`,
  manifest: phrase`a mapping with ${code('version')} and ${code('configs')}`,
} as const satisfies Readonly<Record<string, Phrase>>;
export type Expected = keyof typeof expected;

/** What is wrong with something of the right type. */
const flaws = {
  pointer: phrase`this is no pointer: one begins with ${code('/')}, and ${code('~')} stands in it only as ${code('~0')} or ${code('~1')}`,
  'path-characters': phrase`a path has no backslashes and no control characters; folders end with ${code('/')}`,
  'path-absolute': phrase`a path begins in the workspace, not with ${code('/')}, a drive or a scheme`,
  'path-outside': phrase`a path can't go up with ${code('..')}: it begins in the workspace and stays there`,
  'path-empty': phrase`this path names no file`,
  hole: phrase`only ${code('fallback')} may have ${code('{1}')} in its paths`,
  'key-empty': phrase`a key can't be empty`,
  'key-characters': phrase`there can't be control characters in a key`,
  'glob-fixed': phrase`a pattern of keys needs a ${code('*')} or a ${code('?')}; a single key is a ${code('key')}`,
  'glob-class': phrase`to Redis ${code('[')} begins a class of characters, which can't be had here; for the character itself write ${code('\\[')}`,
  'glob-backslash': phrase`a pattern can't end with a single ${code('\\')}`,
  'glob-wildcards': phrase`a pattern has 9 wildcards at most, and no two ${code('*')} in a row`,
  duration: phrase`this is no duration: write ${code('30d')}, ${code('12h')} or ${code('90m')}`,
  day: phrase`this is no day: write it as ${code('2027-01-31')}`,
  reason: phrase`an exception needs a reason`,
  variable: phrase`this is no name of an environment variable`,
  member: phrase`a name can't be empty`,
  allowance: phrase`what may change is either ${code('config')} with its places ${code('at')}, or ${code('key')}`,
  'config-name': phrase`this can't name a config: a name has letters, digits, ${code('_')}, ${code('-')} and ${code('.')}, 64 at most`,
  'environment-name': phrase`this can't name an environment: a name has one line, 100 characters at most`,
  environments: phrase`there are more than 50 environments`,
  configs: phrase`there are no configs`,
  'configs-many': phrase`there are more than 2000 configs: keys that are alike can be one, with ${code('keys')}`,
} as const satisfies Readonly<Record<string, Phrase>>;
export type Flaw = keyof typeof flaws;

export type Said = Omit<Misplaced, 'at'>;

export function wordFlaw(flaw: string): Said {
  return { said: flaws[flaw as Flaw] };
}

/** Something of the wrong type. */
export function wordUnexpected(what: string, found: Json): Said {
  return { said: phrase`expected ${expected[what as Expected]}; found ${wordFound(found)}` };
}

/** A value where only a few may be. */
export function wordChoice(choice: readonly string[], found: Json): Said {
  const given = typeof found === 'string' && /^[A-Za-z-]{1,20}$/.test(found) ? found : undefined;
  return {
    said: phrase`expected ${wordAll(choice)}; found ${given === undefined ? wordFound(found) : name(given)}`,
    advise: () => (given === undefined ? undefined : didYouMean(given, choice)),
  };
}

/** A name that is none of the many that may be at its place. */
export function wordUnknown(given: string, known: readonly string[]): Said {
  return {
    said: phrase`${wordName(given)} is not known here`,
    advise: () => didYouMean(given, known) ?? phrase`known are ${wordAll(known)}`,
  };
}

/** A name as it may be told: what doesn't look like one may be a secret that was put at the wrong place. */
export function wordName(text: string): Phrase {
  return /^(?:[\w.-]{1,40}|<<)$/.test(text) ? phrase`${name(text)}` : phrase`this name`;
}

export function wordAll(words: readonly string[]): Phrase {
  const parts = words.map((word) => code(vouch(word)));
  const last = parts.slice(-1);
  return parts.length < 2 ? joined(parts, ', ') : joined([joined(parts.slice(0, -1), ', '), ...last], ' or ');
}

export function didYouMean(given: string, known: readonly string[]): Phrase | undefined {
  const meant = nearest(given, known.slice(0, MOST_COMPARED));
  return meant === undefined ? undefined : phrase`did you mean ${code(vouch(meant))}?`;
}

/** What is there by its type: the value itself may be a secret too. */
function wordFound(found: Json): Phrase {
  if (isArray(found)) return found.length === 0 ? phrase`an empty list` : phrase`a list`;
  if (isObject(found)) return phrase`a mapping`;
  if (found === null) return phrase`nothing`;
  if (found === '') return phrase`empty text`;
  if (typeof found === 'boolean') return found ? phrase`${code('true')}` : phrase`${code('false')}`;
  if (typeof found === 'string') return phrase`text`;
  // What has so few digits is no secret.
  return Number.isInteger(found) && Math.abs(found) < 1000 ? phrase`${count(found)}` : phrase`a number`;
}
