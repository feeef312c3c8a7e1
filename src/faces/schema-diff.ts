import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { type Answer, asked, type Direction, type Evolution, spellWitness } from '../core/evolution.ts';
import type { Json } from '../core/json.ts';
import { code, type Phrase, phrase, spell } from '../core/phrase.ts';
import { clean, plain, printable } from '../core/plain.ts';
import { formatPointer, type Pointer } from '../core/pointer.ts';
import { locator } from '../core/position.ts';
import { unveiled } from '../core/redaction.ts';
import { reduceBranches, wordViolation } from '../core/violation.ts';
import { entities, medium } from '../reporters/markdown.ts';
import { compare } from '../review.ts';
import type { Outcome } from './ending.ts';
import { readUsable } from './engines.ts';
import { evolutionTools } from './evolution-tools.ts';

/** `schema-diff`: two schemas by themselves, on files of the working folder. */

export interface SchemaDiffOptions {
  readonly direction: Direction | 'full';
  readonly format: 'text' | 'json' | 'markdown';
}

type Usable = Awaited<ReturnType<typeof readUsable>>;

interface Told {
  readonly evolution: Evolution;
  readonly directions: readonly Direction[];
  readonly schemas: Readonly<Record<'before' | 'after', Usable>>;
}

/** What changed, and whether the directions that were asked for are compatible. */
export async function schemaDiff(
  before: string,
  after: string,
  { direction, format }: SchemaDiffOptions,
): Promise<Outcome> {
  const compiler = ajvCompiler(undefined, 'allow');
  const schemas = {
    before: await readUsable(before, compiler),
    after: await readUsable(after, compiler),
  };
  const directions = asked[direction];
  const evolution = compare(schemas.before, schemas.after, await evolutionTools());
  const told = { evolution, directions, schemas };
  const isCompatible = directions.every((each) => evolution.answers[each].kind === 'compatible');
  return { text: formats[format](told), exitCode: isCompatible ? 0 : 1 };
}

const formats: Readonly<Record<SchemaDiffOptions['format'], (told: Told) => string>> = {
  text,
  json,
  markdown,
};

function json({ evolution, directions, schemas }: Told): string {
  const { answers, changes, isCut } = evolution;
  return printable({
    format: 'redis-config-guardian/schema-diff',
    version: 1,
    before: schemas.before.path,
    after: schemas.after.path,
    compatible: directions.every((direction) => answers[direction].kind === 'compatible'),
    answers: Object.fromEntries(
      directions.map((direction) => [direction, published(answers[direction], refusing(direction, schemas))]),
    ),
    changes: changes.map(({ kind, said, before, after }) => ({
      kind,
      before: formatPointer(before),
      after: formatPointer(after),
      message: unspelled(said),
    })),
    isCut,
  });
}

function published(answer: Answer, schema: Usable): Json {
  switch (answer.kind) {
    case 'compatible':
      return { answer: answer.kind };
    case 'unknown':
      return { answer: answer.kind, why: answer.why };
    case 'breaking':
      return {
        answer: answer.kind,
        witness: answer.witness,
        objections: reduceBranches(answer.violations).map((violation) => ({
          pointer: formatPointer(violation.pointer),
          schemaPointer: formatPointer(violation.schemaPointer),
          message: unspelled(wordViolation(violation, schema.document, answer.witness, unveiled)),
        })),
      };
  }
}

function text({ evolution, directions, schemas }: Told): string {
  const { answers, changes, isCut } = evolution;
  const find = { before: locator(schemas.before.text), after: locator(schemas.after.text) };
  const at = (side: 'before' | 'after', pointer: Pointer) => {
    const { line, column } = find[side](pointer);
    return `${clean(schemas[side].path)}:${line}:${column}`;
  };
  const judged = directions.flatMap((direction) => {
    const answer = answers[direction];
    const lines = [`${icons[answer.kind]} ${plain(sentence(direction, answer))}`];
    if (answer.kind !== 'breaking') return lines;
    const side = direction === 'backward' ? 'after' : 'before';
    return [
      ...lines,
      ...reduceBranches(answer.violations).map((violation) => {
        const said = wordViolation(violation, schemas[side].document, answer.witness, unveiled);
        return `    ${at(side, violation.schemaPointer)}: ${place(violation.pointer)}${plain(said)}`;
      }),
    ];
  });
  const listed = changes.map(({ kind, said, after }) => `  ${at('after', after)}: ${plain(said)} (${kind})`);
  const count = `${changes.length}${isCut ? ' or more' : ''} change${changes.length === 1 ? '' : 's'}`;
  return [...judged, '', changes.length === 0 ? 'no changes' : `${count}:`, ...listed, ''].join('\n');
}

function place(pointer: Pointer): string {
  return pointer.length === 0 ? '' : `${clean(formatPointer(pointer))}: `;
}

function markdown({ evolution, directions, schemas }: Told): string {
  const { answers, changes, isCut } = evolution;
  const judged = directions.map((direction) => {
    const answer = answers[direction];
    return `- ${emoji[answer.kind]} ${spell(sentence(direction, answer), medium)}`;
  });
  const rows = changes.map(
    ({ kind, said, after }) =>
      `| ${spell(said, medium)} | <code>${entities(formatPointer(after)) || '/'}</code> | <code>${entities(kind)}</code> |`,
  );
  const table = rows.length === 0 ? ['No changes.'] : ['| Change | Where | Kind |', '|---|---|---|', ...rows];
  const title = `### <code>${entities(schemas.before.path)}</code> → <code>${entities(schemas.after.path)}</code>`;
  return [title, '', ...judged, '', ...table, ...(isCut ? ['', 'And more changes.'] : []), ''].join('\n');
}

const icons: Readonly<Record<Answer['kind'], string>> = { compatible: '✓', breaking: '✗', unknown: '?' };
const emoji: Readonly<Record<Answer['kind'], string>> = { compatible: '✅', breaking: '❌', unknown: '❓' };

function sentence(direction: Direction, answer: Answer): Phrase {
  const name = code(direction);
  switch (answer.kind) {
    case 'compatible':
      return phrase`${name}: compatible`;
    case 'unknown':
      return answer.why === 'too-much-work'
        ? phrase`${name}: unknown, which counts as breaking (it takes more work than it may)`
        : phrase`${name}: unknown, which counts as breaking`;
    case 'breaking': {
      const witness = code(spellWitness(answer.witness));
      return direction === 'backward'
        ? phrase`${name}: breaking: ${witness} was valid and no longer is`
        : phrase`${name}: breaking: ${witness} is valid now and was not`;
    }
  }
}

function refusing(direction: Direction, { before, after }: Told['schemas']): Usable {
  return direction === 'backward' ? after : before;
}

/** For programs: nothing is escaped but what JSON escapes. */
function unspelled(said: Phrase): string {
  const same = (part: string) => part;
  return spell(said, { text: same, code: same, name: same, value: same });
}
