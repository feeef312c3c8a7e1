import type { WordQuery, Words } from '../../core/ports.ts';
import type { Letter } from './alphabet.ts';
import { Completion } from './completion.ts';
import { NOWHERE, type Place, type Product } from './product.ts';
import type { Work } from './work.ts';

/** The words that a product accepts, the shortest first. Throws `TooMuchWork`. */
export function enumerate(
  { places, isWhole }: Product,
  alphabet: readonly Letter[],
  { minLength, maxLength, except }: WordQuery,
  most: number,
  work: Work,
): Words {
  const completion = new Completion(places, work);
  const options = alphabet.flatMap(({ characters, isAll }, letter) =>
    characters.map((character) => ({ letter, character, isOneOfFew: isAll })),
  );
  const barred = new Set(except);
  const words: string[] = [];
  let isAll = isWhole;
  const least = Math.max(completion.shortest[START] ?? Number.POSITIVE_INFINITY, Math.ceil(minLength));
  const greatest = Math.min(completion.longest[START] ?? 0, maxLength);
  for (let length = least; length <= greatest; length += 1) {
    work.spend(0.1);
    if (!completion.can(START, length, work)) continue;
    for (const { word, isOneOfFew } of spelled(places, options, completion, length, work)) {
      isAll &&= isOneOfFew;
      if (barred.has(word)) continue;
      if (words.length === most) return { words, isAll: false };
      words.push(word);
    }
  }
  return { words, isAll };
}

const START = 0;

interface Option {
  readonly letter: number;
  /** A code point. */
  readonly character: number;
  /** The characters of this letter are all listed. */
  readonly isOneOfFew: boolean;
}

/** The words of one length; each says whether every letter of it stands for nothing but what was listed. */
function* spelled(
  places: readonly Place[],
  options: readonly Option[],
  completion: Completion,
  length: number,
  work: Work,
): Generator<{ readonly word: string; readonly isOneOfFew: boolean }> {
  work.spend(length);
  /** The next option after which so many letters can be left. */
  const stepFrom = (at: { readonly place: number; readonly index: number }, left: number) => {
    const next = places[at.place]?.next ?? [];
    for (let index = at.index; index < options.length; index += 1) {
      work.spend(0.05);
      const option = options[index];
      const place = next[option?.letter ?? 0] ?? NOWHERE;
      if (option !== undefined && completion.can(place, left, work)) return { option, index, place };
    }
    return undefined;
  };
  const chosen: Option[] = [];
  /** By position: the place, and which option is to be tried from there. */
  const trail = [{ place: START, index: 0 }];
  for (let at = trail.at(-1); at !== undefined; at = trail.at(-1)) {
    const left = length - trail.length + 1;
    if (left === 0) {
      work.spend(1 + length / 10);
      const word = chosen.map(({ character }) => String.fromCodePoint(character)).join('');
      yield { word, isOneOfFew: chosen.every(({ isOneOfFew }) => isOneOfFew) };
    }
    const step = left === 0 ? undefined : stepFrom(at, left - 1);
    if (step === undefined) {
      trail.pop();
      chosen.pop();
    } else {
      at.index = step.index + 1;
      chosen.push(step.option);
      trail.push({ place: step.place, index: 0 });
    }
  }
}
