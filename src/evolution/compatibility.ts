import type { Validate } from '../core/evidence.ts';
import type { Answer } from '../core/evolution.ts';
import type { Json } from '../core/json.ts';
import { type Claim, satisfies, violates } from './claim.ts';
import { Ids, SchemaDocument } from './schema.ts';
import { OutOfBudget, Search } from './search.ts';
import { shrink } from './shrink.ts';
import type { Tools } from './tools.ts';

/** A schema that was compiled. */
export interface Compiled {
  readonly document: Json;
  readonly validate: Validate;
}

/** Steps of a search: about the work of a second. */
export const DEFAULT_BUDGET = 20_000;

/** Whether all that `from` accepts is accepted by `to`. Never throws for what the schemas hold. */
export function contained(from: Compiled, to: Compiled, tools: Tools, budget = DEFAULT_BUDGET): Answer {
  return tools.inTime(() => decide(from, to, tools, budget)) ?? { kind: 'unknown', why: 'too-much-work' };
}

function decide(from: Compiled, to: Compiled, tools: Tools, budget: number): Answer {
  const ids = new Ids();
  const [one, other] = [
    new SchemaDocument(from.document, 'from', ids),
    new SchemaDocument(to.document, 'to', ids),
  ];
  const claims: readonly Claim[] = [satisfies(one.root), violates(other.root)];
  const isWitness = (value: Json): boolean =>
    accepts(from.validate, value) === true && accepts(to.validate, value) === false;
  const search = new Search(tools, new SchemaDocument(true, 'made', ids), budget);
  try {
    const outcome = search.run(claims, isWitness);
    switch (outcome.kind) {
      case 'none':
        return { kind: 'compatible' };
      case 'unknown':
        return { kind: 'unknown', why: 'not-decided' };
      case 'value': {
        const witness = shrink(outcome.value, isWitness);
        return { kind: 'breaking', witness, violations: to.validate(witness) };
      }
    }
  } catch (error) {
    if (error instanceof OutOfBudget || error instanceof RangeError)
      return { kind: 'unknown', why: 'too-much-work' };
    throw error;
  }
}

/** A validation that breaks off tells nothing. */
function accepts(validate: Validate, value: Json): boolean | undefined {
  try {
    return validate(value).length === 0;
  } catch {
    return undefined;
  }
}
