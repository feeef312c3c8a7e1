import type { Claim, Finding, Location, Reason, Severity } from './finding.ts';
import { type PartData, type Phrase, spell, vouch } from './phrase.ts';
import type { Place } from './redaction.ts';
import type { Summary } from './summary.ts';
import {
  type FailLevel,
  type FailureReason,
  judge,
  type Part,
  type Report,
  type Status,
  type Verdict,
} from './verdict.ts';

export interface Tool {
  readonly name: string;
  readonly version: string;
}

/** A report as `schemas/report.schema.json` describes it: plain data. */
export interface Published {
  readonly format: 'redis-config-guardian/report';
  readonly version: 1;
  readonly tool: Tool;
  readonly target: string;
  /** ISO 8601. */
  readonly checkedAt: string;
  readonly verdict: Verdict;
  readonly reason: FailureReason | null;
  readonly exitCode: 0 | 1 | 2;
  readonly failOn: readonly FailLevel[];
  readonly onlyNew?: true;
  readonly counts: Readonly<Record<Status, number>>;
  readonly configs: readonly PublishedConfig[];
  readonly shard?: Part & { readonly guards: readonly string[] };
}

interface PublishedConfig {
  readonly name: string;
  readonly key: string;
  readonly status: Status;
  readonly fallback?: string;
  readonly schema?: string;
  readonly hasFallback: boolean;
  readonly holdsSecrets: boolean;
  readonly summary?: Summary;
  readonly findings: readonly PublishedFinding[];
  readonly keys?: Readonly<Record<Status, number>>;
}

interface PublishedFinding {
  readonly check: string;
  readonly config: string;
  readonly claim: Claim;
  readonly severity: Severity;
  readonly place: string;
  readonly message: Wording;
  readonly advice?: Wording;
  readonly location?: Location;
  readonly reason?: Reason;
  readonly isDebt?: true;
  readonly keys?: { readonly count: number; readonly first: readonly string[] };
}

/** For people and `jq` the text; for reporters that read a report back, the parts. */
interface Wording {
  readonly text: string;
  readonly parts: readonly PartData[];
}

/** Report → plain data. */
export function publish(report: Report, tool: Tool): Published {
  const { target, checkedAt, verdict, reason, exitCode, failOn, onlyNew, counts, configs, shard } = report;
  return {
    format: 'redis-config-guardian/report',
    version: 1,
    tool,
    target,
    checkedAt: new Date(checkedAt).toISOString(),
    verdict,
    reason: reason ?? null,
    exitCode,
    failOn: [...failOn],
    ...(onlyNew ? { onlyNew } : {}),
    counts,
    ...(shard === undefined ? {} : { shard }),
    configs: configs.map((config) => ({ ...config, findings: config.findings.map(publishFinding) })),
  };
}

function publishFinding({ phrase, advice, ...finding }: Finding): PublishedFinding {
  return {
    ...finding,
    message: wording(phrase),
    ...(advice === undefined ? {} : { advice: wording(advice) }),
  };
}

function wording(phrase: Phrase): Wording {
  const same = (text: string) => text;
  return { text: spell(phrase, { text: same, code: same, name: same, value: same }), parts: phrase };
}

/**
 * Plain data that holds to the schema → report. It is judged anew from its findings, so that statuses, counts and
 * verdict can't say anything else than they do. Whoever wrote it may be anyone: nothing of it is our own prose.
 */
export function fromPublished({
  target,
  checkedAt,
  verdict,
  exitCode,
  failOn,
  onlyNew,
  configs,
  shard,
}: Published): Report {
  return judge(
    {
      target: vouch(target),
      checkedAt: Date.parse(checkedAt),
      ...(shard === undefined ? {} : { shard: { ...shard, guards: shard.guards.map(vouch) } }),
    },
    configs.map(({ status: _status, name, key, fallback, schema, findings, ...config }) => ({
      ...config,
      name: vouch(name),
      key: vouch(key),
      ...(fallback === undefined ? {} : { fallback: vouch(fallback) }),
      ...(schema === undefined ? {} : { schema: vouch(schema) }),
      findings: findings.map(readFinding),
    })),
    {
      failOn: new Set(failOn),
      allowUnchecked: verdict === 'inconclusive' && exitCode === 0,
      onlyNew: onlyNew === true,
    },
  );
}

function readFinding({ message, advice, config, place, keys, ...finding }: PublishedFinding): Finding {
  return {
    ...finding,
    config: vouch(config),
    place: place as Place,
    phrase: rephrase(message),
    ...(keys === undefined ? {} : { keys: { count: keys.count, first: keys.first.map(vouch) } }),
    ...(advice === undefined ? {} : { advice: rephrase(advice) }),
  };
}

function rephrase({ parts }: Wording): Phrase {
  const joined: PartData[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    // Texts that stand side by side are read as one.
    if (part.kind === 'text' && last?.kind === 'text')
      joined[joined.length - 1] = { ...part, text: last.text + part.text };
    else joined.push(part);
  }
  return joined.map(harmless) as readonly PartData[] as Phrase;
}

/** Mentions, references and commits mean something in prose, and nothing in code. */
function harmless(part: PartData): PartData {
  const isProse =
    part.kind === 'text' && !/[^\p{L}\p{N} ,.;:()'"?‹›…-]|[0-9a-f]{7}|GH-|www\./iu.test(part.text);
  return part.kind !== 'text' || isProse ? part : { kind: 'code', text: part.text };
}
