import type { Pointer } from '../core/pointer.ts';

/** Keywords that hold a number, and what their changes are called. */
export const bounds = {
  minimum: 'minimum',
  maximum: 'maximum',
  exclusiveMinimum: 'exclusive-minimum',
  exclusiveMaximum: 'exclusive-maximum',
  multipleOf: 'multiple-of',
  minLength: 'min-length',
  maxLength: 'max-length',
  minItems: 'min-items',
  maxItems: 'max-items',
  minContains: 'min-contains',
  maxContains: 'max-contains',
  minProperties: 'min-properties',
  maxProperties: 'max-properties',
} as const;

export type BoundKeyword = keyof typeof bounds;
export type BoundStem = (typeof bounds)[BoundKeyword];

/** What rules members and items that nothing else does. */
export type RestStem = 'additional-properties' | 'unevaluated-properties' | 'items' | 'unevaluated-items';

/** What is there or isn't. */
export type ToggledStem =
  | 'const'
  | 'enum'
  | 'enum-value'
  | 'pattern'
  | 'format'
  | 'property'
  | 'property-required'
  | 'required-undeclared'
  | 'pattern-property'
  | 'property-names'
  | 'dependent-required'
  | 'dependent-schema'
  | 'prefix-item'
  | 'contains'
  | 'unique-items'
  | 'any-of'
  | 'any-of-branch'
  | 'one-of'
  | 'one-of-branch'
  | 'all-of-branch'
  | 'not'
  | 'condition-if'
  | 'condition-then'
  | 'condition-else'
  | 'reference'
  | 'definition'
  | 'default'
  | 'annotation'
  | 'identifier'
  | 'keyword-unknown';

/** What may also become something else. */
export type ReplacedStem =
  | 'const'
  | 'pattern'
  | 'format'
  | 'reference'
  | 'default'
  | 'annotation'
  | 'identifier'
  | 'keyword-unknown';

/** The names are public: docs/schema-changes.md lists them, and policies refer to them. */
export type ChangeKind =
  | `${BoundStem}-${'added' | 'removed' | 'raised' | 'lowered'}`
  | `${RestStem}-${'closed' | 'opened' | 'narrowed' | 'widened'}`
  | `${ToggledStem}-${'added' | 'removed'}`
  | `${ReplacedStem}-changed`
  | `type-${'narrowed' | 'widened' | 'changed'}`
  | 'value-forbidden'
  | 'value-allowed'
  | 'draft-changed'
  | 'more-changes';

/**
 * What a change does, by itself, to what the whole document accepts: `narrows` and it accepts nothing new, `widens`
 * and it refuses nothing new, `none` and neither; `either` where that can't be told from the change alone.
 */
export type Effect = 'narrows' | 'widens' | 'either' | 'none';

export interface SchemaChange {
  readonly kind: ChangeKind;
  /** In the old document; of an addition the place of its parent. */
  readonly before: Pointer;
  /** In the new document; of a removal the place of its parent. */
  readonly after: Pointer;
  readonly effect: Effect;
}

/** What a part does to the whole as it gets narrower: makes it narrower, too, or wider, or nobody knows. */
export type Sense = 'direct' | 'inverted' | 'either';

export function inverse(effect: Effect): Effect {
  if (effect === 'narrows') return 'widens';
  return effect === 'widens' ? 'narrows' : effect;
}

/** The effect on the whole of an effect on a part. */
export function through(sense: Sense, effect: Effect): Effect {
  if (effect === 'none' || sense === 'direct') return effect;
  return sense === 'inverted' ? inverse(effect) : 'either';
}

/** The sense of a part of a part. */
export function composed(outer: Sense, inner: Sense): Sense {
  if (outer === 'either' || inner === 'either') return 'either';
  return outer === inner ? 'direct' : 'inverted';
}
