import { at, isArray, isObject, type Json } from '../core/json.ts';
import { code, joined, type Part, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { cut } from '../core/plain.ts';
import type { Pointer } from '../core/pointer.ts';
import { type BoundStem, bounds, type ChangeKind, type RestStem, type SchemaChange } from './change-kind.ts';

/** Characters of a value or a name. */
const LONGEST = 60;

/** Says what has changed. A schema is a file of the repository, so its words may be shown. */
export function wordChange(change: SchemaChange, before: Json, after: Json): Phrase {
  return words[change.kind]({
    before: { pointer: change.before, json: at(before, change.before) },
    after: { pointer: change.after, json: at(after, change.after) },
  });
}

/** What is at a place of one of the documents. */
interface Side {
  readonly pointer: Pointer;
  readonly json: Json | undefined;
}

type Word = (change: { readonly before: Side; readonly after: Side }) => Phrase;

/** What a pair of opposite changes is about, told from the side that has it. */
type About = (side: Side) => Phrase;

const words: Readonly<Record<ChangeKind, Word>> = {
  ...bound('minimum'),
  ...bound('maximum'),
  ...bound('exclusive-minimum'),
  ...bound('exclusive-maximum'),
  ...bound('multiple-of'),
  ...bound('min-length'),
  ...bound('max-length'),
  ...bound('min-items'),
  ...bound('max-items'),
  ...bound('min-contains'),
  ...bound('max-contains'),
  ...bound('min-properties'),
  ...bound('max-properties'),
  ...rest('additional-properties', phrase`properties that are not declared`),
  ...rest('unevaluated-properties', phrase`properties that no part of the schema looks at`),
  ...rest('items', phrase`items`),
  ...rest('unevaluated-items', phrase`items that no part of the schema looks at`),
  'type-narrowed': fewerOrMoreTypes,
  'type-widened': fewerOrMoreTypes,
  'type-changed': fewerOrMoreTypes,
  'value-forbidden': () => phrase`the schema no longer allows any value here`,
  'value-allowed': () => phrase`the schema allowed no value here and now allows some`,
  ...toggled('const', (side) => phrase`the constant ${literal(side)}`),
  'const-changed': ({ before, after }) =>
    phrase`the constant changed from ${literal(before)} to ${literal(after)}`,
  ...toggled('enum', () => phrase`a list of allowed values`),
  ...toggled('enum-value', (side) => phrase`the allowed value ${literal(side)}`),
  ...toggled('pattern', (side) => phrase`the pattern ${value(side)}`),
  'pattern-changed': replaced(phrase`the pattern`),
  ...toggled('format', (side) => phrase`the format ${value(side)}`),
  'format-changed': replaced(phrase`the format`),
  ...toggled('unique-items', () => phrase`the demand that no item occurs twice`),
  ...toggled('property', (side) => phrase`the property ${lastToken(side)}`),
  'property-required-added': ({ after }) => phrase`the property ${value(after)} became required`,
  'property-required-removed': ({ before }) => phrase`the property ${value(before)} is no longer required`,
  'required-undeclared-added': ({ after }) =>
    phrase`the property ${value(after)}, which is not declared, became required`,
  'required-undeclared-removed': ({ before }) =>
    phrase`the property ${value(before)}, which is not declared, is no longer required`,
  ...toggled('pattern-property', (side) => phrase`the schema of properties that match ${lastToken(side)}`),
  ...toggled('property-names', () => phrase`the schema of names of properties`),
  'dependent-required-added': ({ after }) =>
    phrase`the property ${value(after)} became required beside ${trigger(after)}`,
  'dependent-required-removed': ({ before }) =>
    phrase`the property ${value(before)} is no longer required beside ${trigger(before)}`,
  ...toggled('dependent-schema', (side) => phrase`the schema that applies beside ${lastToken(side)}`),
  ...toggled('prefix-item', (side) => phrase`the schema of the item at index ${lastToken(side)}`),
  ...toggled('contains', () => phrase`the demand for certain items`),
  ...toggled('any-of', () => phrase`the alternatives of ${code('anyOf')}`),
  ...toggled('any-of-branch', (side) => phrase`the alternative ${branch(side)} of ${code('anyOf')}`),
  ...toggled('one-of', () => phrase`the alternatives of ${code('oneOf')}`),
  ...toggled('one-of-branch', (side) => phrase`the alternative ${branch(side)} of ${code('oneOf')}`),
  ...toggled('all-of-branch', (side) => phrase`the part ${branch(side)} of ${code('allOf')}`),
  ...toggled('not', () => phrase`the schema that must not fit`),
  ...toggled('condition-if', () => phrase`a condition`),
  ...toggled('condition-then', () => phrase`what applies where the condition holds`),
  ...toggled('condition-else', () => phrase`what applies where the condition does not hold`),
  ...toggled('reference', (side) => phrase`the reference ${value(side)}`),
  'reference-changed': replaced(phrase`the reference`),
  ...toggled('definition', (side) => phrase`the definition ${lastToken(side)}, which nothing refers to,`),
  ...noted('default'),
  ...noted('annotation'),
  ...noted('identifier'),
  ...toggled('keyword-unknown', (side) => phrase`the keyword ${lastToken(side)}, which has no effect here,`),
  'keyword-unknown-changed': ({ after }) => phrase`${lastToken(after)}, which has no effect here, changed`,
  'draft-changed': ({ before, after }) => phrase`the draft changed from ${draft(before)} to ${draft(after)}`,
  'more-changes': () => phrase`there are more changes than were listed`,
};

/** The names of a family are made from its stem, which the compiler can't follow. */
function family<Kind extends string>(kinds: Readonly<Record<string, Word>>): Readonly<Record<Kind, Word>> {
  return kinds as Readonly<Record<Kind, Word>>;
}

function toggled<const Stem extends string>(stem: Stem, about: About) {
  return family<`${Stem}-${'added' | 'removed'}`>({
    [`${stem}-added`]: ({ after }) => phrase`${about(after)} was added`,
    [`${stem}-removed`]: ({ before }) => phrase`${about(before)} was removed`,
  });
}

function noted<const Stem extends 'default' | 'annotation' | 'identifier'>(stem: Stem) {
  return family<`${Stem}-${'added' | 'removed' | 'changed'}`>({
    ...toggled(stem, (side) => phrase`${lastToken(side)}`),
    [`${stem}-changed`]: ({ after }) => phrase`${lastToken(after)} changed`,
  });
}

function replaced(about: Phrase): Word {
  return ({ before, after }) => phrase`${about} changed from ${value(before)} to ${value(after)}`;
}

function bound<const Stem extends BoundStem>(stem: Stem) {
  const keyword = Object.entries(bounds).find(([, its]) => its === stem)?.[0] ?? stem;
  const name = code(vouch(keyword));
  const moved =
    (way: Phrase): Word =>
    ({ before, after }) =>
      phrase`${name} was ${way} from ${value(before)} to ${value(after)}`;
  return family<`${Stem}-${'added' | 'removed' | 'raised' | 'lowered'}`>({
    ...toggled(stem, (side) => phrase`${name} ${value(side)}`),
    [`${stem}-raised`]: moved(phrase`raised`),
    [`${stem}-lowered`]: moved(phrase`lowered`),
  });
}

function rest<const Stem extends RestStem>(stem: Stem, about: Phrase) {
  return family<`${Stem}-${'closed' | 'opened' | 'narrowed' | 'widened'}`>({
    [`${stem}-closed`]: () => phrase`further ${about} are no longer allowed`,
    [`${stem}-opened`]: () => phrase`further ${about} are allowed now`,
    [`${stem}-narrowed`]: () => phrase`further ${about} have to fit a schema now`,
    [`${stem}-widened`]: () => phrase`further ${about} no longer have to fit a schema`,
  });
}

function fewerOrMoreTypes({ before, after }: Parameters<Word>[0]): Phrase {
  return phrase`the type changed from ${types(before)} to ${types(after)}`;
}

/** Where no type is asked for, the place is that of the schema. */
function types({ json }: Side): Phrase {
  if (json === undefined || (typeof json !== 'string' && !isArray(json))) return phrase`any`;
  const named = isArray(json) ? json : [json];
  return joined(
    named.map((name) => code(vouch(String(name)))),
    ' or ',
  );
}

function draft({ json }: Side): Phrase {
  return typeof json === 'string' ? phrase`${shown(json)}` : phrase`the default`;
}

function value({ json }: Side): Part {
  return shown(typeof json === 'string' && json !== '' ? json : JSON.stringify(json ?? null));
}

/** A value that the schema allows, so that the text `1` and the number are told apart. */
function literal({ json }: Side): Part {
  return shown(JSON.stringify(json ?? null));
}

function lastToken({ pointer }: Side): Part {
  return shown(pointer.at(-1) ?? '');
}

/** The property that makes another one required. */
function trigger({ pointer }: Side): Part {
  return shown(pointer.at(-2) ?? '');
}

/** A branch goes by its title or by what it refers to, else by its index. */
function branch(side: Side): Part {
  const { json } = side;
  const schema = json !== undefined && isObject(json) ? json : {};
  const known = [schema['title'], schema['$ref']].find((word) => typeof word === 'string');
  return typeof known === 'string' ? shown(known) : lastToken(side);
}

function shown(text: string): Part {
  return code(vouch(cut(text, LONGEST)));
}

/** Every kind there is. */
export const changeKinds = Object.keys(words) as readonly ChangeKind[];
