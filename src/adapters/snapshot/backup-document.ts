import * as z from 'zod/mini';
import { type Encoding, encodings } from '../../core/evidence.ts';
import { isTimestamp } from '../../core/summary.ts';
import { Encryption } from './encryption.ts';
import { Value } from './values.ts';

/** A key that was written to. */
export interface KeyOf {
  readonly to: 'redis';
  readonly config: string;
  readonly key: string;
  readonly encoding: Encoding;
}

/** A file that was written to. */
export interface FileOf {
  readonly to: 'file';
  readonly config: string;
  /** Relative to the workspace. */
  readonly path: string;
}

/** What stands for the type of a key: no type of Redis is called so. */
export const FILE = '(file)';

/** Relative, and with no way up, so that it stays in the workspace. */
const PATH = /^(?![/]|[A-Za-z]:[/])(?![\s\S]*(?:^|[/])\.\.(?:[/]|$))[^\\\0]+$/;

const After = z.nullable(z.string().check(z.regex(/^(?:hmac-)?sha256:[0-9a-f]{64}$/)));

const KeyEntry = z.strictObject({
  to: z.literal('redis'),
  config: z.string(),
  key: z.string(),
  encoding: z.enum(encodings),
  before: z.nullable(z.strictObject({ ttl: z.nullable(z.int().check(z.minimum(0))), value: Value })),
  after: After,
});

const FileEntry = z.strictObject({
  to: z.literal('file'),
  config: z.string(),
  path: z.string().check(z.regex(PATH)),
  before: z.nullable(z.strictObject({ value: Value })),
  after: After,
});

const Entry = z.discriminatedUnion('to', [KeyEntry, FileEntry]);
/** What the document says of a key or a file. */
export type Entry = z.infer<typeof Entry>;

/** `schemas/backup.schema.json`, as far as reading needs it. One thing vouches for the whole. */
export const Document = z
  .strictObject({
    format: z.literal('redis-config-guardian/backup'),
    version: z.literal(1),
    plan: z.string().check(z.regex(/^sha256:[0-9a-f]{64}$/)),
    takenAt: z.string().check(z.refine((text) => text.endsWith('Z') && isTimestamp(text))),
    target: z.strictObject({
      url: z.string(),
      address: z.string(),
      database: z.int().check(z.minimum(0)),
      run: z.nullable(z.string()),
      replication: z.nullable(z.string()),
    }),
    encryption: z.optional(Encryption),
    entries: z.array(Entry),
    digest: z.optional(z.string()),
  })
  .check(z.refine(({ encryption, digest }) => (encryption === undefined) !== (digest === undefined)));

/** The document but for what vouches for it, as a text that doesn't depend on how the file is laid out. */
export function toldIn(document: Readonly<Record<string, unknown>>): string {
  const { encryption, digest: _digest, ...rest } = document;
  if (typeof encryption !== 'object') return JSON.stringify(rest);
  return JSON.stringify({ ...rest, encryption: { ...encryption, seal: '' } });
}
