import { at, isArray, isObject, type Json } from '../../core/json.ts';
import { formatPointer, type Pointer, parsePointer } from '../../core/pointer.ts';

/**
 * The places of every `contains` that speaks about the same array as the schema at this place: in 2020-12 an item
 * that fits one of them is evaluated. Undefined when it can't be told, or when one of them counts only if something
 * else holds.
 */
export function containersAt(document: Json, place: Pointer): readonly Pointer[] | undefined {
  return new Walk(document).from(place);
}

const onlyIf: readonly string[] = ['anyOf', 'oneOf', 'if', 'then', 'else'];

class Walk {
  readonly #document: Json;
  readonly #seen = new Set<string>();

  constructor(document: Json) {
    this.#document = document;
  }

  from(place: Pointer): readonly Pointer[] | undefined {
    const schema = at(this.#document, place);
    const name = formatPointer(place);
    if (schema === undefined) return undefined;
    if (!isObject(schema) || this.#seen.has(name)) return [];
    this.#seen.add(name);
    const { $ref, contains, allOf, $dynamicRef, $recursiveRef } = schema;
    if ($dynamicRef !== undefined || $recursiveRef !== undefined) return undefined;
    const found: Pointer[] = contains === undefined ? [] : [[...place, 'contains']];
    const always = [...placesIn([...place, 'allOf'], allOf), ...targets($ref)];
    for (const inner of always) {
      const further = inner === undefined ? undefined : this.from(inner);
      if (further === undefined) return undefined;
      found.push(...further);
    }
    const perhaps = onlyIf.flatMap((keyword) => placesIn([...place, keyword], schema[keyword]));
    return perhaps.every((inner) => this.from(inner)?.length === 0) ? found : undefined;
  }
}

function placesIn(place: Pointer, argument: Json | undefined): readonly Pointer[] {
  if (argument === undefined) return [];
  return isArray(argument) ? argument.map((_, index) => [...place, String(index)]) : [place];
}

function targets($ref: Json | undefined): readonly (Pointer | undefined)[] {
  if (typeof $ref !== 'string') return [];
  return [$ref.startsWith('#') ? parsePointer($ref.slice(1)) : undefined];
}
