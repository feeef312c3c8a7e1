import type { Identity } from './difference.ts';
import type { SchemaEvidence } from './evidence.ts';
import { isObject, type Json } from './json.ts';
import { count, name, type Phrase, phrase } from './phrase.ts';
import type { Pattern, Pointer } from './pointer.ts';
import type { Redactor } from './redaction.ts';
import { reduceBranches, wordViolation } from './violation.ts';

/** Something that makes a value unacceptable, worded. */
export interface Objection {
  readonly pointer: Pointer;
  readonly phrase: Phrase;
  /** The keyword of the schema that objects; absent when the objection is to an identity that isn't one. */
  readonly schemaPointer?: Pointer;
}

type CompiledSchema = Extract<SchemaEvidence, { readonly kind: 'compiled' }>;

/** A broken document may break in a thousand places; nobody reads more than these. */
const LISTED = 50;

/** Everything that schema and identities object to in a value. */
export function objections(
  value: Json,
  schema: CompiledSchema,
  identity: readonly Identity[],
  redactor: Redactor,
): readonly Objection[] {
  const ofSchema = reduceBranches(schema.validate(value)).map(
    (violation): Objection => ({
      pointer: violation.pointer,
      phrase: wordViolation(violation, schema.document, value, redactor),
      schemaPointer: violation.schemaPointer,
    }),
  );
  const all = [...ofSchema, ...identity.flatMap((rule) => repeatedIdentities(value, rule, redactor))];
  if (all.length <= LISTED) return all;
  const rest: Objection = {
    pointer: [],
    phrase: phrase`${count(all.length - LISTED, 'more objection')} like these`,
  };
  return [...all.slice(0, LISTED), rest];
}

/** JSON Schema cannot ask that a property be unique within an array; the spec's identities do. */
function repeatedIdentities(
  value: Json,
  { at, property }: Identity,
  redactor: Redactor,
): readonly Objection[] {
  return places(value, at).flatMap(([array, pointer]) => {
    if (!Array.isArray(array)) return [];
    const seen = new Map<Json, number>();
    return array.flatMap((item: Json, index): readonly Objection[] => {
      const id = isObject(item) && Object.hasOwn(item, property) ? item[property] : undefined;
      if (typeof id !== 'string' && typeof id !== 'number') return [];
      const first = seen.get(id);
      seen.set(id, first ?? index);
      if (first === undefined) return [];
      const place = [...pointer, String(index), property];
      return [
        {
          pointer: place,
          phrase: phrase`${redactor.value(place, id)} identifies the item ${name(redactor.place([...pointer, String(first)]))} already`,
        },
      ];
    });
  });
}

/** Every place in the document that the pattern names, with its value. */
export function places(value: Json, pattern: Pattern, pointer: Pointer = []): readonly [Json, Pointer][] {
  const [token, ...rest] = pattern;
  if (token === undefined) return [[value, pointer]];
  const members: readonly [string, Json][] = Array.isArray(value)
    ? value.map((item, index) => [String(index), item])
    : isObject(value)
      ? Object.entries(value)
      : [];
  return members
    .filter(([name]) => token === '*' || token === name)
    .flatMap(([name, member]) => places(member, rest, [...pointer, name]));
}
