import { ajvCompiler } from '../../../src/adapters/ajv/compiler.ts';
import type { Violation } from '../../../src/core/evidence.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { plain } from '../../../src/core/plain.ts';
import { formatPointer } from '../../../src/core/pointer.ts';
import type { Compiled } from '../../../src/core/ports.ts';

export type Usable = Extract<Compiled, { readonly ok: true }>;

export const DRAFT_07 = 'http://json-schema.org/draft-07/schema#';
export const DRAFT_2019 = 'https://json-schema.org/draft/2019-09/schema';
export const DRAFT_2020 = 'https://json-schema.org/draft/2020-12/schema';

export function compile(schema: Json): Promise<Compiled> {
  return ajvCompiler().compile(JSON.stringify(schema), schema);
}

export async function usable(schema: Json): Promise<Usable> {
  const compiled = await compile(schema);
  if (!compiled.ok) throw new Error(plain(compiled.why));
  return compiled;
}

/** Why a schema can't be used, and where. */
export async function refusal(schema: Json): Promise<readonly [why: string, pointer: string]> {
  const compiled = await compile(schema);
  if (compiled.ok) throw new Error('it was compiled');
  return [plain(compiled.why), formatPointer(compiled.pointer)];
}

/**
 * A violation as `pointer: keyword < schemaPointer`, and below it, each after the number of its branch, what the
 * branches objected to.
 */
export function outline({ branches = [], ...violation }: Violation): readonly string[] {
  const { pointer, keyword, schemaPointer, aboutName } = violation;
  const place = `${formatPointer(pointer)}: ${keyword}${aboutName === true ? ' (name)' : ''}`;
  const inside = branches.flatMap((branch, index) =>
    branch.flatMap(outline).map((line) => `  ${index} ${line}`),
  );
  return [`${place} < ${formatPointer(schemaPointer)}`, ...inside];
}

export async function violations(schema: Json, value: Json): Promise<readonly string[]> {
  return (await usable(schema)).validate(value).flatMap(outline);
}

/** What the validator passes over, and where that stands. */
export async function notes(schema: Json): Promise<readonly string[]> {
  return (await usable(schema)).notes.map(({ what, pointer }) => `${what} at ${formatPointer(pointer)}`);
}

/** A condition. As a literal it would look like a promise to the linter. */
export function when(condition: Json, then: Json): JsonObject {
  return Object.fromEntries([
    ['if', condition],
    ['then', then],
  ]);
}
