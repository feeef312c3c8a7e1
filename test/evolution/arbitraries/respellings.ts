import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { type Edit, editOf } from './edits.ts';
import { listIn, mapIn, numberIn } from './reading.ts';
import { without } from './subschemas.ts';

/** The same keywords or others that say the same, in the same schema. No value is looked at otherwise than before. */
export const respellings: readonly Edit[] = [
  editOf('keywords in another order', reversedMembers),
  editOf('const as enum', ({ const: constant, ...rest }) =>
    constant === undefined || rest['enum'] !== undefined ? undefined : { ...rest, enum: [constant] },
  ),
  editOf('enum of one as const', ({ enum: list, ...rest }) =>
    list !== undefined && isArray(list) && list.length === 1 && rest['const'] === undefined
      ? { ...rest, const: list[0] ?? null }
      : undefined,
  ),
  reversedList('enum'),
  reversedList('required'),
  reversedList('type'),
  reversedList('allOf'),
  reversedList('anyOf'),
  reversedList('oneOf'),
  editOf('type as a list', ({ type, ...rest }) =>
    typeof type === 'string' ? { ...rest, type: [type] } : undefined,
  ),
  editOf('type list of one as a word', ({ type, ...rest }) =>
    type !== undefined && isArray(type) && type.length === 1 ? { ...rest, type: type[0] ?? null } : undefined,
  ),
  editOf('number as integer or number', ({ type, ...rest }) =>
    type === 'number' ? { ...rest, type: ['integer', 'number'] } : undefined,
  ),
  editOf('boolean as its two values', ({ type, ...rest }) =>
    type === 'boolean' && rest['enum'] === undefined ? { ...rest, enum: [false, true] } : undefined,
  ),
  editOf('null as a constant', ({ type, ...rest }) =>
    type === 'null' && rest['const'] === undefined ? { ...rest, const: null } : undefined,
  ),
  bound('minimum', 'exclusiveMinimum', (least) => Math.ceil(least) - 1),
  bound('maximum', 'exclusiveMaximum', (most) => Math.floor(most) + 1),
  bound('exclusiveMinimum', 'minimum', (below) => Math.floor(below) + 1),
  bound('exclusiveMaximum', 'maximum', (above) => Math.ceil(above) - 1),
  editOf('annotations added', (schema) => ({
    title: 'same as before',
    ...schema,
    description: 'It says nothing new.',
    default: null,
    examples: [1],
  })),
  editOf('bounds added that nothing can break', (schema) => ({
    minLength: 0,
    minItems: 0,
    minProperties: 0,
    required: [],
    uniqueItems: false,
    ...schema,
  })),
  editOf('minContains spelled out', (schema, { draft }) =>
    draft !== 'draft-07' && schema['contains'] !== undefined && schema['minContains'] === undefined
      ? { ...schema, minContains: 1 }
      : undefined,
  ),
  editOf('dependentRequired as dependentSchemas', ({ dependentRequired: names, ...rest }, { draft }) => {
    if (draft === 'draft-07' || names === undefined || rest['dependentSchemas'] !== undefined)
      return undefined;
    return { ...rest, dependentSchemas: asSchemas(names) };
  }),
  editOf('dependentRequired as dependencies', ({ dependentRequired: names, ...rest }, { draft }) =>
    draft === 'draft-07' || names === undefined || rest['dependencies'] !== undefined
      ? undefined
      : { ...rest, dependencies: names },
  ),
  editOf('names in dependencies as schemas', ({ dependencies, ...rest }) =>
    dependencies === undefined ? undefined : { ...rest, dependencies: asSchemas(dependencies) },
  ),
  editOf('dependentSchemas as dependentRequired', ({ dependentSchemas: schemas, ...rest }, { draft }) => {
    if (draft === 'draft-07' || schemas === undefined || rest['dependentRequired'] !== undefined)
      return undefined;
    const members = Object.entries(mapIn({ schemas }, 'schemas'));
    if (!members.every(([, schema]) => isObject(schema) && Object.keys(schema).join() === 'required'))
      return undefined;
    return {
      ...rest,
      dependentRequired: Object.fromEntries(
        members.map(([name, schema]) => [name, isObject(schema) ? listIn(schema, 'required') : []]),
      ),
    };
  }),
];

function reversedMembers(schema: JsonObject): Json | undefined {
  const members = Object.entries(schema);
  return members.length > 1 ? Object.fromEntries(members.toReversed()) : undefined;
}

function reversedList(keyword: string): Edit {
  return editOf(`${keyword} in another order`, (schema) => {
    const list = listIn(schema, keyword);
    return list.length > 1 ? { ...schema, [keyword]: list.toReversed() } : undefined;
  });
}

/** Among integers there is nothing between a bound and the next one. */
function bound(from: string, to: string, next: (bound: number) => number): Edit {
  return editOf(`${from} of integers as ${to}`, (schema) => {
    const value = numberIn(schema, from);
    if (value === undefined || schema[to] !== undefined || String(schema['type']) !== 'integer')
      return undefined;
    return { ...without(schema, from), [to]: next(value) };
  });
}

function asSchemas(names: Json): JsonObject {
  return Object.fromEntries(
    Object.entries(mapIn({ names }, 'names')).map(([name, required]) => [
      name,
      isArray(required) ? { required } : required,
    ]),
  );
}
