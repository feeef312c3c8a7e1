import { createHash } from 'node:crypto';
import { shipped } from 'virtual:shipped-validators';
import type { Ajv, ErrorObject } from 'ajv';
import type { SchemaNote, Unusable } from '../../core/evidence.ts';
import { isObject, type Json } from '../../core/json.ts';
import { code, phrase, vouch } from '../../core/phrase.ts';
import { parsePointer } from '../../core/pointer.ts';
import type { Compiled, SchemaCompiler } from '../../core/ports.ts';
import { asksForSomething, type Draft, draftOfDocument, metaschemas } from '../../core/vocabulary.ts';
import type { Bounded } from './bounded.ts';
import { prepare } from './prepare.ts';
import { readErrors } from './violations.ts';

/** What Ajv makes of a schema, and what the build makes of those that ship with us. */
export interface RawValidator {
  (value: unknown): boolean;
  errors?: readonly ErrorObject[] | null;
}

/**
 * Compiles schemas with Ajv. Loading Ajv costs more than all the rest of a run, so the schemas that ship with us
 * were compiled by the build and are recognised by their text. Patterns of other schemas may take for ever on some
 * value: each validation has `timeout` milliseconds, after which it throws. A schema that asks for nothing vouches for
 * nothing, so it is refused unless `vacuous` ones are wanted.
 */
export function ajvCompiler(timeout = 10_000, vacuous: 'refuse' | 'allow' = 'refuse'): SchemaCompiler {
  let run: Bounded | undefined;
  return {
    async compile(text, document) {
      const precompiled = shipped.get(createHash('sha256').update(text).digest('hex'));
      if (precompiled !== undefined) return usable(await precompiled(), []);
      const { bounded } = await import('./bounded.ts');
      run ??= bounded(timeout);
      return compile(document, run, vacuous);
    },
    together: (work) => (run === undefined ? work() : run(work)),
  };
}

async function compile(document: Json, run: Bounded, vacuous: 'refuse' | 'allow'): Promise<Compiled> {
  const draft = draftOfDocument(document);
  if (draft === undefined) {
    const why = phrase`its ${code('$schema')} is none of draft-07, 2019-09 and 2020-12`;
    return { ok: false, why, pointer: ['$schema'] };
  }
  if (!isObject(document) && typeof document !== 'boolean') {
    return { ok: false, why: phrase`it is neither an object nor a boolean`, pointer: [] };
  }
  if (vacuous === 'refuse' && !asksForSomething(document)) {
    return { ok: false, why: phrase`it asks for nothing: every value would satisfy it`, pointer: [] };
  }
  const [ajv, { formats }] = await Promise.all([loadAjv(draft), import('./formats.ts')]);
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  const { schema, notes } = prepare(document, new Set(Object.keys(formats)), draft);
  try {
    if (!ajv.validate(metaschemas[draft], document)) {
      return { ok: false, ...objectionOfMetaschema(ajv.errors?.[0]) };
    }
    return usable(ajv.compile(schema as Parameters<Ajv['compile']>[0]), notes, run);
  } catch (error) {
    return { ok: false, why: phrase`${code(vouch(describe(error)))}`, pointer: [] };
  }
}

function usable(validator: RawValidator, notes: readonly SchemaNote[], run?: Bounded): Compiled {
  return {
    ok: true,
    shipped: run === undefined,
    notes,
    validate(value) {
      const isValid = run === undefined ? validator(value) : run(() => validator(value));
      if (isValid) return [];
      const violations = readErrors(validator.errors ?? []);
      // No violations would mean that the value is sound. Whoever asked is told of the defect instead.
      if (violations.length === 0) throw new Error('the validator refused a value without a reason');
      return violations;
    },
  };
}

async function loadAjv(draft: Draft): Promise<Ajv> {
  const { ajvOptions } = await import('./options.ts');
  const options = ajvOptions(draft);
  switch (draft) {
    case 'draft-07':
      return new (await import('ajv')).Ajv(options);
    case '2019-09':
      return new (await import('ajv/dist/2019.js')).Ajv2019(options) as Ajv;
    case '2020-12':
      return new (await import('ajv/dist/2020.js')).Ajv2020(options) as Ajv;
  }
}

function objectionOfMetaschema(error: ErrorObject | undefined): Unusable {
  const keyword = error?.keyword ?? 'type';
  return {
    why: phrase`it is no valid JSON Schema (${code(vouch(keyword))} of the metaschema)`,
    pointer: parsePointer(error?.instancePath ?? '') ?? [],
  };
}

/** A schema is a file of the repository, so what Ajv quotes of it may be told; one line of it is enough. */
function describe(error: unknown): string {
  if (error instanceof RangeError) return 'it refers to itself in a way that the validator cannot follow';
  const message = error instanceof Error ? error.message : String(error);
  return message.split('\n', 1)[0]?.slice(0, 200) ?? '';
}
