import { type AuditItem, auditItems, listed, wordingOfItem } from '../core/audit.ts';
import type { Observation } from '../core/evidence.ts';
import type { Draft } from '../core/finding.ts';
import { joined, type Phrase, phrase } from '../core/phrase.ts';
import type { ServerFacts } from '../core/server.ts';
import type { Check } from './check.ts';

/** Words are the same for every config, so that a report tells them once; only a time to live makes a difference. */
export const server: Check = {
  id: 'server',
  title: 'Will the server keep the key?',
  run({ server: told, observation, now }) {
    if (told === undefined) return [];
    if (told.kind === 'unknown') {
      const { phrase: why, advice } = told.fault;
      return [draft('notice', phrase`nobody knows whether the server keeps its keys: ${why}`, advice)];
    }
    const items = auditItems(told.server, { now, expires: expires(observation) });
    const bad = items.flatMap((item) =>
      item.state === 'bad' ? [draft(item.severity, wordingOfItem(item), item.advice)] : [],
    );
    const open = items.filter(({ state }) => state === 'unknown');
    return open.length === 0 ? bad : [...bad, unknown(open, told.server)];
  },
};

/** One for all that the server keeps to itself. */
function unknown(open: readonly AuditItem[], { hidden }: ServerFacts): Draft {
  const said = joined(byNodes(open).map(untold), '; ');
  const refusals = hidden.map(({ fault }) => fault.phrase);
  const advice = hidden[0]?.fault.advice ?? phrase`ask whoever runs it`;
  return draft('notice', refusals.length === 0 ? said : phrase`${said}; ${joined(refusals, '; ')}`, advice);
}

/** What the same servers don't tell stands together. */
function byNodes(open: readonly AuditItem[]): readonly (readonly AuditItem[])[] {
  const groups = new Map<string, readonly AuditItem[]>();
  for (const item of open) {
    const id = item.nodes?.join() ?? '';
    groups.set(id, [...(groups.get(id) ?? []), item]);
  }
  return [...groups.values()];
}

function untold(items: readonly AuditItem[]): Phrase {
  const questions = joined(
    items.map(({ said }) => said),
    ', ',
  );
  const nodes = items[0]?.nodes ?? [];
  if (nodes.length === 0) return phrase`the server doesn't tell ${questions}`;
  return nodes.length === 1
    ? phrase`${listed(nodes)} doesn't tell ${questions}`
    : phrase`${listed(nodes)} don't tell ${questions}`;
}

function draft(severity: Draft['severity'], said: Phrase, advice: Phrase): Draft {
  return { claim: 'advice', severity, pointer: [], phrase: said, advice };
}

function expires(observation: Observation): boolean {
  return 'ttl' in observation && observation.ttl !== undefined;
}
