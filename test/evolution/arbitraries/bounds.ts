import type { JsonObject } from '../../../src/core/json.ts';
import { type Edit, editOf } from './edits.ts';
import { listIn, numberIn } from './reading.ts';
import { unwatched } from './restructurings.ts';

/** Bounds moved inwards (1) or outwards (-1) by one. */
export function moved(inwards: 1 | -1): readonly Edit[] {
  const bounds =
    'minimum exclusiveMinimum minLength minItems minProperties maximum exclusiveMaximum maxLength maxItems maxProperties'.split(
      ' ',
    );
  return bounds.map((keyword) => {
    const isLow = /^(?:min|exclusiveMin)/.test(keyword);
    const step = isLow ? inwards : -inwards;
    return editOf(`${keyword} ${step > 0 ? 'raised' : 'lowered'}`, (schema) => {
      const value = numberIn(schema, keyword);
      const isCount = /Length|Items|Properties/.test(keyword);
      if (value === undefined || (isCount && value + step < 0)) return undefined;
      return { ...schema, [keyword]: value + step };
    });
  });
}

/** A list without its first member, if others are left. */
export function shortened(keyword: string): Edit {
  const apply = (schema: JsonObject) => {
    const list = listIn(schema, keyword);
    return list.length > 1 ? { ...schema, [keyword]: list.slice(1) } : undefined;
  };
  const name = `${keyword} shorter`;
  return keyword === 'anyOf' ? unwatched(name, apply) : editOf(name, apply);
}

/** The factor times as large, if that is an integer. */
export function scaled(schema: JsonObject, factor: number): JsonObject | undefined {
  const value = numberIn(schema, 'multipleOf');
  if (value === undefined || !Number.isInteger(value * factor)) return undefined;
  return { ...schema, multipleOf: value * factor };
}
