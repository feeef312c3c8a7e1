import type { Fit, Matrix } from '../core/evolution.ts';
import type { Severity } from '../core/finding.ts';
import { type Phrase, phrase } from '../core/phrase.ts';
import type { Check } from './check.ts';

export const rollout: Check = {
  id: 'rollout',
  title: 'In which order can schema, data and code be rolled out?',
  isOfPast: true,
  run({ base }) {
    if (base?.kind !== 'known' || base.evolution === undefined) return [];
    const { matrix } = base.evolution;
    const { severity, said } = orders[orderOf(matrix)];
    return [
      {
        claim: 'advice',
        severity,
        pointer: [],
        phrase: phrase`the live value is ${told(matrix.live)}; the fallback is ${told(matrix.fallback)}`,
        advice: said,
      },
    ];
  },
};

function told({ base, head }: Matrix['live']): Phrase {
  return base.kind === head.kind
    ? phrase`${fits[base.kind]} under both schemas`
    : phrase`${fits[base.kind]} under the old schema and ${fits[head.kind]} under the new one`;
}

const fits: Readonly<Record<Fit['kind'], Phrase>> = {
  valid: phrase`valid`,
  invalid: phrase`invalid`,
  absent: phrase`absent`,
  unknown: phrase`not known`,
};

type Order =
  | 'either'
  | 'no fallback'
  | 'deploy first'
  | 'data first'
  | 'no order'
  | 'broken fallback'
  | 'unknown';

/** What is stored has to suit whoever reads it at the time: the code of before, that of behind, or both. */
function orderOf({ live, fallback }: Matrix): Order {
  const readable = (fit: Fit) => fit.kind === 'valid' || fit.kind === 'absent';
  if (fallback.head.kind === 'invalid') return 'broken fallback';
  if ([live.head, fallback.base, fallback.head].some(({ kind }) => kind === 'unknown')) return 'unknown';
  if (readable(live.head)) return readable(fallback.base) ? 'either' : 'deploy first';
  if (fallback.head.kind === 'absent') return 'no fallback';
  return readable(fallback.base) ? 'data first' : 'no order';
}

const orders: Readonly<Record<Order, { readonly severity: Severity; readonly said: Phrase }>> = {
  either: {
    severity: 'notice',
    said: phrase`data and code can be rolled out in either order`,
  },
  'deploy first': {
    severity: 'warning',
    said: phrase`deploy the code first: the old one can't read the new fallback. Then write the fallback to Redis`,
  },
  'data first': {
    severity: 'warning',
    said: phrase`write the fallback to Redis first: both schemas accept it. Then deploy the code`,
  },
  'no fallback': {
    severity: 'warning',
    said: phrase`migrate the value in Redis first, to one that both schemas accept. Then deploy the code`,
  },
  'no order': {
    severity: 'warning',
    said: phrase`no order is safe: the new code can't read what is live, the old one can't read what would take its place. Accept both for a while`,
  },
  'broken fallback': {
    severity: 'warning',
    said: phrase`mend the fallback first: the schema of this change refuses it`,
  },
  unknown: {
    severity: 'warning',
    said: phrase`in which order is safe can't be told as long as something is not known`,
  },
};
