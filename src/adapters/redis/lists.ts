import { textOf } from './reply.ts';
import type { Reply } from './session.ts';

/** What follows a name in a list of names and values. */
export function memberOf(list: Reply | undefined, name: string): Reply | undefined {
  const items = Array.isArray(list) ? list : [];
  const index = items.findIndex((item, place) => place % 2 === 0 && textOf(item) === name);
  return index < 0 ? undefined : items[index + 1];
}

/** The same as text; empty when it is missing. */
export function fieldOf(list: Reply | undefined, name: string): string {
  return textOf(memberOf(list, name));
}
