import { formatPointer, type Pointer, parsePointer } from '../../core/pointer.ts';
import { alternatives, listOfSchemas, mapOfSchemas } from '../../core/vocabulary.ts';
import { CONTAINS, WHEN } from './words.ts';

/** What a document makes necessary to move, whoever refers to it. */
export interface Moves {
  /** `if` is ours. */
  readonly conditions: boolean;
  /** Where `unevaluatedItems` is a schema, it is said of the items that no `contains` fits. */
  readonly restOfItems: boolean;
}

/** A reference into a branch, a condition or `contains` has to follow it to where it was put. */
export function movedReference(reference: string, moves: Moves): string {
  const hash = reference.indexOf('#');
  const pointer = hash === -1 ? undefined : parsePointer(reference.slice(hash + 1));
  if (pointer === undefined) return reference;
  return `${reference.slice(0, hash + 1)}${formatPointer(moved(pointer, moves))}`;
}

/** A reference to a place of the original, which must not lie within a schema that has an `$id` of its own. */
export function referenceTo(place: Pointer, moves: Moves): string {
  return `#${formatPointer(moved(place, moves)).split('/').map(encodeURIComponent).join('/')}`;
}

/** Steps from schema to schema: a keyword, and behind those that hold several schemas a name or an index. */
function moved([keyword, ...rest]: Pointer, moves: Moves): Pointer {
  if (keyword === undefined) return [];
  if (keyword === 'contains') return [CONTAINS, 'not', 'not', keyword, ...moved(rest, moves)];
  if (keyword === 'if' && moves.conditions) return [WHEN, ...moved(rest, moves)];
  if (keyword === 'unevaluatedItems' && moves.restOfItems) return [keyword, 'else', ...moved(rest, moves)];
  const [child, ...further] = rest;
  const isIndex = /^\d+$/.test(child ?? '');
  const holdsSeveral =
    mapOfSchemas.has(keyword) || (isIndex && (listOfSchemas.has(keyword) || keyword === 'items'));
  if (!holdsSeveral || child === undefined) return [keyword, ...moved(rest, moves)];
  const where = alternatives.has(keyword) ? [String(Number(child) + 1), 'anyOf', '0'] : [child];
  return [keyword, ...where, ...moved(further, moves)];
}
