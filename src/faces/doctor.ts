import { type AuditId, type AuditItem, auditItems, wordingOfItem } from '../core/audit.ts';
import { type Phrase, spell } from '../core/phrase.ts';
import { printable } from '../core/plain.ts';
import type { ServerEvidence } from '../core/server.ts';
import { wordingOf } from '../core/tally.ts';
import type { Report } from '../core/verdict.ts';
import type { Palette } from '../reporters/terminal.ts';
import {
  type Diagnosis,
  type DoctorResult,
  doctor as doctorText,
  faultsOf,
  findingsOfKey,
} from './doctor-text.ts';
import type { Outcome } from './ending.ts';

/** `doctor`: why a config vanished, or might. */

interface DoctorInput {
  readonly audit: ServerEvidence;
  /** Of the guarded keys in the same store. */
  readonly report: Report;
  /** Whether any of them has a time to live. The report can't tell: what is found of it may be hushed. */
  readonly expires: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly palette: Palette;
  readonly format: 'text' | 'json';
}

export function doctor({ audit, report, expires, now, palette, format }: DoctorInput): Outcome {
  const items = audit.kind === 'known' ? auditItems(audit.server, { now, expires }) : [];
  const diagnosis = { audit, items, report, result: resultOf(items, report) };
  const exitCode = exitCodes[diagnosis.result];
  return {
    text: format === 'json' ? json(diagnosis, exitCode) : doctorText(diagnosis, palette),
    exitCode,
  };
}

const exitCodes: Readonly<Record<DoctorResult, 0 | 1 | 2>> = { sound: 0, bad: 1, unclear: 2 };

/** What is bad outranks what is unknown. A notice is worth a word, but nothing is wrong. */
function resultOf(items: readonly AuditItem[], report: Report): DoctorResult {
  const findings = report.configs.flatMap(findingsOfKey);
  const isBad =
    items.some((item) => item.state === 'bad' && item.severity !== 'notice') ||
    findings.some(({ claim, severity }) => claim !== 'unchecked' && severity !== 'notice');
  if (isBad) return 'bad';
  const isUnread = findings.some(({ claim }) => claim === 'unchecked');
  return isUnread || isSilent(items) ? 'unclear' : 'sound';
}

/** Whether neither of the things that make keys vanish is known of all servers. */
function isSilent(items: readonly AuditItem[]): boolean {
  return !isKnown(items, 'persistence') && !isKnown(items, 'eviction-policy');
}

/** A server that couldn't be asked has no items at all; of several, one may keep to itself what the others tell. */
function isKnown(items: readonly AuditItem[], id: AuditId): boolean {
  const answers = items.filter((item) => item.id === id);
  return answers.length > 0 && answers.every(({ state }) => state !== 'unknown');
}

function json({ audit, items, report, result }: Diagnosis, exitCode: 0 | 1 | 2): string {
  return printable({
    format: 'redis-config-guardian/doctor',
    version: 1,
    target: report.target,
    checkedAt: new Date(report.checkedAt).toISOString(),
    result,
    exitCode,
    server: audit.kind === 'known' ? serverOf(audit) : null,
    items: items.map((item) => ({
      id: item.id,
      state: item.state,
      ...(item.state === 'bad' ? { severity: item.severity } : {}),
      message: unspelled(wordingOfItem(item)),
      ...(item.state === 'bad' ? { advice: unspelled(item.advice) } : {}),
    })),
    faults: faultsOf(audit).map(({ reason, phrase, advice }) => ({
      reason,
      message: unspelled(phrase),
      advice: unspelled(advice),
    })),
    keys: report.configs.map((config) => ({
      name: config.name,
      key: config.key,
      findings: findingsOfKey(config).map((finding) => ({
        check: finding.check,
        claim: finding.claim,
        severity: finding.severity,
        message: unspelled(wordingOf(finding)),
        ...(finding.advice === undefined ? {} : { advice: unspelled(finding.advice) }),
      })),
    })),
  });
}

function serverOf({ server }: Extract<ServerEvidence, { readonly kind: 'known' }>) {
  const { product, version, mode, nodes } = server;
  return { product, version: version ?? null, mode, nodes: nodes.map(({ address }) => address) };
}

/** For programs: nothing is escaped but what JSON escapes. */
function unspelled(said: Phrase): string {
  const same = (part: string) => part;
  return spell(said, { text: same, code: same, name: same, value: same });
}
