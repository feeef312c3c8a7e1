import { mkdirSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { TooSlow } from '../adapters/ajv/bounded.ts';
import { type Expected, type MadeCase, makeCase, type NewCase } from '../add-case.ts';
import type { Evidence } from '../core/evidence.ts';
import { isOfWorkspace } from '../core/finding.ts';
import { code, type Known, phrase, vouch } from '../core/phrase.ts';
import { clean } from '../core/plain.ts';
import type { SchemaCompiler } from '../core/ports.ts';
import type { Outcome } from './ending.ts';
import { UsageError } from './settings.ts';
import { leadsOut } from './whole-file.ts';
import { errnoOf, notWritten, writing } from './writing.ts';

export interface CaseRequest {
  /** Of the config whose live value is to be kept. */
  readonly evidence: Evidence;
  /** Of the file, without `.json`; by default after what the schema objects to. */
  readonly name?: string;
  readonly expect?: Expected;
  readonly workspace: string;
  /** The one that the schema was compiled with: all validations together have its deadline. */
  readonly compiler: Pick<SchemaCompiler, 'together'>;
}

/** `add-case`: keeps the live value, redacted, beside the schema. A file that exists is never overwritten. */
export function addCase({ evidence, name, expect, workspace, compiler }: CaseRequest): Outcome {
  const { spec, schema } = evidence;
  if (name !== undefined && !isFileName(name)) throw notAName();
  if (!isOfWorkspace(spec.cases.folder)) throw noFolder(spec.name);
  const made = inTime(spec.name, () => compiler.together(() => makeCase(evidence, expect)));
  if (!made.ok) throw new UsageError(made.said, made.advice);
  const path = written(made, { folder: spec.cases.folder, name, workspace });
  const ruler = schema.kind === 'compiled' ? ` for ${clean(schema.path)}` : '';
  return { text: `${clean(path)}: a value that is ${made.expected}${ruler}\n`, exitCode: 0 };
}

function isFileName(name: string): boolean {
  return /^[A-Za-z0-9_][A-Za-z0-9._-]{0,79}$/.test(name);
}

/** What isn't a name may be a URL that was meant for another option, so it isn't repeated. */
function notAName(): UsageError {
  return new UsageError(
    phrase`${code('--name')} holds something that cannot be the name of a case`,
    phrase`it takes letters, digits, ${code('.')}, ${code('_')} and ${code('-')}, 80 at most; ${code('.json')} is added`,
  );
}

function noFolder(config: Known): UsageError {
  return new UsageError(
    phrase`the cases of ${code(config)} would lie in the guardian's own folder`,
    phrase`point ${code('--schemas')} to a folder of the workspace`,
  );
}

function inTime(config: Known, make: () => MadeCase): MadeCase {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof TooSlow)) throw error;
    throw new UsageError(
      phrase`looking for what can stand in for the hidden parts of ${code(config)} takes longer than it may`,
      phrase`give it a longer ${code('--timeout')}; or look for a pattern with repetitions inside of repetitions`,
    );
  }
}

interface Where {
  readonly folder: Known;
  readonly name: string | undefined;
  readonly workspace: string;
}

/** So many names are tried before the folder counts as full. */
const NAMES = 1000;

function written(made: NewCase, { folder, name, workspace }: Where): Known {
  const place = resolve(workspace, folder);
  if (leadsOut(workspace, place)) throw notWritten(folder, vouch('a link leads out of the workspace'));
  writing(folder, () => mkdirSync(place, { recursive: true }));
  const names = name === undefined ? numbered(made.name) : [name];
  for (const candidate of names) {
    const path = vouch(`${folder}/${candidate}.json`);
    if (writing(path, () => writtenTo(resolve(workspace, path), made.text))) return path;
  }
  throw new UsageError(
    name === undefined
      ? phrase`there are too many cases of this kind in ${code(folder)}`
      : phrase`${code(vouch(`${folder}/${name}.json`))} exists already`,
    phrase`give it another ${code('--name')}`,
  );
}

function numbered(name: string): readonly string[] {
  return Array.from({ length: NAMES }, (_, index) => (index === 0 ? name : `${name}-${index + 1}`));
}

/** False when something is there already, be it a link that leads nowhere. */
function writtenTo(file: string, text: string): boolean {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
}
