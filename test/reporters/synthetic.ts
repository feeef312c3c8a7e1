import type { Finding } from '../../src/core/finding.ts';
import { phrase, vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import { judge, type Report } from '../../src/core/verdict.ts';

const finding: Finding = {
  check: 'check',
  config: vouch('any'),
  claim: 'invalid',
  severity: 'error',
  place: '' as Place,
  phrase: phrase`said`,
};

/** A report of findings that no check makes, for what reporters must bear; each list is a config. */
export function reportOf(...configs: readonly (readonly Partial<Finding>[])[]): Report {
  return judge(
    { target: vouch('redis://a'), checkedAt: 0 },
    configs.map((findings, index) => ({
      name: vouch(configs.length === 1 ? 'any' : `any${index}`),
      key: vouch(`p:any${index}`),
      hasFallback: true,
      holdsSecrets: false,
      findings: findings.map((change) => ({ ...finding, ...change })),
    })),
    { failOn: new Set(['invalid']), allowUnchecked: false, onlyNew: false },
  );
}
