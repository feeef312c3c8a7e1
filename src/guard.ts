import { isOutOfStep } from './core/divergence.ts';
import type { ConfigSpec, Evidence } from './core/evidence.ts';
import type { Finding } from './core/finding.ts';
import type { Json } from './core/json.ts';
import type { Repo } from './core/ports.ts';
import { type Digest, redactor } from './core/redaction.ts';
import { type Examined, judge, type Policy, type Report, type Shard } from './core/verdict.ts';
import { examineOne, liveValue, mayHoldSecrets } from './examine.ts';
import { gather, type Sources } from './gather.ts';
import type { Change } from './review.ts';

export interface GuardRequest {
  readonly specs: readonly ConfigSpec[];
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Which part of all configs these are; absent when they are all. */
  readonly shard?: Shard;
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
  const { specs, now, shard } = request;
  const gathered = await gather(specs, now, ports);
  const examined: Examined[] = [];
  const raw = new Map<string, Json>();
  const secrets = new Set<string>();
  for (const item of await withHistory(gathered, ports)) {
    const veil = redactor(item.spec.visibility, ports.digest);
    const told = examineOne(item, veil);
    const value = liveValue(item);
    if (value !== undefined) {
      raw.set(item.spec.name, mayShowRaw(item, told.findings) ? veil.raw(value) : NOT_SHOWN);
      for (const secret of veil.secrets(value)) secrets.add(secret);
    }
    examined.push(told);
  }
  const run = { target: ports.store.target, checkedAt: now, ...(shard === undefined ? {} : { shard }) };
  return { report: judge(run, examined, request.policy), raw, secrets: [...secrets] };
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
