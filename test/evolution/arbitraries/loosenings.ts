import type { Json } from '../../../src/core/json.ts';
import { moved, scaled, shortened } from './bounds.ts';
import { type Edit, editOf } from './edits.ts';
import { listIn } from './reading.ts';
import { independent, unwatched } from './restructurings.ts';
import { typesIn } from './scalars.ts';
import { without } from './subschemas.ts';

/** Edits after which a schema accepts at least what it accepted. `extra` is another schema, without references. */
export function loosenings(extra: Json): readonly Edit[] {
  return [
    { name: 'everything accepted', apply: (_schema, { watched }) => (watched ? undefined : true) },
    ...widenings(extra),
  ];
}

/** Those that leave something of the schema. */
export function widenings(extra: Json): readonly Edit[] {
  return [
    {
      name: 'another schema will do',
      apply: (schema, { watched }) => (watched ? undefined : { anyOf: [schema, extra] }),
    },
    ...moved(-1),
    ...independent.map((keyword) =>
      editOf(`${keyword} gone`, (schema) =>
        schema[keyword] === undefined ? undefined : without(schema, keyword),
      ),
    ),
    ...[
      ['allOf'],
      ['anyOf'],
      ['oneOf'],
      ['if', 'then', 'else'],
      ['additionalProperties'],
      ['dependentSchemas'],
      ['contains', 'minContains', 'maxContains'],
    ].map((keywords) =>
      unwatched(`${keywords[0]} gone`, (schema) =>
        keywords.some((keyword) => schema[keyword] !== undefined) ? without(schema, ...keywords) : undefined,
      ),
    ),
    editOf('enum longer', (schema) =>
      schema['enum'] === undefined
        ? undefined
        : { ...schema, enum: unique([...listIn(schema, 'enum'), null, 'new']) },
    ),
    editOf('const to enum', ({ const: constant, ...rest }) =>
      constant === undefined || rest['enum'] !== undefined
        ? undefined
        : { ...rest, enum: unique([constant, 'new']) },
    ),
    editOf('another type, too', (schema) => {
      const types = schema['type'] === undefined ? [] : typesIn(schema['type']);
      const more = ['null', 'string', 'object'].find((type) => !types.includes(type));
      return types.length === 0 || more === undefined ? undefined : { ...schema, type: [...types, more] };
    }),
    editOf('integer to number', (schema) =>
      schema['type'] === 'integer' ? { ...schema, type: 'number' } : undefined,
    ),
    editOf('multipleOf halved', (schema) => scaled(schema, 0.5)),
    shortened('required'),
    unwatched('object opened', (schema) =>
      schema['additionalProperties'] === false ? { ...schema, additionalProperties: true } : undefined,
    ),
    unwatched('a branch of anyOf added', (schema) => {
      const branches = listIn(schema, 'anyOf');
      return branches.length === 0 ? undefined : { ...schema, anyOf: [...branches, extra] };
    }),
  ];
}

/** Lists of `enum` name no value twice. */
function unique(values: readonly Json[]): readonly Json[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}
