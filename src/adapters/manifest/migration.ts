import * as z from 'zod/mini';
import { POINTER } from './options.ts';
import type { Pieces } from './pieces.ts';
import { CONFIG_NAME, isConfigName, readKeys, readPointer } from './texts.ts';
import type { Flaw } from './words.ts';

/** What migrations may change: places of configs, and keys. */
export function migrationOf({ text, list, mapping, noted }: Pieces) {
  const pointer = text('pointer', readPointer, {
    ...POINTER,
    description: 'With all that is below it. `*` stands for any one name or index.',
  });
  const config = z.string({ error: 'text' }).check(z.refine(isConfigName, { error: 'config-name' }));
  const members = {
    config: z.exactOptional(
      noted(config, { description: 'The name of a config.', title: 'a name', pattern: CONFIG_NAME }),
    ),
    at: z.exactOptional(list('pointers', pointer, { description: 'Places of its value.' })),
    key: z.exactOptional(
      text('allowed-key', readKeys, {
        title: 'a key, or a pattern of keys with no [',
        pattern: '^(\\\\[^\\p{Cc}]|[^\\\\\\[\\p{Cc}])+$',
        description: 'A key as it is in Redis, or a pattern: created, changed and removed at will.',
      }),
    ),
  };
  const allowance = mapping('allowance', members, {
    id: 'allowance',
    description: 'Something that a migration may change.',
    oneOf: [
      { required: ['config', 'at'], properties: { key: false } },
      { required: ['key'], properties: { config: false, at: false } },
    ],
  }).check(z.refine(isEither, { error: 'allowance' satisfies Flaw }));
  const allow = list('allowances', allowance, { description: 'What may change; nothing else may.' });
  return noted(mapping('migration', { allow: z._default(allow, []) }, { id: 'migration' }), {
    description: 'What holds when a migration is rehearsed.',
  });
}

function isEither(said: {
  readonly config?: unknown;
  readonly at?: unknown;
  readonly key?: unknown;
}): boolean {
  const { config, at, key } = said;
  return key === undefined
    ? config !== undefined && at !== undefined
    : config === undefined && at === undefined;
}
