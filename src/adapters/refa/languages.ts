import type { Languages, WordQuery, Words } from '../../core/ports.ts';
import { alphabetOf } from './alphabet.ts';
import { Automaton } from './automaton.ts';
import { asTheEngineHasIt, isTellingHalves, PAIR } from './halves.ts';
import { readingOf } from './machine.ts';
import { refine } from './partition.ts';
import { productOf } from './product.ts';
import { spellingOut } from './properties.ts';
import { enumerate } from './words.ts';
import { TooMuchWork, Work } from './work.ts';

/** Steps to find all places, and then to find words among them: some tens of milliseconds each. */
const MOST_STEPS = 60_000;

/** So many characters stand for those that nothing tells apart, so that words can differ. */
const EACH = 3;

/** More than so many are never asked for because others are no answer. */
const MOST_EXCEPT = 100;

/** Longer words aren't tried: an engine that goes back and forth might never return from a foreign pattern. */
const MOST_TRIED = 12;

interface Regular {
  readonly automaton: Automaton;
  readonly expression: RegExp;
}

/** Sets of strings, computed with automata. Patterns are read once. */
export function refaLanguages(): Languages {
  const spellOut = spellingOut();
  const known = new Map<string, Regular | undefined>();
  const regular = (pattern: string): Regular | undefined => {
    if (!known.has(pattern)) known.set(pattern, regularOf(pattern, spellOut));
    return known.get(pattern);
  };
  const pairs = new Automaton(readingOf(PAIR));
  return {
    isRegular: (pattern) => regular(pattern) !== undefined,
    words(query, most) {
      const parts: Part[] = [];
      for (const holds of [true, false]) {
        for (const pattern of holds ? query.matching : query.notMatching) {
          const found = regular(pattern);
          if (found === undefined) return undefined;
          parts.push({ ...found, holds });
        }
      }
      return answer(parts, pairs, query, most);
    },
  };
}

interface Part extends Regular {
  readonly holds: boolean;
}

function regularOf(pattern: string, spellOut: (pattern: string) => string): Regular | undefined {
  try {
    const expression = new RegExp(pattern, 'u');
    return { automaton: new Automaton(asTheEngineHasIt(spellOut(pattern))), expression };
  } catch {
    // Not valid, not regular, or too large: it can't be part of a proof.
    return undefined;
  }
}

function answer(parts: readonly Part[], pairs: Automaton, query: WordQuery, most: number): Words | undefined {
  const surrogates = parts.some(({ automaton: { partition } }) => isTellingHalves(partition));
  const automata = [...parts, ...(surrogates ? [{ automaton: pairs, holds: false }] : [])];
  const { partition, within } = refine(automata.map(({ automaton }) => automaton.partition));
  const alphabet = alphabetOf(partition, EACH + Math.min(query.except.length, MOST_EXCEPT));
  const conditions = automata.map(({ automaton, holds }, index) => ({
    automaton,
    holds,
    kinds: within[index] ?? [],
  }));
  try {
    const product = productOf(conditions, alphabet, query.maxLength, new Work(MOST_STEPS));
    const found = enumerate(product, alphabet, query, most, new Work(MOST_STEPS));
    // What was left out of the product might have told of others.
    if (found.words.length === 0 && !product.isWhole) return undefined;
    return found.words.every((word) => isRight(word, parts)) ? found : undefined;
  } catch (error) {
    if (error instanceof TooMuchWork) return undefined;
    throw error;
  }
}

/** Whatever the automata say, the engine that the validator uses has the last word. */
function isRight(word: string, parts: readonly Part[]): boolean {
  return word.length > MOST_TRIED || parts.every(({ expression, holds }) => expression.test(word) === holds);
}
