import type { Json } from '../../src/core/json.ts';
import type { Answer, Exchange } from './exchange.ts';
import { idOf } from './people.ts';
import type { Thread } from './threads.ts';

/** One page of a list, and where the others are. */
export function paged(items: readonly Json[], { query, api }: Exchange, path: string): Answer {
  const number = (name: string, usual: number) => {
    const given = Number(query.get(name) ?? usual);
    return given >= 1 ? given : usual;
  };
  const [size, page] = [Math.min(100, number('per_page', 30)), number('page', 1)];
  const last = Math.max(1, Math.ceil(items.length / size));
  const link = (to: number, relation: string) => {
    const there = new URLSearchParams(query);
    there.set('page', `${to}`);
    return `<${api}${path}?${there}>; rel="${relation}"`;
  };
  const links = [
    ...(page > 1 ? [link(Math.min(page - 1, last), 'prev')] : []),
    ...(page < last ? [link(page + 1, 'next'), link(last, 'last')] : []),
    ...(page > 1 ? [link(1, 'first')] : []),
  ];
  return {
    status: 200,
    body: items.slice((page - 1) * size, page * size),
    headers: links.length > 0 ? { Link: links.join(', ') } : {},
  };
}

/** What this GitHub doesn't simulate must not look as if it had worked. */
export function simulated(what: string, given: Iterable<string>, known: readonly string[]): void {
  const unknown = [...given].filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`${what}: ${unknown.join(', ')} is not simulated`);
}

export function inState({ query }: Exchange, { state }: Thread): boolean {
  const asked = query.get('state') ?? 'open';
  return asked === 'all' || asked === state;
}

export function sorted<T extends Thread>(
  threads: readonly T[],
  { query }: Exchange,
  usual: 'asc' | 'desc',
): readonly T[] {
  simulated('the order', [query.get('sort') ?? 'created'], ['created', 'updated']);
  const by = query.get('sort') === 'updated' ? 'updatedAt' : 'createdAt';
  const sign = (query.get('direction') ?? usual) === 'asc' ? 1 : -1;
  return threads.toSorted((a, b) => sign * (a[by].localeCompare(b[by]) || a.number - b.number));
}

/** GitHub's links lead to a repository's number rather than to its name. */
export function numbered({ state }: Exchange): string {
  return `/repositories/${idOf(state.repository)}`;
}

/** Logins and labels don't care about case. */
export function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
