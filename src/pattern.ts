import { isOutOfStep } from './core/divergence.ts';
import type { Evidence, Fault } from './core/evidence.ts';
import { pathOf } from './core/evidence.ts';
import type { Finding } from './core/finding.ts';
import { type PatternSpec, specOf } from './core/key-pattern.ts';
import { code, type Known, phrase, vouch } from './core/phrase.ts';
import { type FoundKey, StoreFault } from './core/ports.ts';
import { type Digest, redactor } from './core/redaction.ts';
import type { ServerEvidence } from './core/server.ts';
import { tally } from './core/tally.ts';
import { type Examined, statusOf } from './core/verdict.ts';
import { examineOne, mayHoldSecrets } from './examine.ts';
import { audited, gatherFound, readShared, type SharedFiles, type Sources } from './gather.ts';
import type { Historian, PastPorts } from './past.ts';

/** Keys of a pattern whose history is looked up: each takes a while, and they are alike. */
const MOST_REMEMBERED = 20;
/** Keys of a pattern for which the base of a change is looked up. */
const MOST_RECALLED = 500;
/** Secrets that are kept for masking. */
const MOST_SECRETS = 2000;

interface Circumstances {
  readonly now: number;
  readonly isOurs: (key: string) => boolean;
  readonly server: ServerEvidence | undefined;
  readonly history: Historian;
}

type PatternPorts = Sources & PastPorts & { readonly digest: Digest };

export interface ExaminedPattern {
  readonly examined: Examined;
  readonly secrets: ReadonlySet<string>;
}

/** Every key of a pattern, batch by batch: what was found is counted and let go. */
export async function examinePattern(
  rule: PatternSpec,
  { now, isOurs, server, history }: Circumstances,
  ports: PatternPorts,
): Promise<ExaminedPattern> {
  const { template, pattern, limit } = rule;
  const shared = await readShared(template, ports);
  const veil = redactor(template.visibility, ports.digest);
  const told = tally();
  const secrets = new Set<string>();
  let [matching, read, remembered] = [0, 0, 0];
  const counted = (key: string) => {
    matching += 1;
    return isOurs(key);
  };
  const ended = await attempt(async () => {
    const request = { pattern, encoding: template.encoding, isOurs: counted, most: limit };
    for await (const batch of ports.store.scan(request)) {
      const gathered = await gatherFound(
        batch.map((found) => named(found, rule, ports)),
        shared,
        now,
        ports.files,
      );
      const known = audited(gathered, server);
      const most = Math.max(0, MOST_REMEMBERED - remembered);
      remembered += known.filter(isOutOfStep).length;
      const evidence =
        read < MOST_RECALLED || ports.change === undefined
          ? await history(known, most)
          : known.map(unknownBase);
      read += batch.length;
      for (const item of evidence) {
        const { findings } = examineOne(item, veil);
        told.add({
          name: item.spec.key,
          status: statusOf(findings),
          findings,
          ownWords: ownWords(item, template),
        });
        if (item.live?.ok === true && secrets.size < MOST_SECRETS) {
          for (const secret of veil.secrets(item.live.value)) secrets.add(secret);
        }
      }
    }
  });
  const rest = [
    ...(ended === undefined ? [] : [broken(ended, template.name)]),
    ...(matching === 0 && ended === undefined
      ? await withoutKeys(rule, shared, { now, history }, ports)
      : []),
  ];
  const schema = pathOf(shared.schema);
  return {
    secrets,
    examined: {
      name: template.name,
      key: template.key,
      ...(schema === undefined ? {} : { schema }),
      hasFallback: false,
      holdsSecrets: mayHoldSecrets(template),
      findings: [...rest, ...told.findings()],
      keys: told.counts(),
    },
  };
}

function named(found: FoundKey, rule: PatternSpec, { digest }: PatternPorts) {
  const shown: Known = vouch(rule.hidesNames ? `‹#${digest(found.key)}›` : found.key);
  return { ...found, spec: specOf(rule, found.key, shown) };
}

/** Its own names, and what stands for them in the config of all. */
function ownWords({ spec }: Evidence, template: PatternSpec['template']): ReadonlyMap<string, Known> {
  return new Map<string, Known>([
    [spec.key, template.key],
    ...spec.fallback.map((path, index) => [path, template.fallback[index] ?? path] as const),
  ]);
}

/** The files are there, and reading thousands of them out of git would take longer than anyone waits. */
function unknownBase(item: Evidence): Evidence {
  const fault: Fault = {
    reason: 'no-base',
    phrase: phrase`there are too many keys to look up what each started from`,
    advice: phrase`review a part of them: name a narrower pattern, or share the keys out with ${code('--shard')}`,
  };
  return { ...item, base: { kind: 'unknown', fault } };
}

/** The schema may change though there is no value yet. */
async function withoutKeys(
  { template, pattern }: PatternSpec,
  shared: SharedFiles,
  { now, history }: Pick<Circumstances, 'now' | 'history'>,
  ports: PatternPorts,
): Promise<readonly Finding[]> {
  const spec = { ...template, required: false, fallback: [] };
  const fallback = { kind: 'missing', tried: [] } as const;
  const evidence = await history([{ spec, observation: { kind: 'absent' }, fallback, ...shared, now }], 0);
  const findings = evidence.flatMap(
    (item) => examineOne(item, redactor(spec.visibility, ports.digest)).findings,
  );
  if (!template.required) return findings;
  return [
    {
      check: 'presence',
      config: template.name,
      claim: 'invalid',
      severity: 'error',
      place: '' as Finding['place'],
      phrase: phrase`no key matches ${code(pattern.text)}`,
      advice: phrase`check ${code('prefix')} and database; a config that may have no keys says ${code('required: false')}`,
    },
    ...findings,
  ];
}

function broken({ reason, phrase: said, advice }: Fault, config: Known): Finding {
  return {
    check: 'presence',
    config,
    claim: 'unchecked',
    severity: 'error',
    reason,
    place: '' as Finding['place'],
    phrase: said,
    advice,
  };
}

async function attempt(work: () => Promise<void>): Promise<Fault | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (error instanceof StoreFault) return error.fault;
    throw error;
  }
}
