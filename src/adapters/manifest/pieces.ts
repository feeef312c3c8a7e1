import * as z from 'zod/mini';
import type { Read } from './texts.ts';
import type { Expected, Flaw } from './words.ts';

/** What stands in the JSON Schema beside what zod derives. */
export interface Note {
  /** Makes it a definition of this name. */
  readonly id?: string;
  readonly description?: string;
  /** What is expected, wherever there is a pattern. */
  readonly title?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly default?: unknown;
  readonly not?: { readonly required: readonly string[] };
  readonly oneOf?: readonly {
    readonly required: readonly string[];
    readonly properties: Readonly<Record<string, false>>;
  }[];
}

export type Pieces = ReturnType<typeof pieces>;

/**
 * What the shape of a manifest is made of. Messages of issues are keys of the tables in words.ts: of `flaws` for what
 * is custom, else of `expected`. Of a name that isn't known the message is the names that are.
 */
export function pieces() {
  const notes = z.registry<Note>();

  function noted<Schema extends z.ZodMiniType>(schema: Schema, note: Note): Schema {
    notes.add(schema, note);
    return schema;
  }

  /** Text that stands for something. */
  function text<T>(expected: Expected, read: (text: string) => Read<T>, note: Note) {
    const schema = z.pipe(
      z.string({ error: expected }),
      z.transform((given: string, context): T => {
        const result = read(given);
        if ('value' in result) return result.value;
        context.issues.push({ code: 'custom', input: given, message: result.flaw });
        return z.NEVER;
      }),
    );
    return noted(schema, note);
  }

  function list<Item extends z.ZodMiniType>(expected: Expected, item: Item, note: Note) {
    return noted(z.array(item, { error: expected }), note);
  }

  /** One, or several in order of preference. */
  function several<Item>(
    expected: Expected,
    read: {
      readonly one: (text: string) => Read<readonly Item[]>;
      readonly item: (text: string) => Read<Item>;
    },
    { title, pattern, ...note }: Note & { readonly title: string; readonly pattern: string },
  ) {
    const items = z.array(text(expected, read.item, { title, pattern }), { error: expected });
    const some = items.check(z.minLength(1, { error: expected }));
    return noted(z.union([text(expected, read.one, { title, pattern }), some], { error: expected }), note);
  }

  function word<const Words extends readonly string[]>(words: Words, note: Note) {
    return noted(z.enum(words), note);
  }

  function flag(note: Note) {
    return noted(z.boolean(), note);
  }

  function mapping<const Members extends z.core.$ZodShape>(expected: Expected, members: Members, note: Note) {
    const names = Object.keys(members).join(' ');
    const error: z.core.$ZodErrorMap = ({ code }) => (code === 'unrecognized_keys' ? names : expected);
    return noted(z.strictObject(members, { error }), note);
  }

  /** Members of any name that is one. */
  function named<Member extends z.ZodMiniType>(
    expected: Expected,
    nameOf: { readonly flaw: Flaw; readonly is: (name: string) => boolean; readonly pattern: string },
    member: Member,
    note: Note,
  ) {
    const names = z.string().check(z.refine(nameOf.is, { error: nameOf.flaw }));
    notes.add(names, { title: 'a name', pattern: nameOf.pattern });
    return noted(z.record(names, member, { error: expected }), note);
  }

  return { notes, noted, text, list, several, word, flag, mapping, named };
}
