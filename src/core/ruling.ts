import type { ConfigSpec, Exception } from './evidence.ts';
import type { Finding } from './finding.ts';
import { code, count, phrase, vouch } from './phrase.ts';
import { coveredByAny, parsePointer } from './pointer.ts';

/**
 * Findings as the config wants them told: severities of its own, and without what its exceptions let stand, which is
 * counted. What is unchecked is neither hushed nor excepted: nobody knows what there would have been to tell.
 */
export function ruled(
  findings: readonly Finding[],
  { severities, exceptions }: Pick<ConfigSpec, 'severities' | 'exceptions'>,
  now: number,
): readonly Finding[] {
  if (severities.size === 0 && exceptions.length === 0) return findings;
  const kept: Finding[] = [];
  const excused = new Map<Exception, number>();
  const lapsed = new Set<Exception>();
  for (const finding of findings) {
    const severity = severities.get(finding.check);
    if (finding.claim === 'unchecked') kept.push(finding);
    else if (severity !== 'off') {
      const matching = exceptions.filter((exception) => holdsFor(exception, finding));
      const holding = matching.find((exception) => !isOver(exception, now));
      if (holding !== undefined) excused.set(holding, (excused.get(holding) ?? 0) + 1);
      else {
        for (const exception of matching) lapsed.add(exception);
        kept.push(severity === undefined ? finding : { ...finding, severity });
      }
    }
  }
  const config = findings[0]?.config ?? vouch('');
  return [
    ...kept,
    ...[...excused].map(([exception, times]) => excuse(exception, times, config)),
    ...[...lapsed].map((exception) => lapse(exception, config)),
  ];
}

function isOver({ until }: Exception, now: number): boolean {
  return until !== undefined && until <= now;
}

/** Places are redacted by now: a place with a hidden name is only covered by a pattern that names none. */
function holdsFor({ check, at }: Exception, finding: Finding): boolean {
  return check === finding.check && coveredByAny([at], parsePointer(finding.place) ?? []);
}

function excuse({ check, reason }: Exception, times: number, config: Finding['config']): Finding {
  return {
    check,
    config,
    claim: 'advice',
    severity: 'notice',
    place: '' as Finding['place'],
    phrase: phrase`${count(times, 'finding')} let stand by an exception: ${code(reason)}`,
  };
}

function lapse({ check, reason, until = 0 }: Exception, config: Finding['config']): Finding {
  const day = vouch(new Date(until).toISOString().slice(0, 'yyyy-mm-dd'.length));
  return {
    check,
    config,
    claim: 'advice',
    severity: 'warning',
    place: '' as Finding['place'],
    phrase: phrase`an exception is over since ${code(day)}: ${code(reason)}`,
    advice: phrase`mend what it let stand, or give it a new date`,
  };
}
