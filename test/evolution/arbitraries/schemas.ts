import fc from 'fast-check';
import { isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { formatPointer } from '../../../src/core/pointer.ts';
import { asksForSomething, type Draft, metaschemas } from '../../../src/core/vocabulary.ts';
import {
  applicators,
  assertions,
  constants,
  type Family,
  families,
  type Offers,
  some,
  types,
} from './keywords.ts';
import { judgedRightly } from './misjudged.ts';
import { definitionsKeyword, isInPlace, replaced, subschemas, targetOf, without } from './subschemas.ts';

/** The last one has to be escaped in references. */
const definitionNames: readonly string[] = ['p', 'q', 'r/~'];

/**
 * JSON Schemas of a draft, at most three schemas deep (definitions not counted): small, but with every keyword that
 * a value can break. Most can be satisfied, and most refuse something. They are objects and name their draft. A
 * reference leads to a definition or to the root; none leads back to itself without a step into the value.
 */
export function schemas(draft: Draft): fc.Arbitrary<JsonObject> {
  const roots = fc.oneof(
    ...[1, 2, 3].map((depth) => ({ arbitrary: schemasOfDepth(depth, draft), weight: depth === 2 ? 2 : 1 })),
  );
  const definition = schemasOfDepth(1, draft);
  return fc
    .tuple(roots, fc.tuple(definition, definition, definition))
    .map(([root, definitions]) => linked(asking(root), definitions, draft));
}

/** One that asks for nothing is refused before it is compared. */
function asking(root: Json): JsonObject {
  if (!isObject(root)) return { allOf: [root] };
  return asksForSomething(root) ? root : { type: 'object' };
}

/** Small schemas without references, which can stand in any document of the draft. */
export function fragments(draft: Draft): fc.Arbitrary<Json> {
  return schemasOfDepth(1, draft).map(withoutReferences);
}

function schemasOfDepth(depth: number, draft: Draft): fc.Arbitrary<Json> {
  return anyFamily(levelOf(depth, draft));
}

/** The schemas of a depth, by what they are mostly about. */
type Level = Readonly<Record<Family, fc.Arbitrary<Json>>>;

function anyFamily(one: Level): fc.Arbitrary<Json> {
  return fc.oneof(
    ...families.map((family) => ({ arbitrary: one[family], weight: family === 'object' ? 8 : 5 })),
    { arbitrary: fc.constantFrom(true, true, false), weight: 1 },
  );
}

function levelOf(depth: number, draft: Draft): Level {
  const flat = byFamily((family) => ofFamily(family, assertions(family, draft)));
  if (depth === 0) return flat;
  const inner = levelOf(depth - 1, draft);
  const deeper = anyFamily(inner);
  return byFamily((family) => {
    const child = fc.oneof(
      { arbitrary: anyFamily(flat), weight: 9 },
      { arbitrary: deeper, weight: 6 },
      { arbitrary: references(draft).map(($ref): Json => ({ $ref })), weight: 1 },
    );
    const own = { ...assertions(family, draft), ...applicators(family, draft, child) };
    // Branches that are about something else would mostly contradict or say nothing.
    const branch = fc.oneof({ arbitrary: inner[family], weight: 6 }, { arbitrary: deeper, weight: 1 });
    return fc
      .tuple(ofFamily(family, own), some(combinations(branch, draft)), conditions(branch))
      .map((parts): Json => judgedRightly(Object.assign({}, ...parts), draft));
  });
}

function byFamily(make: (family: Family) => fc.Arbitrary<Json>): Level {
  return { array: make('array'), number: make('number'), object: make('object'), string: make('string') };
}

function ofFamily(family: Family, offers: Offers): fc.Arbitrary<Json> {
  const constant = constants(family);
  return some({
    ...offers,
    type: [60, types(family)],
    enum: [
      6,
      fc.uniqueArray(constant, { minLength: 1, maxLength: 4, selector: (value) => JSON.stringify(value) }),
    ],
    const: [3, constant],
  });
}

function combinations(branch: fc.Arbitrary<Json>, draft: Draft): Offers {
  const several = fc.array(branch, { minLength: 1, maxLength: 3 });
  return {
    allOf: [8, several],
    anyOf: [10, several],
    oneOf: [8, several],
    not: [7, branch],
    $ref: [12, references(draft)],
  };
}

function conditions(branch: fc.Arbitrary<Json>): fc.Arbitrary<JsonObject> {
  const together = (...keywords: readonly string[]) =>
    fc
      .tuple(...keywords.map((keyword) => branch.map((schema): readonly [string, Json] => [keyword, schema])))
      .map((members): JsonObject => Object.fromEntries(members));
  return fc.oneof(
    { arbitrary: fc.constant<JsonObject>({}), weight: 89 },
    { arbitrary: together('if', 'then'), weight: 4 },
    { arbitrary: together('if', 'else'), weight: 2 },
    { arbitrary: together('if', 'then', 'else'), weight: 4 },
    // Without a condition it doesn't count.
    { arbitrary: together('then'), weight: 1 },
  );
}

/** To the root, too; that is recursion. */
function references(draft: Draft): fc.Arbitrary<string> {
  return fc.constantFrom(...[undefined, 'p', 'p', 'q', 'r/~'].map((name) => referenceTo(name, draft)));
}

function referenceTo(name: string | undefined, draft: Draft): string {
  return name === undefined ? '#' : `#${encodeURI(formatPointer([definitionsKeyword(draft), name]))}`;
}

/** Puts root and definitions together, with those definitions only that something leads to. */
function linked(root: JsonObject, definitions: readonly Json[], draft: Draft): JsonObject {
  const sound = definitions.map((schema, index) => withSoundReferences(schema, index, false, draft));
  const document = withSoundReferences(root, -1, false, draft) as JsonObject;
  const reached = new Set<string>();
  const follow = (schema: Json): void => {
    for (const name of referencesIn(schema)) {
      if (reached.has(name)) continue;
      reached.add(name);
      follow(sound[definitionNames.indexOf(name)] ?? true);
    }
  };
  follow(document);
  const kept = definitionNames.flatMap((name, index) =>
    reached.has(name) ? [[name, sound[index] ?? true]] : [],
  );
  return {
    $schema: draft === 'draft-07' ? `${metaschemas[draft]}#` : metaschemas[draft],
    ...document,
    ...(kept.length === 0 ? {} : { [definitionsKeyword(draft)]: Object.fromEntries(kept) }),
  };
}

/**
 * Without a step into the value a reference leads from the root to a definition or from a definition to a later one,
 * so that none goes round in circles. One that doesn't is bent to the next definition or left out.
 */
function withSoundReferences(schema: Json, index: number, inside: boolean, draft: Draft): Json {
  const deep = subschemas(schema).reduce(
    (outer, { keyword, pointer, schema: inner }) =>
      replaced(outer, pointer, withSoundReferences(inner, index, inside || !isInPlace(keyword), draft)),
    schema,
  );
  if (!isObject(deep) || deep['$ref'] === undefined || inside) return deep;
  const target = targetOf(deep['$ref'])?.[1];
  if (target !== undefined && definitionNames.indexOf(target) > index) return deep;
  const next = definitionNames[index + 1];
  return next === undefined ? without(deep, '$ref') : { ...deep, $ref: referenceTo(next, draft) };
}

function referencesIn(schema: Json): readonly string[] {
  const own = isObject(schema) ? targetOf(schema['$ref'])?.[1] : undefined;
  return [
    ...(own === undefined ? [] : [own]),
    ...subschemas(schema).flatMap((one) => referencesIn(one.schema)),
  ];
}

function withoutReferences(schema: Json): Json {
  const deep = subschemas(schema).reduce(
    (outer, { pointer, schema: inner }) => replaced(outer, pointer, withoutReferences(inner)),
    schema,
  );
  return isObject(deep) ? without(deep, '$ref') : deep;
}
