import { at, isArray, isObject, type Json } from '../core/json.ts';
import { formatPointer, type Pointer, parsePointer } from '../core/pointer.ts';
import type { Draft } from '../core/vocabulary.ts';
import { Ids, SchemaDocument, type Target } from './schema.ts';

/** A part of a document, and the way from it up to the root, so that pointers are spelled out only when needed. */
export interface Place {
  readonly json: Json;
  readonly parent: Place | undefined;
  readonly token: string;
}

export function step(parent: Place, token: string | number, json: Json): Place {
  return { json, parent, token: String(token) };
}

export function pointerTo(place: Place): Pointer {
  const tokens: string[] = [];
  for (let here = place; here.parent !== undefined; here = here.parent) tokens.push(here.token);
  return tokens.reverse();
}

const references = ['$ref', '$dynamicRef', '$recursiveRef'] as const;
export type ReferenceKeyword = (typeof references)[number];

/** One of the two documents that are compared: what its references lead to, and where that is. */
export class Source {
  readonly root: Place;
  readonly draft: Draft;
  /** Something in it asks what others have looked at, so that a declaration can do more than it says. */
  readonly watches: boolean;
  /** A dynamic reference may lead to any of the definitions. */
  readonly #isOpaque: boolean;
  readonly #document: SchemaDocument;
  readonly #places = new Map<Json, Place>();
  /** Every place that a reference leads to or into, spelled. */
  readonly #referenced = new Set<string>();

  constructor(json: Json) {
    this.root = { json, parent: undefined, token: '' };
    this.#document = new SchemaDocument(json, '', new Ids());
    this.draft = this.#document.draft;
    this.#index(this.root);
    const objects = [...this.#places.values()];
    this.watches = objects.some(
      ({ json }) => isObject(json) && ('unevaluatedProperties' in json || 'unevaluatedItems' in json),
    );
    for (const place of objects) {
      for (const keyword of references) this.#note(this.target(place, keyword));
    }
    this.#isOpaque = objects.some((place) =>
      (['$dynamicRef', '$recursiveRef'] as const).some(
        (keyword) =>
          isObject(place.json) &&
          place.json[keyword] !== undefined &&
          this.target(place, keyword) === undefined,
      ),
    );
  }

  /** Where a reference of a schema leads; undefined when there is none or it can't be told from this document. */
  target(place: Place, keyword: ReferenceKeyword): Place | undefined {
    const owner = ownerOf(place, keyword);
    const reference = isObject(owner) ? owner[keyword] : undefined;
    if (typeof reference !== 'string') return undefined;
    const target = this.#resolve(owner, keyword, reference);
    if (target === 'elsewhere') return undefined;
    const direct = reference.startsWith('#') ? this.place(decoded(reference.slice(1))) : undefined;
    return direct?.json === target.json ? direct : this.#places.get(target.json);
  }

  /** The place that a pointer names, if it is there. */
  place(text: string): Place | undefined {
    let place: Place | undefined = this.root;
    const pointer = parsePointer(text);
    for (const token of pointer ?? []) {
      const json: Json | undefined = at(place.json, [token]);
      if (json === undefined) return undefined;
      place = step(place, token, json);
    }
    return pointer === undefined ? undefined : place;
  }

  isReferenced(place: Place): boolean {
    return this.#isOpaque || this.#referenced.has(formatPointer(pointerTo(place)));
  }

  #resolve(owner: Json, keyword: ReferenceKeyword, reference: string): Target {
    switch (keyword) {
      case '$ref':
        return this.#document.resolve({ json: owner, document: this.#document, id: '' }, reference);
      case '$dynamicRef':
        return this.#document.resolveDynamic(reference);
      case '$recursiveRef':
        return this.#document.resolveRecursive();
    }
  }

  #index(place: Place): void {
    const { json } = place;
    if (isObject(json)) this.#places.set(json, this.#places.get(json) ?? place);
    const members = isArray(json) ? json.entries() : isObject(json) ? Object.entries(json) : [];
    for (const [token, member] of members) this.#index(step(place, token, member));
  }

  #note(target: Place | undefined): void {
    if (target === undefined) return;
    const pointer = pointerTo(target);
    for (let length = pointer.length; length > 0; length -= 1) {
      const spelled = formatPointer(pointer.slice(0, length));
      if (this.#referenced.has(spelled)) return;
      this.#referenced.add(spelled);
    }
  }
}

/** A reference that is looked at by itself has the base of the schema that it is from. */
function ownerOf({ json, parent, token }: Place, keyword: ReferenceKeyword): Json {
  const around = parent?.json ?? null;
  const isOwn = token === keyword && isObject(json) && isObject(around) && around[keyword] === json[keyword];
  return isOwn ? around : json;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}
