import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formats } from '../../src/adapters/ajv/formats.ts';
import { ajvOptions } from '../../src/adapters/ajv/options.ts';
import { prepare } from '../../src/adapters/ajv/prepare.ts';
import type { Answer } from '../../src/core/evolution.ts';
import type { Json } from '../../src/core/json.ts';
import { type Draft, draftOfDocument } from '../../src/core/vocabulary.ts';
import { contained } from '../../src/evolution/compatibility.ts';
import type { Tools } from '../../src/evolution/tools.ts';
import { evolutionTools } from '../../src/faces/evolution-tools.ts';

export interface Comparing {
  /** Whether all that one schema accepts is accepted by another. */
  contained(from: Json, to: Json): Answer;
  /** What decides of a value under a schema. */
  compile(schema: Json): (value: Json) => boolean;
}

/** The engine with the tools and the validator of the product: Ajv on prepared schemas. */
export async function comparing(): Promise<Comparing> {
  const tools: Tools = await evolutionTools();
  const engines = new Map<Draft, Ajv>();
  const compile = (document: Json) => {
    const draft = draftOfDocument(document) ?? '2020-12';
    const engine = engines.get(draft) ?? newEngine(draft);
    engines.set(draft, engine);
    const { schema } = prepare(document, new Set(Object.keys(formats)), draft);
    const validate = engine.compile(schema as Parameters<Ajv['compile']>[0]);
    // Otherwise it remembers every schema for good.
    if (typeof schema === 'object') engine.removeSchema(schema as object);
    return (value: Json) => validate(value) === true;
  };
  const compiled = (document: Json) => {
    const accepts = compile(document);
    const objection = { pointer: [], keyword: '', schemaPointer: [], params: {} };
    return { document, validate: (value: Json) => (accepts(value) ? [] : [objection]) };
  };
  return {
    contained: (from, to) => contained(compiled(from), compiled(to), tools),
    compile,
  };
}

function newEngine(draft: Draft): Ajv {
  const options = { ...ajvOptions(draft), formats };
  switch (draft) {
    case 'draft-07':
      return new Ajv(options);
    case '2019-09':
      return new Ajv2019(options) as Ajv;
    case '2020-12':
      return new Ajv2020(options) as Ajv;
  }
}
