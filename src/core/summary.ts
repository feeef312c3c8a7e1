import { at, isObject, type Json, type JsonType, jsonType } from './json.ts';
import type { Pointer } from './pointer.ts';
import type { Place, Redactor } from './redaction.ts';

/** The outline of a config that the guarded app's own checker prints: sizes, no values. */
export interface Summary {
  readonly type: JsonType;
  /** ISO 8601; absent when there is none or it isn't a date. */
  readonly updatedAt?: string;
  /** Members of the top level that are objects or arrays, by (redacted) place. */
  readonly objects: readonly Size[];
  readonly arrays: readonly Size[];
  /** Members of the top level in all; 0 when the value is no object. */
  readonly members: number;
}

export interface Size {
  readonly place: Place;
  readonly size: number;
}

/** Outlines a live value. `updatedAt` is the place of the save time, if the config has one. */
export function summarize(value: Json, updatedAt: Pointer | undefined, redactor: Redactor): Summary {
  const members = isObject(value) ? Object.entries(value) : [];
  const time = updatedAt && at(value, updatedAt);
  const sizes = (measure: (member: Json) => number | undefined): readonly Size[] =>
    members.flatMap(([name, member]) => {
      const size = measure(member);
      return size === undefined ? [] : [{ place: redactor.place([name]), size }];
    });
  return {
    type: jsonType(value),
    // Only a date is let through: whatever else stands there is as foreign as any other value.
    ...(typeof time === 'string' && isTimestamp(time) ? { updatedAt: time } : {}),
    objects: sizes((member) => (isObject(member) ? Object.keys(member).length : undefined)),
    arrays: sizes((member) => (Array.isArray(member) ? member.length : undefined)),
    members: members.length,
  };
}

/** ISO 8601 date and time, as Python's `isoformat` writes it; the offset may be missing. */
export function isTimestamp(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    isDay(text.slice(0, 'yyyy-mm-dd'.length))
  );
}

/** `Date.parse` takes the 30th of February for the 2nd of March. */
function isDay(text: string): boolean {
  return new Date(text).toISOString().startsWith(text);
}
