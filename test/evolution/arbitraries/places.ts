import { at, isArray, isObject, type Json, type JsonObject } from '../../../src/core/json.ts';
import { formatPointer, type Pointer } from '../../../src/core/pointer.ts';
import { isInPlace, subschemas, targetOf } from './subschemas.ts';

/**
 * What becomes of a document when a schema in it refuses more: with `narrows` it can only refuse more, with `widens`
 * it can only accept more, with `both` either may happen.
 */
export type Effect = 'narrows' | 'widens' | 'both';

/** A schema somewhere in a document that a value may meet. */
export interface Place {
  readonly pointer: Pointer;
  readonly schema: Json;
  readonly effect: Effect;
  /** An `unevaluated*` further out may ask which members and items this schema has looked at. */
  readonly watched: boolean;
}

interface Visit {
  readonly pointer: Pointer;
  readonly effect: Effect;
  readonly watched: boolean;
}

/** Every schema that the root leads to, by nesting or by reference, the root first. */
export function places(document: Json): readonly Place[] {
  const found = new Map<string, Place>();
  const done = new Set<string>();
  const visit = ({ pointer, effect, watched }: Visit): void => {
    const schema = at(document, pointer);
    const id = formatPointer(pointer);
    const state = `${id} ${effect} ${watched}`;
    if (schema === undefined || done.has(state)) return;
    done.add(state);
    const before = found.get(id);
    found.set(id, {
      pointer,
      schema,
      effect: before === undefined || before.effect === effect ? effect : 'both',
      watched: watched || before?.watched === true,
    });
    if (!isObject(schema)) return;
    const watching = watched || watches(schema);
    const target = targetOf(schema['$ref']);
    if (target !== undefined) visit({ pointer: target, effect, watched: watching });
    for (const inner of subschemas(schema)) {
      // Ajv takes every item for looked at when `contains` asks for anything at all, however little: not a place
      // where a change of the words is none of the meaning.
      if (inner.keyword === 'contains' && watching) continue;
      visit({
        pointer: [...pointer, ...inner.pointer],
        effect: effectOf(inner.keyword, schema, effect),
        watched: watching && isInPlace(inner.keyword),
      });
    }
  };
  visit({ pointer: [], effect: 'narrows', watched: false });
  return [...found.values()];
}

function effectOf(keyword: string, outer: JsonObject, effect: Effect): Effect {
  if (keyword === 'if' || keyword === 'oneOf') return 'both';
  if (keyword === 'contains' && outer['maxContains'] !== undefined) return 'both';
  if (keyword !== 'not' || effect === 'both') return effect;
  return effect === 'narrows' ? 'widens' : 'narrows';
}

/** Whether a schema asks what others next to it and inside of it have looked at. */
export function watches(schema: Json): boolean {
  return isObject(schema) && ('unevaluatedProperties' in schema || 'unevaluatedItems' in schema);
}

/** Whether every reference leads to the root or to a definition: then schemas can be moved. */
export function canBeMoved(document: Json): boolean {
  if (isArray(document)) return document.every(canBeMoved);
  if (!isObject(document)) return true;
  return Object.entries(document).every(([keyword, value]) => {
    if (keyword === '$ref' && typeof value === 'string') return leadsToDefinition(value);
    return !anchors.has(keyword) && canBeMoved(value);
  });
}

const anchors: ReadonlySet<string> = new Set(
  '$id $anchor $dynamicRef $dynamicAnchor $recursiveRef $recursiveAnchor'.split(' '),
);

function leadsToDefinition(reference: string): boolean {
  const target = targetOf(reference);
  if (target === undefined) return false;
  return (
    target.length === 0 || (target.length === 2 && (target[0] === '$defs' || target[0] === 'definitions'))
  );
}
