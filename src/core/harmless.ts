import { isArray, isObject, type Json } from './json.ts';

/** Words and numbers of a schema, which may be seen: where it asks for one of them, no other will do. */
export interface Hints {
  readonly values: readonly (string | number)[];
  /** Of properties. */
  readonly names: ReadonlySet<string>;
  /** What texts or names have to begin with. */
  readonly beginnings: readonly string[];
}

export const noHints: Hints = { values: [], names: new Set(), beginnings: [] };

/** So many of a schema's values are tried. */
const VALUES = 40;

/** What may stand in for a scalar; what says the least of it comes first. */
export function scalarsFor(value: string | number | boolean, hints: Hints): readonly Json[] {
  switch (typeof value) {
    case 'string':
      return [...texts, ...hints.values.filter((hint) => typeof hint === 'string'), ...masks(value, hints)];
    case 'number':
      return [...numbers, ...hints.values.filter((hint) => typeof hint === 'number'), ...magnitudes(value)];
    default:
      return [false, true];
  }
}

/** They say nothing of the original but what kind of text the schema takes it for. */
const texts = [
  'redacted',
  '',
  ' ',
  'x',
  // Neither reserved nor in use, for schemas that ask for a public host.
  'https://redacted.redacted/',
  'http://redacted.redacted/',
  'https://redacted.invalid/',
  'https://127.0.0.1/',
  'redacted@example.org',
  '2000-01-01T00:00:00Z',
  '2000-01-01',
  '00:00:00Z',
  '00:00',
  '00000000-0000-0000-0000-000000000000',
  'example.org',
  '192.0.2.1',
  '2001:db8::1',
  '/redacted',
  'P1D',
  '0',
  '(',
] as const;

const numbers = [0, 1, -1, 0.5] as const;

/** Text of the same length: first with nothing else of the original, at last with its kinds of characters. */
function masks(text: string, { beginnings }: Hints): readonly string[] {
  const all = ['', ...beginnings].flatMap((beginning) => {
    if (!text.startsWith(beginning)) return [];
    const rest = text.slice(beginning.length);
    const { length } = Array.from(rest);
    const masked = ['x'.repeat(length), `${'x'.repeat(Math.max(0, length - 1))}(`, alikeInKind(rest)];
    return masked.map((mask) => beginning + mask);
  });
  return all.filter((mask) => mask !== text);
}

/** Letters and digits never stay; of the rest, only what divides dates, addresses and paths. */
function alikeInKind(text: string): string {
  return text
    .replace(/\p{N}/gu, '0')
    .replace(/\p{Lu}/gu, 'X')
    .replace(/(?!X)\p{L}/gu, 'x')
    .replace(/[^xX0.:/@+_ -]/gu, '-');
}

/** The power of ten below, and twice that. */
function magnitudes(value: number): readonly number[] {
  if (value === 0) return [];
  const power = Math.sign(value) * 10 ** Math.floor(Math.log10(Math.abs(value)));
  return [power, power * 2].filter((candidate) => candidate !== value && Number.isFinite(candidate));
}

/** What may stand in for a name, which is the one of that number (1 is the first) among those that are hidden. */
export function namesFor(name: string, number: number, hints: Hints): readonly string[] {
  const digits = String(number);
  const letters = digits.replace(/\d/g, (digit) => 'abcdefghij'.charAt(Number(digit)));
  const begun = ['', ...hints.beginnings].filter((beginning) => name.startsWith(beginning));
  return [
    `hidden-${digits}`,
    `hidden_${digits}`,
    `hidden${digits}@example.org`,
    `https://hidden${digits}.redacted/`,
    `HIDDEN_${digits}`,
    `00000000-0000-0000-0000-${digits.padStart(12, '0')}`,
    '',
    ...begun.flatMap((beginning) => {
      const { length } = Array.from(name.slice(beginning.length));
      return [beginning + letters.padStart(length, 'x'), beginning + digits.padStart(length, '0')];
    }),
    ...masks(name, hints),
    ...(hints.names.has(name) ? [name] : []),
  ];
}

/** What a schema says: constants, examples, bounds and the numbers beside them; properties; how patterns begin. */
export function hintsOf(schema: Json): Hints {
  const found = { values: new Set<string | number>(), names: new Set<string>(), patterns: new Set<string>() };
  collect(schema, found);
  return {
    values: [...found.values].slice(0, VALUES),
    names: found.names,
    beginnings: [...found.patterns].map(beginningOf).filter((beginning) => beginning !== ''),
  };
}

/** `sk_` of `^sk_[a-z]+$`. A character that may be missing or repeated doesn't count. */
function beginningOf(pattern: string): string {
  return /^\^([A-Za-z0-9_:/@ -]+)(?![A-Za-z0-9_:/@ *+?{-])/.exec(pattern)?.[1] ?? '';
}

interface Found {
  readonly values: Set<string | number>;
  readonly names: Set<string>;
  readonly patterns: Set<string>;
}

const listing: ReadonlySet<string> = new Set(['const', 'enum', 'default', 'examples']);
const bounding: ReadonlySet<string> = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
]);

function collect(schema: Json, found: Found): void {
  if (isArray(schema)) for (const item of schema) collect(item, found);
  if (!isObject(schema)) return;
  for (const [keyword, argument] of Object.entries(schema)) {
    collectFrom(keyword, argument, found);
    collect(argument, found);
  }
}

function collectFrom(keyword: string, argument: Json, { values, names, patterns }: Found): void {
  if (listing.has(keyword)) {
    for (const item of isArray(argument) ? argument : [argument]) {
      if (typeof item === 'string' || typeof item === 'number') values.add(item);
    }
  }
  if (bounding.has(keyword) && typeof argument === 'number') {
    for (const beside of [argument, argument + 1, argument - 1]) values.add(beside);
  }
  if (keyword === 'pattern' && typeof argument === 'string') patterns.add(argument);
  if (keyword === 'patternProperties' && isObject(argument)) {
    for (const pattern of Object.keys(argument)) patterns.add(pattern);
  }
  if (keyword === 'properties' && isObject(argument))
    for (const name of Object.keys(argument)) names.add(name);
  if (keyword === 'required' && isArray(argument)) {
    for (const name of argument) if (typeof name === 'string') names.add(name);
  }
}
