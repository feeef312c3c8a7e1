import type { Violation } from './evidence.ts';
import { at, isObject, type Json } from './json.ts';
import { code, count, joined, type Part, type Phrase, phrase, vouch } from './phrase.ts';
import type { Pointer } from './pointer.ts';
import type { Redactor } from './redaction.ts';

/**
 * Replaces each failed `anyOf` and `oneOf` by the objections of the branch that comes closest, so that a person
 * reads what to mend rather than every alternative. Where several branches of a `oneOf` match, the violation
 * itself stays.
 */
export function reduceBranches(violations: readonly Violation[]): readonly Violation[] {
  return violations.flatMap((violation) => {
    const { branches } = violation;
    if (branches === undefined || branches.length === 0 || isOverlap(violation)) return [violation];
    const reduced = branches.map(reduceBranches);
    const shallow = reduced.every((branch) => branch.some((item) => samePlace(item, violation)));
    // When every branch objects to the value as such, the alternatives together say more than any one of them.
    if (shallow && reduced.length > 1 && reduced.every((branch) => branch.length === 1)) return [violation];
    return closest(reduced, violation);
  });
}

function closest(branches: readonly (readonly Violation[])[], parent: Violation): readonly Violation[] {
  const ranked = branches
    // A branch that failed without a word is no answer: nothing would be left of the violation.
    .filter((branch) => branch.length > 0)
    .map((branch) => ({ branch, distance: distance(branch, parent) }))
    .sort((a, b) => compareLists(a.distance, b.distance));
  return ranked[0]?.branch ?? [parent];
}

/** Smaller is closer: another type is farthest, then another discriminator, then how shallow and how many. */
function distance(branch: readonly Violation[], parent: Violation): readonly number[] {
  const wrongType = branch.some((item) => item.keyword === 'type' && samePlace(item, parent));
  const discriminators = branch.filter(
    (item) =>
      (item.keyword === 'const' || item.keyword === 'enum') &&
      item.pointer.length <= parent.pointer.length + 1,
  );
  const depth = Math.max(...branch.map((item) => item.pointer.length));
  return [wrongType ? 1 : 0, discriminators.length, branch.length, -depth];
}

