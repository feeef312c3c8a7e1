import type { Finding, Reason } from './finding.ts';
import type { Known } from './phrase.ts';
import type { Summary } from './summary.ts';

/** Of one config, the gravest that applies, in this order. */
export const statuses = ['INVALID', 'UNCHECKED', 'DRIFT', 'OK'] as const;
export type Status = (typeof statuses)[number];

export const verdicts = ['pass', 'fail', 'inconclusive'] as const;
export type Verdict = (typeof verdicts)[number];

/** What makes a run fail. `warning` stands for every finding that is a warning or worse. */
export const failLevels = ['invalid', 'breaking', 'drift', 'warning'] as const;
export type FailLevel = (typeof failLevels)[number];

export interface Policy {
  readonly failOn: ReadonlySet<FailLevel>;
  /** Whether an inconclusive run may end with exit code 0 (pull requests from forks, which have no secrets). */
  readonly allowUnchecked: boolean;
  /** What was so before the change under review doesn't fail the run. */
  readonly onlyNew: boolean;
}

export interface ConfigReport {
  readonly name: Known;
  readonly key: Known;
  readonly status: Status;
  /** The files that it was held against; where there is none, the first that was looked for. */
  readonly fallback?: Known;
  readonly schema?: Known;
  /** Whether the fallback was read and is sound JSON. */
  readonly hasFallback: boolean;
  /** Its value may hold secrets, which have no place in git. */
  readonly holdsSecrets: boolean;
  /** Absent when there is no live value to speak of. */
  readonly summary?: Summary;
  readonly findings: readonly Finding[];
  /** Of a config that is many keys: how many of them have which status. */
  readonly keys?: Readonly<Record<Status, number>>;
}

/** One part of several that share the keys of a run. */
export interface Part {
  /** From 1. */
  readonly index: number;
  readonly of: number;
}

export interface Shard extends Part {
  /** What all parts together guard: names of configs and their keys. */
  readonly guards: readonly Known[];
}

export type FailureReason = FailLevel | 'fallback' | Reason;

/** The judgement on one target: everything a reporter may know. */
export interface Report {
  readonly target: Known;
  /** Milliseconds since the epoch. */
  readonly checkedAt: number;
  readonly verdict: Verdict;
  /** Absent exactly when the verdict is `pass`. */
  readonly reason?: FailureReason;
  /** 0 pass, 1 fail, 2 inconclusive; 0 for an inconclusive run that is allowed. */
  readonly exitCode: 0 | 1 | 2;
  /** What the run was told to fail on. */
  readonly failOn: ReadonlySet<FailLevel>;
  /** Whether it was told to let pass what was so before the change under review. */
  readonly onlyNew: boolean;
  readonly counts: Readonly<Record<Status, number>>;
  readonly configs: readonly ConfigReport[];
  /** Which part of the keys this run was about; absent when it was all of them. */
  readonly shard?: Shard;
}

/** What the judge is told of a config: its report without the status. */
export type Examined = Omit<ConfigReport, 'status'>;

/**
 * From findings to statuses and the verdict. A failure outranks an inconclusive result: what is known to be
 * wrong is wrong however much else is unknown, and both are red.
 */
export function judge(
  run: Pick<Report, 'target' | 'checkedAt' | 'shard'>,
  examined: readonly Examined[],
  policy: Policy,
): Report {
  const configs = examined.map((config): ConfigReport => ({ ...config, status: statusOf(config.findings) }));
  const findings = configs.flatMap((config) => config.findings);
  const failure = gravestFailure(findings, policy);
  // A notice says that nobody wanted it checked.
  const unchecked = findings.find(({ claim, severity }) => claim === 'unchecked' && severity !== 'notice');
  const verdict = failure !== undefined ? 'fail' : unchecked !== undefined ? 'inconclusive' : 'pass';
  const reason = failure ?? unchecked?.reason;
  return {
    ...run,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    exitCode: exitCodeOf(verdict, policy),
    failOn: policy.failOn,
    onlyNew: policy.onlyNew,
    counts: countStatuses(configs),
    configs,
  };
}

/** Whether a finding is at or above the level that fails a run. */
export function fails(finding: Finding, { failOn, onlyNew }: Pick<Policy, 'failOn' | 'onlyNew'>): boolean {
  const { claim, severity, isDebt } = finding;
  if (claim === 'unchecked' || (onlyNew && isDebt === true)) return false;
  if (failOn.has('warning') && severity !== 'notice') return true;
  if (claim === 'drift' && failOn.has('drift')) return severity !== 'notice';
  if (severity !== 'error') return false;
  return failOn.has(claim === 'breaking' ? 'breaking' : 'invalid');
}

/** Of a config with these findings. */
export function statusOf(findings: readonly Finding[]): Status {
  const claims = (claim: Finding['claim']) => findings.some((finding) => finding.claim === claim);
  if (findings.some((finding) => finding.claim === 'invalid' && finding.severity === 'error'))
    return 'INVALID';
  if (claims('unchecked')) return 'UNCHECKED';
  return claims('drift') ? 'DRIFT' : 'OK';
}

const gravest = ['invalid', 'fallback', 'breaking', 'drift', 'advice'] as const;

function gravestFailure(findings: readonly Finding[], policy: Policy): FailureReason | undefined {
  const failing = new Set(findings.filter((finding) => fails(finding, policy)).map(({ claim }) => claim));
  const claim = gravest.find((candidate) => failing.has(candidate));
  return claim === 'advice' ? 'warning' : claim;
}

function exitCodeOf(verdict: Verdict, policy: Policy): 0 | 1 | 2 {
  if (verdict === 'pass') return 0;
  if (verdict === 'fail') return 1;
  return policy.allowUnchecked ? 0 : 2;
}

function countStatuses(configs: readonly ConfigReport[]): Record<Status, number> {
  const counts: Record<Status, number> = { INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 0 };
  for (const { status } of configs) counts[status] += 1;
  return counts;
}
