import { isArray, isObject, type Json } from '../core/json.ts';

/** So many smaller values are tried. */
const TRIED = 200;

/** A smaller value that is still a witness: members and items are left away one by one, as long as it stays one. */
export function shrink(value: Json, isWitness: (value: Json) => boolean): Json {
  let left = TRIED;
  let current = value;
  for (let changed = true; changed; ) {
    changed = false;
    for (const smaller of smallerThan(current)) {
      if (left === 0) return current;
      left -= 1;
      if (!isWitness(smaller)) continue;
      current = smaller;
      changed = true;
      break;
    }
  }
  return current;
}

function* smallerThan(value: Json): Generator<Json> {
  if (isArray(value)) {
    for (const index of value.keys()) yield value.toSpliced(index, 1);
    for (const [index, item] of value.entries()) {
      for (const smaller of smallerThan(item)) yield value.with(index, smaller);
    }
  } else if (isObject(value)) {
    const entries = Object.entries(value);
    for (const index of entries.keys()) yield Object.fromEntries(entries.toSpliced(index, 1));
    for (const [name, member] of entries) {
      for (const smaller of smallerThan(member)) yield { ...value, [name]: smaller };
    }
  }
}
