import { isOutOfStep } from './core/divergence.ts';
import { type ConfigSpec, type Evidence, pathOf } from './core/evidence.ts';
import type { Finding } from './core/finding.ts';
import type { Json } from './core/json.ts';
import { phrase } from './core/phrase.ts';
import type { Repo } from './core/ports.ts';
import { type Digest, type Redactor, redactor } from './core/redaction.ts';
import { summarize } from './core/summary.ts';
import { type Examined, judge, type Policy, type Report } from './core/verdict.ts';
import { examine } from './examine.ts';
import { gather, type Sources } from './gather.ts';
import type { Change } from './review.ts';

export interface GuardRequest {
  readonly specs: readonly ConfigSpec[];
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface GuardPorts extends Sources {
  readonly digest: Digest;
  /** Where the workspace has a history. */
  readonly repo?: Repo;
  /** The change under review; absent when none is. */
  readonly change?: Change;
}

export interface Guarded {
  readonly report: Report;
  /** By config name, the live value with what is secret taken out: for raw output, which no report holds. */
  readonly raw: ReadonlyMap<string, Json>;
  /** Secrets that the live values hold, for masking in logs. */
  readonly secrets: readonly string[];
}

/** Gathers all evidence, has every check examine it, and judges. Whatever fails on the way is UNCHECKED. */
export async function guard(request: GuardRequest, ports: GuardPorts): Promise<Guarded> {
  const gathered = await gather(request.specs, request.now, ports);
  const evidence = await withHistory(gathered, ports);
  const examined: Examined[] = [];
  const raw = new Map<string, Json>();
  const secrets = new Set<string>();
  for (const item of evidence) {
    const { spec, live } = item;
    const veil = redactor(spec.visibility, ports.digest);
    const findings = marked(examine(item, veil), item, veil);
    const value = live?.ok === true ? live.value : undefined;
    if (value !== undefined) {
      raw.set(spec.name, mayShowRaw(item, findings) ? veil.raw(value) : NOT_SHOWN);
      for (const secret of veil.secrets(value)) secrets.add(secret);
    }
    const [fallback, schema] = [pathOf(item.fallback), pathOf(item.schema)];
    examined.push({
      name: spec.name,
      key: spec.key,
      ...(fallback === undefined ? {} : { fallback }),
      ...(schema === undefined ? {} : { schema }),
      hasFallback: item.fallback.kind === 'read' && item.fallback.decoded.ok,
      holdsSecrets: mayHoldSecrets(spec),
      findings,
      ...(value === undefined ? {} : { summary: summarize(value, spec.freshness?.at, veil) }),
    });
  }
  const report = judge({ target: ports.store.target, checkedAt: request.now }, examined, request.policy);
  return { report, raw, secrets: [...secrets] };
}

/** Adds what the past tells, where there is one. Most runs load nothing for it. */
async function withHistory(evidence: readonly Evidence[], ports: GuardPorts): Promise<readonly Evidence[]> {
  const { repo, change } = ports;
  if (repo === undefined || (change === undefined && !evidence.some(isOutOfStep))) return evidence;
  const recalled =
    change === undefined ? evidence : await (await import('./review.ts')).recall(evidence, change, ports);
  const { remember } = await import('./remember.ts');
  return remember(recalled, repo);
}

/** Marks what was so before the change under review: what the same checks find in the files as they were. */
function marked(findings: readonly Finding[], item: Evidence, veil: Redactor): readonly Finding[] {
  const { base, past: _past, ...asBefore } = item;
  if (base?.kind !== 'known' || findings.every(({ claim }) => claim === 'unchecked')) return findings;
  const { schema, fallback } = base;
  const before = new Set(examine({ ...asBefore, schema, fallback }, veil).map(sameness));
  return findings.map((finding) =>
    finding.claim !== 'unchecked' && before.has(sameness(finding))
      ? { ...finding, isDebt: true, phrase: phrase`${finding.phrase} (so before this change)` }
      : finding,
  );
}

/** Word for word: what breaks in another way than before is new. */
function sameness({ check, claim, place, phrase }: Finding): string {
  return JSON.stringify([check, claim, place, phrase]);
}

const NOT_SHOWN =
  'not shown: it should hold secrets, and it is not what its schema describes, so they may be anywhere';

/** Secrets are known by their places. In a value of another shape they may stand at any other. */
function mayShowRaw({ spec, schema }: Evidence, findings: readonly Finding[]): boolean {
  if (!mayHoldSecrets(spec)) return true;
  // A schema of the workspace may be the work of whoever wants to see them.
  if (schema.kind !== 'compiled' || !schema.shipped) return false;
  return !findings.some(
    ({ claim, check }) => claim === 'invalid' || claim === 'unchecked' || check === 'undeclared',
  );
}

function mayHoldSecrets({ visibility: { secret, secretNames } }: ConfigSpec): boolean {
  return secret.length > 0 || secretNames.length > 0;
}
