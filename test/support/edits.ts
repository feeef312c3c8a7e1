import fc from 'fast-check';
import type { DifferenceOptions } from '../../src/core/difference.ts';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';

/** Documents as an application's routing has them, and what people do to them. */

export const ROUTING: DifferenceOptions = { ignore: [], identity: [{ at: ['rules'], property: 'id' }] };

const word = fc.constantFrom('urgent', 'refund', 'price', 'asap', 'cost', 'now');
const scalar = fc.constantFrom<Json>(null, true, false, 0, 1, 2, 'a', 'b');
const memberName = fc.constantFrom('a', 'b', '__proto__', 'constructor');
const ruleId = fc.integer({ min: 0, max: 9 });

function settings(depth = 2): fc.Arbitrary<Json> {
  if (depth === 0) return scalar;
  const object = fc.dictionary(memberName, settings(depth - 1), { maxKeys: 3, noNullPrototype: true });
  return fc.oneof(scalar, object, object);
}

function rule(): fc.Arbitrary<JsonObject> {
  return fc.record({
    id: ruleId,
    on: fc.boolean(),
    to: settings(1),
    words: fc.array(word, { maxLength: 3 }),
  }) as fc.Arbitrary<JsonObject>;
}

/** `rules` with ids, `words` in a list, and `settings` in objects. */
export function routing(): fc.Arbitrary<JsonObject> {
  return fc.record({
    rules: fc.uniqueArray(rule(), { selector: ({ id }) => id, maxLength: 6 }),
    words: fc.array(word, { maxLength: 5 }),
    settings: settings(),
  }) as fc.Arbitrary<JsonObject>;
}

type Edit =
  | { readonly do: 'set'; readonly names: readonly string[]; readonly value: Json | undefined }
  | { readonly do: 'words'; readonly in: number | undefined; readonly change: ListEdit<string> }
  | { readonly do: 'rules'; readonly change: ListEdit<JsonObject> }
  | { readonly do: 'rule'; readonly pick: number; readonly name: 'on' | 'to'; readonly value: Json };

/** Some of them, for `edited`. */
export type Edits = readonly Edit[];

/** Numbers that pick an item or a place do so modulo how many there are. */
type ListEdit<T> =
  | { readonly do: 'insert'; readonly to: number; readonly item: T }
  | { readonly do: 'remove'; readonly pick: number }
  | { readonly do: 'move'; readonly pick: number; readonly to: number };

export function edits(): fc.Arbitrary<Edits> {
  const value = settings(1);
  const pick = fc.nat(7);
  const some = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
  const edit = fc.oneof<fc.Arbitrary<Edit>[]>(
    fc.record({
      do: fc.constant('set'),
      names: fc.array(memberName, { minLength: 1, maxLength: 2 }),
      value: some(value),
    }),
    fc.record({ do: fc.constant('words'), in: some(pick), change: listEdit(word) }),
    fc.record({ do: fc.constant('rules'), change: listEdit(rule()) }),
    fc.record({ do: fc.constant('rule'), pick, name: fc.constantFrom('on', 'to'), value }),
  );
  return fc.array(edit, { maxLength: 4 });
}

function listEdit<T>(item: fc.Arbitrary<T>): fc.Arbitrary<ListEdit<T>> {
  const number = fc.nat(7);
  return fc.oneof<fc.Arbitrary<ListEdit<T>>[]>(
    fc.record({ do: fc.constant('insert'), to: number, item }),
    fc.record({ do: fc.constant('remove'), pick: number }),
    fc.record({ do: fc.constant('move'), pick: number, to: number }),
  );
}

/** The document after the edits, which are passed over where they make no sense. */
export function edited(document: JsonObject, list: Edits): JsonObject {
  return list.reduce(editedOnce, document);
}

function editedOnce(document: JsonObject, edit: Edit): JsonObject {
  const rules = document['rules'] as readonly JsonObject[];
  switch (edit.do) {
    case 'set':
      return withMember(
        document,
        'settings',
        withSetting(document['settings'] as Json, edit.names, edit.value),
      );
    case 'rules':
      return withMember(document, 'rules', uniqueById(withItems(rules, edit.change)));
    case 'rule':
      return withMember(
        document,
        'rules',
        rules.map((one, index) =>
          index === edit.pick % rules.length ? withMember(one, edit.name, edit.value) : one,
        ),
      );
    case 'words': {
      const change = (holder: JsonObject) =>
        withMember(holder, 'words', withItems(holder['words'] as readonly string[], edit.change));
      const { in: pick } = edit;
      if (pick === undefined) return change(document);
      const changed = rules.map((one, index) => (index === pick % rules.length ? change(one) : one));
      return withMember(document, 'rules', changed);
    }
  }
}

function withSetting(value: Json, names: readonly string[], to: Json | undefined): Json {
  const [name, ...rest] = names;
  if (name === undefined) return to ?? value;
  if (!isObject(value)) return value;
  if (rest.length > 0) {
    if (!Object.hasOwn(value, name)) return value;
    return withMember(value, name, withSetting(value[name] as Json, rest, to));
  }
  return withMember(value, name, to);
}

function withMember(object: JsonObject, name: string, value: Json | undefined): JsonObject {
  const members = new Map(Object.entries(object));
  if (value === undefined) members.delete(name);
  else members.set(name, value);
  return Object.fromEntries(members);
}

function withItems<T>(items: readonly T[], edit: ListEdit<T>): readonly T[] {
  if (edit.do === 'insert') return items.toSpliced(edit.to % (items.length + 1), 0, edit.item);
  if (items.length === 0) return items;
  const pick = edit.pick % items.length;
  const rest = items.toSpliced(pick, 1);
  return edit.do === 'remove' ? rest : rest.toSpliced(edit.to % items.length, 0, items[pick] as T);
}

function uniqueById(rules: readonly JsonObject[]): readonly JsonObject[] {
  const ids = rules.map(({ id }) => id);
  return rules.filter(({ id }, index) => ids.indexOf(id) === index);
}
