import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { conjoined, type Edit, editOf } from './edits.ts';
import { listIn } from './reading.ts';
import { targetOf, without } from './subschemas.ts';

/** The whole schema, said through another one. */
export const wrappings: readonly Edit[] = [
  ...['allOf', 'anyOf', 'oneOf'].flatMap((keyword): readonly Edit[] => [
    { name: `${keyword} of one`, apply: (schema) => ({ [keyword]: [schema] }) },
    editOf(`${keyword} of one left out`, (schema) => {
      const branches = listIn(schema, keyword);
      return Object.keys(schema).length === 1 && branches.length === 1 ? branches[0] : undefined;
    }),
  ]),
  {
    name: 'not not',
    // What is looked at inside of `not` is forgotten.
    apply: (schema, { watched }) => (watched ? undefined : { not: { not: schema } }),
  },
  { name: 'if true', apply: (schema) => condition(true, 'then', schema) },
  { name: 'if false', apply: (schema) => condition(false, 'else', schema) },
  { name: 'true as an object', apply: (schema) => (schema === true ? {} : undefined) },
  { name: 'false as not', apply: (schema) => (schema === false ? { not: {} } : undefined) },
  editOf('nothing asked as true', (schema) => (Object.keys(schema).length === 0 ? true : undefined)),
  { name: 'made a definition', apply: (schema, { define }) => define(schema) },
  editOf('reference followed', (schema, { draft, definitions }) => {
    const name = targetOf(schema['$ref'])?.[1];
    const definition = name === undefined ? undefined : definitions[name];
    if (definition === undefined) return undefined;
    const rest = without(schema, '$ref');
    return draft === 'draft-07' || Object.keys(rest).length === 0 ? definition : conjoined(rest, definition);
  }),
  editOf('a branch of allOf twice', (schema) => grown(schema, 'allOf', (branches) => branches.slice(0, 1))),
  editOf('a branch of allOf that asks nothing', (schema) => grown(schema, 'allOf', () => [true])),
  editOf('a branch of anyOf twice', (schema) => grown(schema, 'anyOf', (branches) => branches.slice(0, 1))),
  editOf('a branch of anyOf that nothing satisfies', (schema) => grown(schema, 'anyOf', () => [false])),
  editOf('a branch of oneOf that nothing satisfies', (schema) => grown(schema, 'oneOf', () => [false])),
  editOf('allOf in allOf laid open', (schema) => {
    const branches = listIn(schema, 'allOf');
    const open = branches.flatMap((branch) => {
      const only = isObject(branch) && Object.keys(branch).length === 1 ? branch['allOf'] : undefined;
      return only !== undefined && isArray(only) ? only : [branch];
    });
    return open.length === branches.length ? undefined : { ...schema, allOf: open };
  }),
];

function condition(when: boolean, keyword: 'then' | 'else', schema: Json): JsonObject {
  return Object.fromEntries([
    ['if', when],
    [keyword, schema],
  ]);
}

function grown(
  schema: JsonObject,
  keyword: string,
  more: (branches: readonly Json[]) => readonly Json[],
): JsonObject | undefined {
  const branches = listIn(schema, keyword);
  return branches.length === 0 ? undefined : { ...schema, [keyword]: [...branches, ...more(branches)] };
}
