import fc from 'fast-check';
import { isArray, isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { formatPointer, type Pointer } from '../../../src/core/pointer.ts';
import type { Draft } from '../../../src/core/vocabulary.ts';
import { diceOf, shuffled } from './dice.ts';
import { isMisjudged } from './misjudged.ts';
import type { Place } from './places.ts';
import { definitionsKeyword, draftOfDocument, replaced, without } from './subschemas.ts';

/** What an edit may know of the place that it is made at. */
export interface Context {
  readonly draft: Draft;
  readonly watched: boolean;
  /** The definitions of the document, by name. */
  readonly definitions: JsonObject;
  /** Adds one, and answers a reference to it. */
  define(schema: Json): JsonObject;
}

/** A change of one schema. It answers what to put in its place, or undefined where it can't be made. */
export interface Edit {
  readonly name: string;
  apply(schema: Json, context: Context): Json | undefined;
}

/** A document that one edit has changed. */
export interface Edited {
  readonly name: string;
  readonly pointer: Pointer;
  readonly document: JsonObject;
}

/**
 * Draws one of the edits that can be made, each as likely as another however many places there are for it; the
 * document as it is when there is none.
 */
export function oneOf(
  document: JsonObject,
  choices: readonly { readonly edit: Edit; readonly place: Place }[],
): fc.Arbitrary<Edited> {
  const byEdit = new Map<Edit, Place[]>();
  for (const { edit, place } of choices) byEdit.set(edit, [...(byEdit.get(edit) ?? []), place]);
  return fc.noShrink(fc.noBias(fc.nat())).map((seed) => {
    const dice = diceOf(seed);
    for (const [edit, where] of shuffled([...byEdit], dice)) {
      for (const place of shuffled(where, dice)) {
        const edited = applied(document, edit, place);
        if (edited !== undefined) return edited;
      }
    }
    return { name: 'nothing changed', pointer: [], document };
  });
}

/** The document with the edit made at the place, if it can be made. What names the draft, and the definitions, stay. */
export function applied(
  document: JsonObject,
  edit: Edit,
  { pointer, schema, watched }: Place,
): Edited | undefined {
  const draft = draftOfDocument(document);
  const keyword = definitionsKeyword(draft);
  const held = document[keyword];
  const definitions = held !== undefined && isObject(held) ? held : {};
  const added: Record<string, Json> = {};
  const context: Context = {
    draft,
    watched,
    definitions,
    define(one) {
      const name = `new${Object.keys({ ...definitions, ...added }).length}`;
      added[name] = one;
      return { $ref: `#${formatPointer([keyword, name])}` };
    },
  };
  const isRoot = pointer.length === 0;
  const before = isRoot && isObject(schema) ? without(schema, '$schema', keyword) : schema;
  const after = edit.apply(before, context);
  if (after === undefined) return undefined;
  const changed = isRoot
    ? rooted(after, document, keyword)
    : (replaced(document, pointer, after) as JsonObject);
  if (Object.keys(added).length === 0) return { name: edit.name, pointer, document: changed };
  const grown = { ...changed, [keyword]: { ...asObject(changed[keyword]), ...added } };
  return { name: edit.name, pointer, document: grown };
}

function rooted(schema: Json, { $schema, ...document }: JsonObject, keyword: string): JsonObject {
  return {
    ...($schema === undefined ? {} : { $schema }),
    ...(isObject(schema) ? schema : { allOf: [schema] }),
    ...(document[keyword] === undefined ? {} : { [keyword]: document[keyword] }),
  };
}

function asObject(value: Json | undefined): JsonObject {
  return value !== undefined && isObject(value) ? value : {};
}

/** An edit of schemas that have keywords, none of which Ajv gets wrong before or after it. */
export function editOf(
  name: string,
  apply: (schema: JsonObject, context: Context) => Json | undefined,
): Edit {
  return {
    name,
    apply(schema, context) {
      if (!isObject(schema) || isMisjudged(schema, context.draft)) return undefined;
      const after = apply(schema, context);
      return after === undefined || isMisjudged(after, context.draft) ? undefined : after;
    },
  };
}

/** The schema with further branches of `allOf`. */
export function conjoined(schema: JsonObject, ...branches: readonly Json[]): JsonObject {
  const all = schema['allOf'];
  return { ...schema, allOf: [...(all !== undefined && isArray(all) ? all : []), ...branches] };
}

/** The members of those names that the schema has. */
export function only(schema: JsonObject, ...keywords: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(schema).filter(([keyword]) => keywords.includes(keyword)));
}
