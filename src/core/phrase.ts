/**
 * Prose that may be printed anywhere. A `Phrase` can only be made by the `phrase` template, and the template
 * takes no bare string in its holes: every piece of foreign text has to come through a door that says where it
 * is from. So a secret that slips into prose, or a value that injects markup, is a compile error rather than an
 * incident; each reporter then escapes the parts for its own medium.
 */

declare const known: unique symbol;
declare const made: unique symbol;

/** Text from us or from the repository (names of configs, files, commands, schema wording), never from Redis. */
export type Known = string & { readonly [known]: true };

interface Made {
  readonly [made]: true;
}

/** What is told of a value that stays hidden: what it is, how long it is, and a keyed digest to compare by. */
export interface Hidden {
  readonly kind: 'hidden';
  readonly type: string;
  /** Characters of a string, items of an array, members of an object; absent for the rest. */
  readonly length?: number;
  readonly digest: string;
}

/** A part as it is stored in a report. */
export type PartData = { readonly kind: 'text' | 'code' | 'name' | 'value'; readonly text: string } | Hidden;

export type Part = PartData & Made;
export type Phrase = readonly Part[] & Made;

/** Vouches for text that does not come from Redis. Call it where the text enters, not where it is printed. */
export function vouch(text: string): Known {
  return text as Known;
}

/** A literal stays what it is; any wider type, a template with a hole among them, has to be vouched for. */
type Spelled<Text extends string> = Text extends unknown
  ? Record<never, never> extends Record<Text, unknown>
    ? Known
    : Text
  : never;

/** A literal of this source, or text that was vouched for, in the font of code. */
export function code<const Text extends string>(text: Spelled<Text>): Part {
  return { kind: 'code', text: text as string } as Part;
}

/** The name of a Redis key or of a place in a document: foreign text, escaped but legible. */
export function name(text: string): Part {
  return { kind: 'name', text } as Part;
}

/** A number of our own counting. */
export function count(n: number, singular?: string, plural = `${singular}s`): Part {
  const text = singular === undefined ? `${n}` : `${n} ${n === 1 ? singular : plural}`;
  return { kind: 'text', text } as Part;
}

/** Only for the redactor, which has looked at what the value's place allows. */
export function revealed(text: string): Part {
  return { kind: 'value', text } as Part;
}

/** Only for the redactor: see {@link revealed}. */
export function concealed(type: string, digest: string, length?: number): Part {
  return { kind: 'hidden', type, digest, ...(length === undefined ? {} : { length }) } as Part;
}

/** The one way to make prose. */
export function phrase(words: TemplateStringsArray, ...holes: readonly (Part | Phrase)[]): Phrase {
  const parts: PartData[] = [];
  words.forEach((text, index) => {
    if (text !== '') parts.push({ kind: 'text', text });
    const hole = holes[index];
    if (hole !== undefined) parts.push(...(isPhrase(hole) ? hole : [hole]));
  });
  return parts as readonly PartData[] as Phrase;
}

/** Sets phrases in a row, with the same words between each two. */
export function joined(phrases: readonly (Part | Phrase)[], separator: ', ' | ' or ' | '; '): Phrase {
  const parts = phrases.flatMap((item, index): readonly PartData[] => [
    ...(index === 0 ? [] : [{ kind: 'text', text: separator } as const]),
    ...(isPhrase(item) ? item : [item]),
  ]);
  return parts as readonly PartData[] as Phrase;
}

function isPhrase(hole: Part | Phrase): hole is Phrase {
  return Array.isArray(hole);
}

/** How a medium spells each kind of part; every function escapes what it is given. */
export interface Medium {
  readonly text: (text: string) => string;
  readonly code: (text: string) => string;
  readonly name: (text: string) => string;
  readonly value: (text: string) => string;
}

/** Spells a phrase in a medium. */
export function spell(phrase: readonly PartData[], medium: Medium): string {
  return phrase
    .map((part) =>
      part.kind === 'hidden' ? medium.text(describeHidden(part)) : medium[part.kind](part.text),
    )
    .join('');
}

const units: Readonly<Record<string, string>> = {
  string: 'character',
  array: 'item',
  object: 'member',
  bytes: 'byte',
};

function describeHidden({ type, length, digest }: Hidden): string {
  if (length === 0) return `‹empty ${type}›`;
  const unit = units[type] ?? 'character';
  const size = length === undefined ? '' : `, ${length} ${unit}${length === 1 ? '' : 's'}`;
  return `‹hidden ${type}${size}, #${digest}›`;
}
