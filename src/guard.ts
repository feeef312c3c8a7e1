import { type ConfigSpec, type Evidence, pathOf } from './core/evidence.ts';
import type { Finding } from './core/finding.ts';
import type { Json } from './core/json.ts';
import { type Digest, redactor } from './core/redaction.ts';
import { summarize } from './core/summary.ts';
import { type Examined, judge, type Policy, type Report } from './core/verdict.ts';
import { examine } from './examine.ts';
import { gather, type Sources } from './gather.ts';

export interface GuardRequest {
  readonly specs: readonly ConfigSpec[];
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface GuardPorts extends Sources {
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
  const evidence = await gather(request.specs, request.now, ports);
  const examined: Examined[] = [];
  const raw = new Map<string, Json>();
  const secrets = new Set<string>();
  for (const item of evidence) {
    const { spec, live } = item;
    const veil = redactor(spec.visibility, ports.digest);
    const findings = examine(item, veil);
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
