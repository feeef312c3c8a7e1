import type { ConfigSpec, Evidence } from './core/evidence.ts';
import type { Finding } from './core/finding.ts';
import type { Json } from './core/json.ts';
import type { PatternSpec } from './core/key-pattern.ts';
import { vouch } from './core/phrase.ts';
import type { Store } from './core/ports.ts';
import { type Digest, redactor } from './core/redaction.ts';
import type { ServerEvidence } from './core/server.ts';
import { type Examined, judge, type Part, type Policy, type Report } from './core/verdict.ts';
import { examineOne, liveValue, mayHoldSecrets } from './examine.ts';
import { audited, gather, type Sources } from './gather.ts';
import { historian, type PastPorts } from './past.ts';
import {
  type ExaminedPattern,
  examinePattern,
  hasTimeToLive,
  type Progress,
  type Server,
} from './pattern.ts';

export interface GuardRequest {
  readonly specs: readonly ConfigSpec[];
  readonly patterns?: readonly PatternSpec[];
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** The part of the keys that this run is about. */
  readonly share?: { readonly shard: Part; readonly isOurs: (key: string) => boolean };
  readonly onProgress?: Progress;
}

export interface GuardPorts extends Sources, PastPorts {
  readonly digest: Digest;
}

/** What is told of a run. */
export type Told = Pick<Guarded, 'report' | 'raw' | 'secrets'>;

export interface Guarded {
  readonly report: Report;
  /** By config name, the live value with what is secret taken out: for raw output, which no report holds. */
  readonly raw: ReadonlyMap<string, Json>;
  /** Secrets that the live values hold, for masking in logs. */
  readonly secrets: readonly string[];
  /** Whether any key that was asked for has a time to live. */
  readonly expires: boolean;
}

/** Gathers all evidence, has every check examine it, and judges. Whatever fails on the way is UNCHECKED. */
export async function guard(request: GuardRequest, ports: GuardPorts): Promise<Guarded> {
  const { now, patterns = [], share } = request;
  const { isOurs } = share ?? { isOurs: () => true };
  const { onProgress = () => undefined } = request;
  const specs = request.specs.filter(({ storedKey }) => isOurs(storedKey));
  const history = historian(ports);
  const server = serverOf(ports.store);
  const gathered = await gather(specs, now, ports);
  if (gathered.some(isMissing)) await server.ask();
  const ofPatterns: ExaminedPattern[] = [];
  for (const rule of patterns) {
    ofPatterns.push(await examinePattern(rule, { now, isOurs, server, history, onProgress }, ports));
  }
  const examined: Examined[] = [];
  const raw = new Map<string, Json>();
  const secrets = new Set<string>();
  for (const item of await history(audited(gathered, server.known()), gathered.length)) {
    const veil = redactor(item.spec.visibility, ports.digest);
    const told = examineOne(item, veil);
    const value = liveValue(item);
    if (value !== undefined) {
      raw.set(item.spec.name, mayShowRaw(item, told.findings) ? veil.raw(value) : NOT_SHOWN);
      for (const secret of veil.secrets(value)) secrets.add(secret);
    }
    examined.push(told);
  }
  for (const told of ofPatterns) {
    examined.push(told.examined);
    for (const secret of told.secrets) secrets.add(secret);
  }
  const expires = gathered.some(hasTimeToLive) || ofPatterns.some((told) => told.expires);
  const guards = [...request.specs, ...patterns.map(({ template }) => template)].map(({ name, key }) =>
    vouch(`${name} ${key}`),
  );
  const shard = share === undefined ? {} : { shard: { ...share.shard, guards } };
  const run = { target: ports.store.target, checkedAt: now, ...shard };
  return { report: judge(run, examined, request.policy), raw, secrets: [...secrets], expires };
}

/** Asked once, by whoever misses something first. */
function serverOf(store: Store): Server {
  let asked: ServerEvidence | undefined;
  return {
    known: () => asked,
    async ask() {
      asked ??= await store.audit();
      return asked;
    },
  };
}

function isMissing({ spec, observation }: Evidence): boolean {
  return spec.required && observation.kind === 'absent';
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
