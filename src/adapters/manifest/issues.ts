import type * as z from 'zod/mini';
import { at } from '../../core/json.ts';
import { code, phrase, vouch } from '../../core/phrase.ts';
import { type Placed, placeOf, placeOfName } from './document.ts';
import type { Misplaced } from './mistake.ts';
import { type Said, wordChoice, wordFlaw, wordUnexpected, wordUnknown } from './words.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

/** Words that are told one by one before anybody asks which there are. */
const FEW = 8;

/** What zod objects to, in our words and at its place. */
export function misplaced(issue: Issue, root: Placed, below: Path = []): readonly Misplaced[] {
  const path = [...below, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        at: placeOfName(root, [...path, key]),
        ...unknown(key, issue.message.split(' '), path),
      }));
    case 'invalid_key':
      return [{ at: placeOfName(root, path), ...wordFlaw(issue.issues[0]?.message ?? '') }];
    case 'invalid_union': {
      const meant = issue.errors.find((issues) => !issues.some(isOfOtherType));
      if (meant !== undefined) return meant.flatMap((inner) => misplaced(inner, root, path));
      return [{ at: placeOf(root, path), ...worded(issue, path, root) }];
    }
    default:
      return [{ at: placeOf(root, path), ...worded(issue, path, root) }];
  }
}

function worded(issue: Issue, path: Path, root: Placed): Said {
  const found = at(root.value, path.map(String));
  if (found === undefined) return { said: phrase`${code(vouch(String(path.at(-1))))} is missing` };
  if (issue.code === 'custom') return wordFlaw(issue.message);
  if (issue.code === 'invalid_type' && issue.expected === 'boolean')
    return wordChoice(['true', 'false'], found);
  if (issue.code !== 'invalid_value') return wordUnexpected(issue.message, found);
  const choice = issue.values.map(String);
  const isOfMany = choice.length > FEW && typeof found === 'string';
  return isOfMany ? wordUnknown(found, choice) : wordChoice(choice, found);
}

/** That branch of a union was not meant. */
function isOfOtherType({ code, path }: Issue): boolean {
  return path.length === 0 && code === 'invalid_type';
}

function unknown(key: string, known: readonly string[], path: Path): Said {
  const said = wordUnknown(key, known);
  if (key !== 'drift' || path.at(-1) !== 'severities') return said;
  return { ...said, advise: () => phrase`how loud drift is, says the option ${code('drift')}` };
}
