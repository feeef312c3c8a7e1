import type { SchemaNote } from '../../core/evidence.ts';
import type { Json } from '../../core/json.ts';
import { vouch } from '../../core/phrase.ts';
import type { Pointer } from '../../core/pointer.ts';
import { type Draft, isKnownKeyword, passedOver } from '../../core/vocabulary.ts';

export interface Understanding {
  /** The names of those that are asserted. */
  readonly formats: ReadonlySet<string>;
  readonly draft: Draft;
}

/** What the validator passes over, of one keyword of a schema and its argument. */
export function notesOn(
  keyword: string,
  value: Json,
  pointer: Pointer,
  { formats, draft }: Understanding,
): readonly SchemaNote[] {
  if (keyword === 'format' && typeof value === 'string' && !formats.has(value)) {
    return [{ what: vouch(`the format ${value}`), pointer }];
  }
  const isPassedOver =
    !isKnownKeyword(keyword) || passedOver[draft].has(keyword) || isUnfollowed(keyword, value);
  return isPassedOver ? [{ what: vouch(`the keyword ${keyword}`), pointer }] : [];
}

/** Ajv looks for dynamic anchors only. What a pointer names it takes for the schema that it is in. */
function isUnfollowed(keyword: string, value: Json): boolean {
  return keyword === '$dynamicRef' && typeof value === 'string' && value.startsWith('#/');
}
