import type { Finding } from './core/finding.ts';
import { code, count, type Known, type Phrase, phrase, vouch } from './core/phrase.ts';
import { mergedFindings } from './core/tally.ts';
import {
  type ConfigReport,
  type Examined,
  judge,
  type Report,
  type Status,
  statuses,
} from './core/verdict.ts';

export type Merged =
  | { readonly ok: true; readonly report: Report }
  | { readonly ok: false; readonly said: Phrase; readonly advice: Phrase };

/**
 * Joins the reports of runs that shared the keys of one target into one. It is judged anew, and a part that is
 * missing is unchecked.
 */
export function mergeReports(reports: readonly Report[]): Merged {
  const [first, ...others] = reports;
  if (first === undefined) return refuse(phrase`there is no report to merge`);
  const { target, shard } = first;
  if (shard === undefined || others.some((other) => other.shard === undefined)) {
    return refuse(phrase`one of the reports is of a run that shared its keys with no other`);
  }
  const stranger = others.find((other) => other.target !== target);
  if (stranger !== undefined) {
    return refuse(phrase`the reports are of different targets: ${code(target)} and ${code(stranger.target)}`);
  }
  if (others.some((other) => other.shard?.of !== shard.of)) {
    return refuse(phrase`the reports are parts of different divisions`);
  }
  if (others.some((other) => !hasSamePolicy(first, other))) {
    return refuse(phrase`the runs were told to fail on different things`);
  }
  const parts = reports.map((report) => report.shard?.index ?? 0);
  const twice = parts.find((part, index) => parts.indexOf(part) !== index);
  if (twice !== undefined) return refuse(phrase`part ${count(twice)} of ${count(shard.of)} is there twice`);
  const { guards } = shard;
  if (others.some((other) => other.shard?.guards.join('\n') !== guards.join('\n'))) {
    return refuse(phrase`the runs guarded different configs`);
  }
  const divided = configOfTwoParts(reports);
  if (divided !== undefined) return refuse(phrase`the config ${code(divided)} is in more than one part`);
  const missing = Array.from({ length: shard.of }, (_, index) => index + 1).filter(
    (part) => !parts.includes(part),
  );
  const configs = mergedConfigs(reports);
  const told = new Set(configs.map(({ name, key }) => `${name} ${key}`));
  const untold = guards.find((guarded) => !told.has(guarded));
  if (missing.length === 0 && untold !== undefined) {
    return refuse(phrase`no part reported on the config ${code(untold)}`);
  }
  const checkedAt = Math.min(...reports.map((report) => report.checkedAt));
  return {
    ok: true,
    report: judge({ target, checkedAt }, [...configs, ...missing.map((part) => gap(part, shard.of))], {
      failOn: first.failOn,
      onlyNew: first.onlyNew,
      // Every run that couldn't tell was allowed to; nobody allowed for a part that is missing.
      allowUnchecked: missing.length === 0 && reports.every(mayBeUnchecked),
    }),
  };
}

function hasSamePolicy(a: Report, b: Report): boolean {
  return a.onlyNew === b.onlyNew && [...a.failOn].sort().join() === [...b.failOn].sort().join();
}

function mayBeUnchecked({ verdict, exitCode }: Report): boolean {
  return verdict !== 'inconclusive' || exitCode === 0;
}

/** A config of one key that more than one part told of: they didn't divide the same keys. */
function configOfTwoParts(reports: readonly Report[]): Known | undefined {
  const names = reports
    .flatMap(({ configs }) => configs.filter(({ keys }) => keys === undefined))
    .map(({ name }) => name);
  return names.find((name, index) => names.indexOf(name) !== index);
}

/** Configs of one key are in one part only; those of many are told by every part. */
function mergedConfigs(reports: readonly Report[]): readonly Examined[] {
  const byName = new Map<string, ConfigReport[]>();
  for (const config of reports.flatMap(({ configs }) => configs)) {
    byName.set(config.name, [...(byName.get(config.name) ?? []), config]);
  }
  return [...byName.values()].flatMap((parts) => {
    const [first] = parts;
    if (first === undefined) return [];
    if (parts.length === 1) return [first];
    const findings = mergedFindings(parts.flatMap((part) => part.findings));
    return [{ ...first, findings, keys: sums(parts) }];
  });
}

function sums(parts: readonly ConfigReport[]): Readonly<Record<Status, number>> {
  const sum: Record<Status, number> = { INVALID: 0, UNCHECKED: 0, DRIFT: 0, OK: 0 };
  for (const { keys } of parts) {
    for (const status of statuses) sum[status] += keys?.[status] ?? 0;
  }
  return sum;
}

/** Stands for whatever configs a part has that nobody reported on. */
function gap(part: number, of: number): Examined {
  const config = vouch(`part ${part} of ${of}`);
  return {
    name: config,
    key: vouch(''),
    hasFallback: false,
    holdsSecrets: false,
    findings: [
      {
        check: 'presence',
        config,
        claim: 'unchecked',
        severity: 'error',
        reason: 'unreadable',
        place: '' as Finding['place'],
        phrase: phrase`nobody reported on this part of the keys`,
        advice: phrase`merge the reports of all parts; a run that broke off has none`,
      },
    ],
  };
}

function refuse(said: Phrase): Merged {
  return {
    ok: false,
    said,
    advice: phrase`merge the JSON reports of ${code('verify --shard 1/n')} to ${code('n/n')}, each once`,
  };
}
