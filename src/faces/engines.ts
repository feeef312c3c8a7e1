import { randomBytes } from 'node:crypto';
import { TooSlow } from '../adapters/ajv/bounded.ts';
import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { workspaceFiles } from '../adapters/files.ts';
import { decodeBytes, wordFlaw } from '../core/decode.ts';
import { difference } from '../core/difference.ts';
import { placeOfDifference, wordDifference } from '../core/divergence.ts';
import type { SchemaEvidence } from '../core/evidence.ts';
import type { Json } from '../core/json.ts';
import { objections } from '../core/objection.ts';
import { code, type Known, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { clean, plain } from '../core/plain.ts';
import { type Pointer, parsePointer } from '../core/pointer.ts';
import type { SchemaCompiler } from '../core/ports.ts';
import { locate, locator, type Position, positionAt } from '../core/position.ts';
import { type Redactor, redactor, unveiled } from '../core/redaction.ts';
import type { Flaw } from '../core/scanner.ts';
import { readSchema } from '../gather.ts';
import { keyedDigest } from './digest.ts';
import type { Outcome } from './ending.ts';
import { UsageError } from './settings.ts';

/** The two engines by themselves, on files of the working folder. */

interface Sound {
  readonly path: Known;
  readonly value: Json;
  readonly text: string;
}

/** `validate`: every objection of a schema to a file, one a line. */
export async function validateFiles(schemaPath: string, path: string, raw: boolean): Promise<Outcome> {
  const schema = await readUsable(schemaPath, ajvCompiler());
  const { value, text } = await readSound(path);
  const veil = onlyIf(raw);
  const objecting = inTime(path, () => objections(value, schema, [], veil));
  const find = locator(text);
  const lines = objecting.map(({ pointer, phrase: said }) => row(path, find(pointer), pointer, said, veil));
  if (lines.length === 0) return { text: `${clean(path)} is valid\n`, exitCode: 0 };
  return {
    text: `${lines.join('')}${lines.length} objection${lines.length === 1 ? '' : 's'}\n`,
    exitCode: 1,
  };
}

/** A schema that can be used; whatever keeps it from that is an error that names the place. */
export async function readUsable(schemaPath: string, compiler: SchemaCompiler): Promise<Usable> {
  const schema = await readSchema([vouch(schemaPath)], { files: ownFiles(), compiler });
  if (schema.kind === 'missing') throw noFile(vouch(schemaPath));
  if (schema.kind === 'unreadable') throw unreadable(schema.path, schema.why);
  if (schema.kind === 'broken') {
    const { offset } = schema;
    const { line, column } =
      offset === undefined ? locate(schema.text, schema.pointer) : positionAt(schema.text, offset);
    throw new UsageError(
      phrase`${code(vouch(`${schemaPath}:${line}:${column}`))}: the schema cannot be used: ${schema.why}`,
      phrase`mend the schema`,
    );
  }
  return schema;
}

type Usable = Extract<SchemaEvidence, { readonly kind: 'compiled' }>;

function inTime<T>(path: string, validation: () => T): T {
  try {
    return validation();
  } catch (error) {
    if (!(error instanceof TooSlow)) throw error;
    throw new UsageError(
      phrase`validating ${code(vouch(path))} takes longer than it may`,
      phrase`look for a pattern with repetitions inside of repetitions`,
    );
  }
}

export interface DiffOptions {
  /** `POINTER=PROPERTY`, as given. */
  readonly identity: readonly string[];
  readonly ignore: readonly string[];
  readonly raw: boolean;
}

/** `diff`: the semantic differences of two files, one a line. */
export async function diffFiles(a: string, b: string, options: DiffOptions): Promise<Outcome> {
  const identity = options.identity.map((text) => {
    const at = text.lastIndexOf('=');
    const property = text.slice(at + 1);
    if (at === -1 || property === '') throw notAPointer('--identity', text, '/rules=id');
    const pattern = parsePointer(text.slice(0, at));
    if (pattern === undefined) throw notAPointer('--identity', text, '/rules=id');
    return { at: pattern, property };
  });
  const ignore = options.ignore.map((text) => {
    const pattern = parsePointer(text);
    if (pattern === undefined) throw notAPointer('--ignore', text, '/_updated_at');
    return pattern;
  });
  const [before, after] = await Promise.all([readSound(a), readSound(b)]);
  const differences = difference(before.value, after.value, { identity, ignore });
  if (differences.length === 0) return { text: 'no differences\n', exitCode: 0 };
  const veil = onlyIf(options.raw);
  const sides = { before: phrase`${code(vouch(a))}`, after: phrase`${code(vouch(b))}` };
  const [findBefore, findAfter] = [locator(before.text), locator(after.text)];
  const lines = differences.map((item) => {
    const pointer = placeOfDifference(item);
    const inBefore = item.kind === 'removed';
    const position = (inBefore ? findBefore : findAfter)(pointer);
    return row(inBefore ? a : b, position, pointer, wordDifference(item, sides, identity, veil), veil);
  });
  const { length } = lines;
  return { text: `${lines.join('')}${length} difference${length === 1 ? '' : 's'}\n`, exitCode: 1 };
}

function row(
  path: string,
  { line, column }: Position,
  pointer: Pointer,
  said: Phrase,
  veil: Redactor,
): string {
  const place = pointer.length === 0 ? '' : `${clean(veil.place(pointer))}: `;
  return `${clean(path)}:${line}:${column}: ${place}${plain(said)}\n`;
}

async function readSound(path: string): Promise<Sound> {
  const content = await ownFiles().read(vouch(path));
  if (content.kind === 'missing') throw noFile(vouch(path));
  if (content.kind === 'unreadable') throw unreadable(vouch(path), content.why);
  const decoded = decodeBytes(content.bytes);
  const [flaw] = decoded.flaws;
  if (decoded.ok && flaw === undefined)
    return { path: vouch(path), value: decoded.value, text: decoded.text };
  throw flawed(vouch(path), decoded.text ?? '', flaw);
}

function flawed(path: Known, text: string, flaw: Flaw | undefined): UsageError {
  const { line, column } = positionAt(text, flaw?.offset ?? 0);
  return new UsageError(
    phrase`${code(vouch(`${path}:${line}:${column}`))}: ${wordFlaw(flaw)}`,
    phrase`mend the file`,
  );
}

function noFile(path: Known): UsageError {
  return new UsageError(phrase`there is no file ${code(path)}`, phrase`check the path`);
}

function unreadable(path: Known, why: Known): UsageError {
  return new UsageError(
    phrase`${code(path)} cannot be read: ${code(why)}`,
    phrase`check the path and its permissions`,
  );
}

function notAPointer(option: string, text: string, example: string): UsageError {
  return new UsageError(
    phrase`${code(vouch(option))} cannot be ${code(vouch(text))}`,
    phrase`it takes a JSON Pointer, for example ${code(vouch(example))}`,
  );
}

function ownFiles() {
  return workspaceFiles(process.cwd(), process.cwd());
}

const nothing = { show: [], showWords: [], showText: [], secret: [], hiddenNames: [], secretNames: [] };

function onlyIf(raw: boolean): Redactor {
  return raw ? unveiled : redactor(nothing, keyedDigest(randomBytes(32)));
}
