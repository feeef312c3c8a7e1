import type { ConfigSpec, Evidence } from './core/evidence.ts';
import type { Finding } from './core/finding.ts';
import type { Json } from './core/json.ts';
import { type Digest, redactor } from './core/redaction.ts';
import { type Examined, judge, type Policy, type Report, type Shard } from './core/verdict.ts';
import { examineOne, liveValue, mayHoldSecrets } from './examine.ts';
import { gather, type Sources } from './gather.ts';
import { historian, type PastPorts } from './past.ts';

export interface GuardRequest {
  readonly specs: readonly ConfigSpec[];
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The part of the keys that this run is about. */
  readonly share?: { readonly shard: Shard; readonly isOurs: (key: string) => boolean };
}

export interface GuardPorts extends Sources, PastPorts {
  readonly digest: Digest;
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
  const { now, share } = request;
  const specs = request.specs.filter(({ storedKey }) => share?.isOurs(storedKey) ?? true);
  const history = historian(ports);
  const gathered = await gather(specs, now, ports);
  const examined: Examined[] = [];
  const raw = new Map<string, Json>();
  const secrets = new Set<string>();
  for (const item of await history(gathered, gathered.length)) {
    const veil = redactor(item.spec.visibility, ports.digest);
    const told = examineOne(item, veil);
    const value = liveValue(item);
    if (value !== undefined) {
      raw.set(item.spec.name, mayShowRaw(item, told.findings) ? veil.raw(value) : NOT_SHOWN);
      for (const secret of veil.secrets(value)) secrets.add(secret);
    }
    examined.push(told);
  }
  const shard = share === undefined ? {} : { shard: share.shard };
  const run = { target: ports.store.target, checkedAt: now, ...shard };
  return { report: judge(run, examined, request.policy), raw, secrets: [...secrets] };
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