function compareLists(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((item, position) => item !== b[position]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

function samePlace(a: Violation, b: Violation): boolean {
  return a.pointer.length === b.pointer.length;
}

function isOverlap({ keyword, params }: Violation): boolean {
  return keyword === 'oneOf' && Array.isArray(params['passingSchemas']);
}

/** Says what a violation expected and, as far as it may be told, what was found. */
export function wordViolation(violation: Violation, schema: Json, value: Json, redactor: Redactor): Phrase {
  const found = at(value, violation.pointer);
  const expected = expectation(violation, schema);
  if (violation.aboutName === true) return phrase`the name of this property: ${expected}`;
  if (found === undefined || aboutAbsence.has(violation.keyword)) return phrase`${expected}`;
  return phrase`${expected}; found ${redactor.value(violation.pointer, found)}`;
}

/** Keywords that miss a property: what was found is the object around it, which says nothing. */
const aboutAbsence: ReadonlySet<string> = new Set(['required', 'dependentRequired', 'dependencies']);

function expectation(violation: Violation, schema: Json): Phrase {
  const { keyword, params, schemaPointer } = violation;
  const asked = at(schema, schemaPointer) ?? null;
  const title = titleOf(schema, schemaPointer.slice(0, -1));
  switch (keyword) {
    case 'required':
    case 'dependentRequired':
    case 'dependencies':
      return phrase`the property ${fromSchema(params['missingProperty'])} is missing`;
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return phrase`the schema does not allow this property`;
    case 'additionalItems':
    case 'unevaluatedItems':
      return phrase`it has more items than the schema allows`;
    case 'type':
      return phrase`expected ${alternatives(Array.isArray(asked) ? asked : [asked], (type) => `${type}`)}`;
    case 'enum':
      return phrase`expected ${alternatives(Array.isArray(asked) ? asked : [asked])}`;
    case 'const':
      return phrase`expected ${alternatives([asked])}`;
    case 'contains':
      return title ?? containing(params);
    case 'false schema':
      return title ?? phrase`nothing is allowed here`;
    default:
      return (describedByTitle.has(keyword) ? title : undefined) ?? bound(keyword, asked);
  }
}

/** Keywords whose argument is no sentence; a bound or a count says more than the title of what it bounds. */
const describedByTitle: ReadonlySet<string> = new Set(['pattern', 'format', 'not', 'anyOf', 'oneOf']);

/** The wording of a keyword whose argument says it all. */
function bound(keyword: string, asked: Json): Phrase {
  const argument = fromSchema(asked);
  switch (keyword) {
    case 'minimum':
      return phrase`expected at least ${argument}`;
    case 'maximum':
      return phrase`expected at most ${argument}`;
    case 'exclusiveMinimum':
      return phrase`expected more than ${argument}`;
    case 'exclusiveMaximum':
      return phrase`expected less than ${argument}`;
    case 'multipleOf':
      return phrase`expected a multiple of ${argument}`;
    case 'minLength':
      return phrase`expected at least ${amount(asked, 'character')}`;
    case 'maxLength':
      return phrase`expected at most ${amount(asked, 'character')}`;
    case 'minItems':
      return phrase`expected at least ${amount(asked, 'item')}`;
    case 'maxItems':
      return phrase`expected at most ${amount(asked, 'item')}`;
    case 'minProperties':
      return phrase`expected at least ${amount(asked, 'property', 'properties')}`;
    case 'maxProperties':
      return phrase`expected at most ${amount(asked, 'property', 'properties')}`;
    case 'uniqueItems':
      return phrase`expected no item twice`;
    case 'pattern':
      return phrase`expected text that matches ${argument}`;
    case 'format':
      return phrase`expected the format ${argument}`;
    case 'not':
      return phrase`it is what the schema rules out`;
    case 'anyOf':
      return phrase`expected one of the alternatives of the schema; it fits none`;
    case 'oneOf':
      return phrase`expected exactly one of the alternatives of the schema`;
    default:
      return phrase`it breaks the keyword ${code(vouch(keyword))} of the schema`;
  }
}

function containing({ minContains, maxContains }: Violation['params']): Phrase {
  const least = typeof minContains === 'number' ? minContains : 1;
  if (typeof maxContains !== 'number') {
    return least === 1
      ? phrase`the array lacks an item that the schema asks for`
      : phrase`expected at least ${count(least, 'item')} of the kind that the schema asks for`;
  }
  const bounds = least === maxContains ? phrase`` : phrase`${count(least)} to `;
  return phrase`expected ${bounds}${count(maxContains, 'item')} of the kind that the schema asks for`;
}

function amount(asked: Json, singular: string, plural = `${singular}s`): Phrase {
  return phrase`${fromSchema(asked)} ${code(vouch(asked === 1 ? singular : plural))}`;
}

/** `title` of the failing subschema: the schema's author said better what is expected than a keyword can. */
function titleOf(schema: Json, pointer: Pointer): Phrase | undefined {
  const parent = at(schema, pointer);
  const title = parent !== undefined && isObject(parent) ? parent['title'] : undefined;
  return typeof title === 'string' ? phrase`expected ${code(vouch(title))}` : undefined;
}

const LISTED = 12;

function alternatives(values: readonly Json[], spell = (value: Json) => JSON.stringify(value)): Phrase {
  const parts = values.slice(0, LISTED).map((value): Part => code(vouch(spell(value))));
  return values.length > LISTED ? phrase`${joined(parts, ' or ')} or others` : joined(parts, ' or ');
}

/** A schema is a file of the repository, so its words may be shown. */
function fromSchema(value: unknown): Part {
  return code(vouch(typeof value === 'string' ? value : JSON.stringify(value ?? null)));
}
