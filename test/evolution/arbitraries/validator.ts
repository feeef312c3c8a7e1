import { Ajv } from 'ajv';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formats } from '../../../src/adapters/ajv/formats.ts';
import { ajvOptions } from '../../../src/adapters/ajv/options.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { type Draft, metaschemas } from '../../../src/core/vocabulary.ts';
import { isBugOfAjv } from './misjudged.ts';
import { draftOfDocument } from './subschemas.ts';

export interface Validator {
  /** Whether the document is a schema of the draft that it names. */
  isSchema(document: Json): boolean;
  /** What decides of a value; undefined where Ajv breaks on it. Throws when the document can't be compiled. */
  compile(document: Json): (value: Json) => boolean | undefined;
}

/** The validator of the product as it is, without what the product puts around it. */
export function plainValidator(): Validator {
  const engines = new Map<Draft, Ajv>();
  function engineOf(draft: Draft): Ajv {
    const engine = engines.get(draft) ?? newEngine(draft);
    engines.set(draft, engine);
    return engine;
  }
  return {
    isSchema(document) {
      const draft = draftOfDocument(document);
      return engineOf(draft).validate(metaschemas[draft], document) === true;
    },
    compile(document) {
      const engine = engineOf(draftOfDocument(document));
      const validate = engine.compile(document as JsonObject | boolean);
      // Otherwise it remembers every schema for good.
      engine.removeSchema(document as JsonObject);
      return (value) => {
        try {
          return validate(value) === true;
        } catch (error) {
          if (isBugOfAjv(error)) return undefined;
          throw error;
        }
      };
    },
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
