import type { Finding, KeysOfFinding } from './finding.ts';
import { code, count, joined, type Known, name, type PartData, type Phrase, phrase } from './phrase.ts';
import type { Place } from './redaction.ts';
import { type Status, statuses } from './verdict.ts';

/** Many keys of one config, told as one: how many have which status, and each finding once for all that have it. */
export interface Tally {
  add(key: TalliedKey): void;
  counts(): Readonly<Record<Status, number>>;
  /** The gravest first, those of the most keys before the others. */
  findings(): readonly Finding[];
}

export interface TalliedKey {
  /** As it may be printed. */
  readonly name: Known;
  readonly status: Status;
  readonly findings: readonly Finding[];
  /**
   * By the id of a check: words in its findings that are this key's own (its name, its files), and what stands for them
   * when others have the same finding.
   */
  readonly ownWords: (check: string) => ReadonlyMap<string, Known>;
}

/** Keys that are named for each finding. */
export const NAMED = 5;
/** Kinds of findings that are told apart; whatever else there is counts as one of its check. */
const MOST_KINDS = 500;

interface Group {
  readonly finding: Finding;
  readonly place: Place;
  readonly hasOnePlace: boolean;
  readonly total: number;
  readonly first: KeysOfFinding['first'];
}

/** Takes keys one by one, in bounded memory. */
export function tally(): Tally {
  const counts: Record<Status, number> = { INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 0 };
  const groups = new Map<string, Group>();
  return {
    add({ name: key, status, findings, ownWords }) {
      counts[status] += 1;
      // A key that has the same finding at several places has it once.
      const ofKey = new Map<string, Finding>();
      for (const finding of findings) {
        const general = { ...finding, phrase: without(ownWords(finding.check), finding.phrase) };
        const kind = kindOf(general);
        const isTold = groups.has(kind) || ofKey.has(kind) || groups.size + ofKey.size < MOST_KINDS;
        const id = isTold ? kind : JSON.stringify([finding.check, finding.claim, finding.severity]);
        if (ofKey.has(id)) continue;
        ofKey.set(id, { ...(isTold ? general : another(general)), keys: { count: 1, first: [key] } });
      }
      for (const [id, finding] of ofKey) put(groups, id, finding);
    },
    counts: () => ({ ...counts }),
    findings: () => findingsOf(groups),
  };
}

/** Findings of several tallies of the same config. What is about no key in particular, each of them may have told. */
export function mergedFindings(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Group>();
  const others = new Map<string, Finding>();
  for (const finding of findings) {
    if (finding.keys === undefined) others.set(JSON.stringify(finding), finding);
    else put(groups, kindOf(finding), finding);
  }
  return [...others.values(), ...findingsOf(groups)];
}

function put(groups: Map<string, Group>, id: string, finding: Finding): void {
  const group = groups.get(id);
  groups.set(id, group === undefined ? begun(finding) : grown(group, finding));
}

function findingsOf(groups: ReadonlyMap<string, Group>): readonly Finding[] {
  return [...groups.values()].map(told).sort(byWeight);
}

function begun(finding: Finding): Group {
  const { count: total, first } = keysOf(finding);
  return { finding, place: finding.place, hasOnePlace: true, total, first };
}

function grown(group: Group, finding: Finding): Group {
  const { count: more, first } = keysOf(finding);
  return {
    ...group,
    hasOnePlace: group.hasOnePlace && finding.place === group.place,
    total: group.total + more,
    first: [...group.first, ...first].slice(0, NAMED),
    finding: sameLine(group.finding, finding) ? group.finding : withoutLine(group.finding),
  };
}

function sameLine(a: Finding, b: Finding): boolean {
  return a.location?.file === b.location?.file && a.location?.line === b.location?.line;
}

function withoutLine({ location: _location, ...finding }: Finding): Finding {
  return finding;
}

function keysOf({ keys }: Finding): KeysOfFinding {
  return keys ?? { count: 1, first: [] };
}

function told({ finding, hasOnePlace, total, first }: Group): Finding {
  const place = hasOnePlace ? finding.place : anyPlace(finding.place);
  return { ...finding, place, keys: { count: total, first } };
}

function another({ check, config, claim, severity, reason }: Finding): Finding {
  return {
    check,
    config,
    claim,
    severity,
    place: '' as Place,
    phrase: phrase`other findings of this check`,
    ...(reason === undefined ? {} : { reason }),
  };
}

const gravity = ['invalid', 'unchecked', 'breaking', 'fallback', 'drift', 'advice'] as const;
const loudness = ['error', 'warning', 'notice'] as const;

function byWeight(a: Finding, b: Finding): number {
  return (
    loudness.indexOf(a.severity) - loudness.indexOf(b.severity) ||
    gravity.indexOf(a.claim) - gravity.indexOf(b.claim) ||
    (b.keys?.count ?? 0) - (a.keys?.count ?? 0)
  );
}

/** What makes two findings alike: all but the values, names and numbers that they tell of. */
function kindOf({ check, claim, severity, reason, isDebt, place, phrase }: Finding): string {
  return JSON.stringify([check, claim, severity, reason, isDebt, anyPlace(place), phrase.map(kindOfPart)]);
}

function kindOfPart(part: PartData): string {
  if (part.kind === 'text') return part.text.replace(/\d+/g, '#');
  return part.kind === 'code' ? `\`${part.text}` : part.kind;
}

function without(ownWords: ReadonlyMap<string, Known>, said: Phrase): Phrase {
  return said.map((part) => {
    const general = part.kind === 'code' ? ownWords.get(part.text) : undefined;
    return general === undefined ? part : code(general);
  }) as readonly PartData[] as Phrase;
}

/** Items of arrays are any of them, and so are names that are hidden. */
function anyPlace(place: string): Place {
  return place.replace(/(?<=\/)(?:\d+|‹#[^›]*›)(?=\/|$)/g, '*') as Place;
}

/** The counts that aren't zero, the gravest first, of all: `100,000 keys: 3 INVALID, 99,997 OK`. */
export function keysInWords(counts: Readonly<Record<Status, number>>): string {
  const total = statuses.reduce((sum, status) => sum + counts[status], 0);
  const parts = statuses
    .filter((status) => counts[status] > 0)
    .map((status) => `${grouped(counts[status])} ${status}`);
  const keys = `${grouped(total)} key${total === 1 ? '' : 's'}`;
  return parts.length === 0 ? keys : `${keys}: ${parts.join(', ')}`;
}

/** `100,000`. */
function grouped(n: number): string {
  return String(n).replace(/(?<=\d)(?=(?:\d{3})+$)/g, ',');
}

/** A finding in words, with the first keys that have it where it is of many. */
export function wordingOf({ phrase: said, keys }: Pick<Finding, 'phrase' | 'keys'>): Phrase {
  if (keys === undefined) return said;
  const { count: total, first } = keys;
  if (first.length === 0) return phrase`${said} (${count(total, 'key')})`;
  const names = joined(
    first.map((key) => name(key)),
    ', ',
  );
  const more = total > first.length ? phrase` and ${count(total - first.length)} more` : phrase``;
  return phrase`${said} (${count(total, 'key')}: ${names}${more})`;
}
