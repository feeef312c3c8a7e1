import * as z from 'zod/mini';
import { encodings } from '../../core/evidence.ts';
import { compatibilities } from '../../core/evolution.ts';
import { parsePointer } from '../../core/pointer.ts';
import type { Pieces } from './pieces.ts';
import {
  asList,
  isPointer,
  readDay,
  readDuration,
  readFallback,
  readFixedPath,
  readMember,
  readPath,
  readPointer,
  readReason,
} from './texts.ts';

const severities = ['off', 'notice', 'warning', 'error'] as const;
/** Of what a pattern finds. */
const MOST_KEYS = 10_000_000;

/** What JSON Schema can say of the texts that are read here. */
export const POINTER = { title: 'a pointer such as /rules', pattern: '^(/([^~/]|~[01])*)*$' };
const PATH = {
  title: 'a path in the workspace',
  pattern: '^(?![/.]*$)(?!/)(?!(\\./+)*[A-Za-z][A-Za-z0-9_+.-]*:)(?!(.*/)?\\.\\.(/|$))[^\\\\\\p{Cc}]+$',
};
const FIXED_PATH = { ...PATH, pattern: `^(?!.*\\{[0-9]+\\})${PATH.pattern.slice(1)}` };

/** What may be said of any config, by option. All of it may be left out. */
export function optionsOf(pieces: Pieces, checkIds: readonly string[]) {
  const { noted, text, several, word, flag } = pieces;
  const { pointer, pointers, nameRules } = kinds(pieces);
  return {
    schema: z.exactOptional(
      several(
        'paths',
        { one: asList(readFixedPath), item: readFixedPath },
        {
          ...FIXED_PATH,
          description:
            'The file of its JSON Schema, or several in order of preference. Without it: `schemas/<name>.schema.json`.',
        },
      ),
    ),
    fallback: z.exactOptional(
      several(
        'fallback',
        { one: readFallback, item: readPath },
        {
          ...PATH,
          description:
            'The file that stands in for Redis, or several in order of preference, or `none`. With `keys`, `{1}` is what the first wildcard stands for. Without it: `fallback/<name>.json`, with `keys` none.',
        },
      ),
    ),
    required: z.exactOptional(flag({ description: 'Whether the key has to be there.', default: true })),
    empty: z.exactOptional(
      word(['allow', 'refuse'], { description: 'Whether `{}` is a sound value.', default: 'refuse' }),
    ),
    encoding: z.exactOptional(
      word(encodings, {
        description:
          '`json`: a string with one document. `hash`: a hash of strings. `hash-json`: a hash of documents. `redisjson`: a document of the module RedisJSON.',
        default: 'json',
      }),
    ),
    drift: z.exactOptional(
      word(severities, {
        description: 'How loud it is that Redis and the fallback differ.',
        default: 'warning',
      }),
    ),
    ignore: z.exactOptional(pointers('Where Redis and the fallback may differ. Without it: `/_updated_at`.')),
    identity: z.exactOptional(identity(pieces)),
    show: z.exactOptional(
      pointers('Numbers, booleans and words (letters, `-`, `_`, 20 at most) that may be in any report.'),
    ),
    'show-text': z.exactOptional(pointers('Values that may be in any report, whatever they are.')),
    secret: z.exactOptional(pointers('Values that are nowhere, not even in raw output.')),
    'hide-names': z.exactOptional(nameRules('Objects whose names are data: they are in raw output only.')),
    'secret-names': z.exactOptional(nameRules('Objects whose names are secrets: they are nowhere.')),
    freshness: z.exactOptional(
      noted(freshness(pieces), {
        description: 'Where the time of the last save stands, and what is asked of it.',
      }),
    ),
    tokens: z.exactOptional(
      pointer('Objects whose members are login tokens, with `expires_at`, `consumed`, `single_use`.'),
    ),
    compatibility: z.exactOptional(
      word(compatibilities, { description: 'Which way the schema may change.', default: 'backward' }),
    ),
    severities: z.exactOptional(
      noted(severitiesOf(pieces, checkIds), {
        description: 'How loud the findings of checks are, whatever they say of them themselves.',
      }),
    ),
    exceptions: z.exactOptional(exceptions(pieces, checkIds)),
    cases: z.exactOptional(
      text('path', readFixedPath, {
        ...FIXED_PATH,
        description: 'The folder of its cases. Without it: `cases/<name>` beside the first schema.',
      }),
    ),
    limit: z.exactOptional(
      noted(
        z
          .int({ error: 'limit' })
          .check(z.minimum(1, { error: 'limit' }), z.maximum(MOST_KEYS, { error: 'limit' })),
        { description: 'With `keys`: how many of them are read at the most.', default: 100_000 },
      ),
    ),
    'hide-keys': z.exactOptional(
      flag({ description: 'With `keys`: a digest stands for each of them.', default: false }),
    ),
  };
}

