import type { Json } from '../core/json.ts';
import type { Effect } from './change-kind.ts';
import { type Pair, rulingRest } from './change-pair.ts';
import type { Reading } from './change-reading.ts';
import { mapAt } from './change-reading.ts';

/** What it does to declare a property in an object of this content model. */
export function declaring(pair: Pair, model: Reading, name: string, schema: Json): Effect {
  // What patterns ask of the name is asked of it anyway, so beside them a declaration asks for more.
  const besidePatterns = pair.meanings.exchange(true, schema);
  const insteadOfRest = pair.meanings.exchange(restOf(pair, model), schema);
  switch (isMatched(model, name)) {
    case 'yes':
      return besidePatterns;
    case 'no':
      return insteadOfRest;
    case 'perhaps':
      return besidePatterns === insteadOfRest ? besidePatterns : 'either';
  }
}

/** What it does to add a pattern: names that are declared get its demands besides, others instead of the rest's. */
export function declaringPattern(pair: Pair, model: Reading, schema: Json): Effect {
  const besidePatterns = pair.meanings.exchange(true, schema);
  const insteadOfRest = pair.meanings.exchange(restOf(pair, model), schema);
  const isAlone = mapAt(model, 'properties').size === 0 && mapAt(model, 'patternProperties').size === 0;
  if (isAlone || besidePatterns === 'none') return insteadOfRest;
  return besidePatterns === insteadOfRest ? besidePatterns : 'either';
}

function restOf(pair: Pair, model: Reading): Json | undefined {
  return rulingRest(pair, model, model.words['additionalProperties'], 'unevaluatedProperties');
}

function isMatched(model: Reading, name: string): 'yes' | 'no' | 'perhaps' {
  const answers = [...mapAt(model, 'patternProperties').keys()].map((pattern) => fits(pattern, name));
  if (answers.includes('yes')) return 'yes';
  return answers.includes('perhaps') ? 'perhaps' : 'no';
}

/** Only literal patterns are looked at: a regular expression of a stranger may run for ever. */
function fits(pattern: string, name: string): 'yes' | 'no' | 'perhaps' {
  const [, start, literal = '', end] = /^(\^?)([\w\s:/@-]*)(\$?)$/.exec(pattern) ?? [];
  if (start === undefined) return 'perhaps';
  const isFitting =
    start === '^'
      ? end === '$'
        ? name === literal
        : name.startsWith(literal)
      : end === '$'
        ? name.endsWith(literal)
        : name.includes(literal);
  return isFitting ? 'yes' : 'no';
}
