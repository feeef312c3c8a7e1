import { matched } from './change-branches.ts';
import { type Effect, inverse, type Sense } from './change-kind.ts';
import { adding, inBoth, type Pair } from './change-pair.ts';
import { keywordPlace, listAt, schemaAt } from './change-reading.ts';
import { loneReferences } from './change-references.ts';
import type { Place } from './change-source.ts';

/** Schemas that are applied to the same value. */
export function compareApplicators(pair: Pair): void {
  compareConjunction(pair);
  compareAlternatives(pair, 'anyOf', 'any-of', 'widens', 'direct');
  // Another alternative may fit a value that one fits already, which `oneOf` refuses.
  compareAlternatives(pair, 'oneOf', 'one-of', 'either', 'either');
  if (inBoth(pair, 'not', 'not', 'narrows')) followSchemas(pair, 'not', 'inverted');
  compareConditions(pair);
}

function compareConjunction(pair: Pair): void {
  const lone = loneReferences(pair);
  const [was, is] = [
    [...listAt(pair.before, 'allOf'), ...lone.before],
    [...listAt(pair.after, 'allOf'), ...lone.after],
  ];
  const { kept, removed, added } = matched(pair, was, is);
  for (const [before, after] of kept) pair.follow(before, after, 'direct');
  for (const place of removed) {
    const isReference = lone.before.includes(place);
    pair.report(
      isReference ? 'reference-removed' : 'all-of-branch-removed',
      place,
      isReference ? pair.after.place : keywordPlace(pair.after, 'allOf'),
      inverse(adding(pair, place.json)),
    );
  }
  for (const place of added) {
    const isReference = lone.after.includes(place);
    pair.report(
      isReference ? 'reference-added' : 'all-of-branch-added',
      isReference ? pair.before.place : keywordPlace(pair.before, 'allOf'),
      place,
      adding(pair, place.json),
    );
  }
}

function compareAlternatives(
  pair: Pair,
  keyword: 'anyOf' | 'oneOf',
  stem: 'any-of' | 'one-of',
  whenBranchAdded: Effect,
  sense: Sense,
): void {
  if (!inBoth(pair, keyword, stem, adding(pair, false))) return;
  const { kept, removed, added } = matched(pair, listAt(pair.before, keyword), listAt(pair.after, keyword));
  for (const [before, after] of kept) pair.follow(before, after, sense);
  const [was, is] = [keywordPlace(pair.before, keyword), keywordPlace(pair.after, keyword)];
  const whenRemoved = whenBranchAdded === 'widens' ? 'narrows' : whenBranchAdded;
  for (const place of removed) pair.report(`${stem}-branch-removed`, place, is, whenRemoved);
  for (const place of added) pair.report(`${stem}-branch-added`, was, place, whenBranchAdded);
}

/** A condition without consequences asks for nothing, and consequences without a condition don't count. */
function compareConditions(pair: Pair): void {
  const { before, after } = pair;
  const holder = before.words['if'] === undefined ? after : before;
  const hasConsequence = holder.words['then'] !== undefined || holder.words['else'] !== undefined;
  const whenAdded = hasConsequence ? adding(pair, false) : adding(pair, true);
  if (!inBoth(pair, 'if', 'condition-if', whenAdded)) return;
  followSchemas(pair, 'if', 'either');
  for (const keyword of ['then', 'else'] as const) {
    const effect = adding(pair, before.words[keyword] ?? after.words[keyword] ?? true);
    if (inBoth(pair, keyword, `condition-${keyword}`, effect)) followSchemas(pair, keyword, 'direct');
  }
}

function followSchemas({ before, after, follow }: Pair, keyword: string, sense: Sense): void {
  const [was, is]: readonly (Place | undefined)[] = [schemaAt(before, keyword), schemaAt(after, keyword)];
  if (was !== undefined && is !== undefined) follow(was, is, sense);
}