function kinds({ text, list, flag, mapping }: Pieces) {
  const pointer = (description: string) => text('pointer', readPointer, { ...POINTER, description });
  const pointers = (description: string) =>
    list('pointers', pointer('`*` stands for any one name or index.'), { description });
  const member = text('member', readMember, { minLength: 1, description: 'A name.' });
  const nameRule = z.union(
    [
      z.pipe(
        pointer('The object, or objects.'),
        z.transform((at) => ({ at, except: [] as readonly string[] })),
      ),
      mapping(
        'name-rule',
        {
          at: pointer('The object, or objects.'),
          below: z.exactOptional(flag({ description: 'Also what lies inside of them.', default: false })),
          except: z._default(list('members', member, { description: 'Names that may be seen.' }), []),
        },
        { id: 'nameRule', description: 'Objects whose names are data.' },
      ),
    ],
    { error: 'name-rule' },
  );
  return {
    pointer,
    pointers,
    nameRules: (description: string) => list('name-rules', nameRule, { description }),
  };
}

/** Pointers of arrays → the property that tells their items apart. */
function identity({ text, named }: Pieces) {
  const property = text('member', readMember, { minLength: 1, description: 'A property of its items.' });
  const pointers = { flaw: 'pointer', is: isPointer, pattern: POINTER.pattern } as const;
  return z.pipe(
    named('identity', pointers, property, {
      description: 'By the pointer of an array, the property that tells its items apart.',
    }),
    z.transform((properties) =>
      Object.entries(properties).map(([at, property]) => ({ at: parsePointer(at) ?? [], property })),
    ),
  );
}

function freshness({ text, flag, mapping }: Pieces) {
  return z.pipe(
    mapping(
      'freshness',
      {
        at: z._default(text('pointer', readPointer, { ...POINTER, description: 'Where the time stands.' }), [
          '_updated_at',
        ]),
        expected: z._default(flag({ description: 'Whether every save writes it.', default: true }), true),
        'max-age': z.exactOptional(
          text('duration', readDuration, {
            title: 'a duration such as 30d, 12h or 90m',
            pattern: '^[1-9][0-9]{0,5}[mhd]$',
            description: 'How old the last save may be.',
          }),
        ),
      },
      { id: 'freshness' },
    ),
    z.transform(({ at, expected, 'max-age': maxAge }) => ({
      at,
      expected,
      ...(maxAge === undefined ? {} : { maxAge }),
    })),
  );
}

/** By the id of a check. How loud drift is has an option of its own. */
function severitiesOf({ word, mapping }: Pieces, checkIds: readonly string[]) {
  const others = checkIds.filter((id) => id !== 'drift');
  const severity = (id: string) =>
    [id, z.exactOptional(word(severities, { description: `How loud the findings of ${id} are.` }))] as const;
  return z.pipe(
    mapping('severities', Object.fromEntries(others.map(severity)), { id: 'severities' }),
    z.transform((given) => new Map(Object.entries(given).flatMap(([id, it]) => (it ? [[id, it]] : [])))),
  );
}

function exceptions({ text, list, word, mapping }: Pieces, checkIds: readonly string[]) {
  const at = text('pointer', readPointer, {
    ...POINTER,
    description: 'Where, with all that is below it. Without it: everywhere.',
  });
  const exception = mapping(
    'exception',
    {
      check: word(checkIds, { description: 'The check that found it.' }),
      at: z._default(at, []),
      reason: text('reason', readReason, {
        title: 'a reason',
        pattern: '\\S',
        description: 'Why. Reports tell it.',
      }),
      until: z.exactOptional(
        text('day', readDay, {
          title: 'a day such as 2027-01-31',
          pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}$',
          description: 'The day on which it ends (UTC). Without it: never.',
        }),
      ),
    },
    { id: 'exception', description: 'Findings that somebody has looked at and lets stand.' },
  );
  return list('exceptions', exception, { description: 'Findings to let stand.' });
}
