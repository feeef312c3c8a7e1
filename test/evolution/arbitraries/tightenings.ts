import type { Json, JsonObject } from '../../../src/core/json.ts';
import { moved, scaled, shortened } from './bounds.ts';
import { conjoined, type Edit, editOf } from './edits.ts';
import { listIn, mapIn } from './reading.ts';
import { unwatched } from './restructurings.ts';
import { typesIn, typesOf } from './scalars.ts';
import { names } from './words.ts';

/** Edits after which a schema refuses at least what it refused. `extra` is another schema, without references. */
export function tightenings(extra: Json): readonly Edit[] {
  return [{ name: 'nothing accepted', apply: () => false }, ...narrowings(extra)];
}

/** Those that leave something of the schema. */
export function narrowings(extra: Json): readonly Edit[] {
  return [
    {
      name: 'another schema asked for',
      apply: (schema, { watched }) => (watched ? undefined : { allOf: [schema, extra] }),
    },
    ...moved(1),
    ...Object.entries(newKeywords).map(([keyword, value]) =>
      editOf(`${keyword} added`, (schema) =>
        schema[keyword] === undefined && matters(keyword, schema)
          ? { ...schema, [keyword]: value }
          : undefined,
      ),
    ),
    shortened('enum'),
    shortened('anyOf'),
    editOf('one type of several gone', (schema) => {
      const types = listIn(schema, 'type');
      return types.length > 1 ? { ...schema, type: types.slice(1) } : undefined;
    }),
    editOf('number to integer', (schema) =>
      schema['type'] === 'number' ? { ...schema, type: 'integer' } : undefined,
    ),
    editOf('multipleOf doubled', (schema) => scaled(schema, 2)),
    editOf('a name more required', (schema) => {
      const required = listIn(schema, 'required');
      const name = names.find((one) => !required.includes(one));
      return name === undefined ? undefined : { ...schema, required: [...required, name] };
    }),
    unwatched('a member of an open object declared', (schema) => {
      const properties = mapIn(schema, 'properties');
      const name = names.find((one) => !Object.hasOwn(properties, one));
      if (name === undefined || (schema['additionalProperties'] ?? true) !== true) return undefined;
      return { ...schema, properties: { ...properties, [name]: extra } };
    }),
    unwatched('object closed', (schema) =>
      (schema['additionalProperties'] ?? true) === true
        ? { ...schema, additionalProperties: false }
        : undefined,
    ),
    unwatched('a branch of allOf added', (schema) => conjoined(schema, extra)),
  ];
}

/** What can be asked for in addition, whatever else is. */
const newKeywords: Readonly<Record<string, Json>> = {
  type: ['object', 'array', 'integer', 'null'],
  enum: ['a', 1, {}, [], { a: 1 }],
  minimum: 1,
  exclusiveMaximum: 5,
  multipleOf: 2,
  maxLength: 2,
  pattern: '^a',
  format: 'date',
  minItems: 1,
  maxItems: 2,
  uniqueItems: true,
  minProperties: 1,
  maxProperties: 1,
  dependentRequired: { a: ['b'] },
  propertyNames: { maxLength: 1 },
  not: { const: 'a' },
};

/** Whether some value that the schema lets through by its type is one that the keyword is about. */
function matters(keyword: string, { type }: JsonObject): boolean {
  const about = typesOf[keyword];
  if (about === undefined || type === undefined) return true;
  return typesIn(type).some((one) => about.includes(one === 'integer' ? 'number' : one));
}
