import { isArray, isObject, type Json, type JsonObject } from '../core/json.ts';
import { annotations, asksForSomething, listOfSchemas, mapOfSchemas, oneSchema } from '../core/vocabulary.ts';
import type { Effect } from './change-kind.ts';
import { Ids, spellValue } from './schema.ts';

/** Lists in which the order of items says nothing. */
const unordered: ReadonlySet<string> = new Set(['enum', 'type', 'required', 'allOf', 'anyOf', 'oneOf']);

/** Tells schemas of both documents apart, by all that they say or by what they ask for. */
export class Forms {
  readonly #by: 'text' | 'meaning';
  readonly #ids = new Ids();
  readonly #known = new Map<Json, string>();

  constructor(by: 'text' | 'meaning') {
    this.#by = by;
  }

  of(schema: Json): string {
    if (!isObject(schema)) return spellValue(schema);
    const known = this.#known.get(schema) ?? this.#ids.of(this.#spell(schema));
    this.#known.set(schema, known);
    return known;
  }

  #spell(schema: JsonObject): string {
    return Object.entries(schema)
      .filter(([keyword]) => this.#by === 'text' || !isNote(keyword))
      .map(([keyword, value]): string => {
        if (keyword === 'const') return `enum:[${spellValue(value)}]`;
        return `${JSON.stringify(keyword)}:${this.#argument(keyword, value)}`;
      })
      .sort()
      .join();
  }

  #argument(keyword: string, value: Json): string {
    if (isArray(value)) {
      const holdsSchemas = listOfSchemas.has(keyword) || keyword === 'items';
      const items = value.map((item) => (holdsSchemas ? this.of(item) : spellValue(item)));
      return `[${unordered.has(keyword) ? items.sort().join() : items.join()}]`;
    }
    if (isObject(value) && mapOfSchemas.has(keyword)) {
      const members = Object.entries(value).map(
        ([name, member]) => `${JSON.stringify(name)}:${this.of(member)}`,
      );
      return `{${members.sort().join()}}`;
    }
    if (oneSchema.has(keyword)) return this.of(value);
    return keyword === 'type' ? `[${spellValue(value)}]` : spellValue(value);
  }

  /** What it does to the values that fit when a schema takes the place of another. Undefined is a schema that nobody knows. */
  exchange(from: Json | undefined, to: Json | undefined): Effect {
    const isSame = from !== undefined && to !== undefined && this.of(from) === this.of(to);
    if (isSame || (isAnything(from) && isAnything(to))) return 'none';
    if (isAnything(to) || from === false) return 'widens';
    return isAnything(from) || to === false ? 'narrows' : 'either';
  }
}

export function isNote(keyword: string): boolean {
  return keyword !== 'nullable' && (annotations.has(keyword) || keyword.startsWith('x-'));
}

export function isAnything(schema: Json | undefined): boolean {
  return schema !== undefined && !asksForSomething(schema);
}
