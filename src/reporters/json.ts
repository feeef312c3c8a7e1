import type { Finding } from '../core/finding.ts';
import { type Phrase, spell } from '../core/phrase.ts';
import { visible } from '../core/plain.ts';
import type { Report } from '../core/verdict.ts';

export interface Tool {
  readonly name: string;
  readonly version: string;
}

/**
 * The published form of a report, `schemas/report.schema.json`. Read back, text is as it is: whoever prints it
 * escapes it. The document itself may be printed to a job's log, so what that would obey is spelled as JSON can.
 */
export function json(report: Report, tool: Tool): string {
  const { target, checkedAt, verdict, reason, exitCode, counts, configs } = report;
  const document = {
    format: 'redis-config-guardian/report',
    version: 1,
    tool,
    target,
    checkedAt: new Date(checkedAt).toISOString(),
    verdict,
    reason: reason ?? null,
    exitCode,
    counts,
    configs: configs.map((config) => ({ ...config, findings: config.findings.map(publish) })),
  };
  const text = JSON.stringify(document, null, 2)
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, visible)
    .replaceAll('##[', '#\\u0023[');
  return `${text}\n`;
}

function publish({ phrase, advice, ...finding }: Finding) {
  return {
    ...finding,
    message: wording(phrase),
    ...(advice === undefined ? {} : { advice: wording(advice) }),
  };
}

/** For people and `jq` the text; for reporters that read a report back, the parts. */
function wording(phrase: Phrase) {
  const same = (text: string) => text;
  return { text: spell(phrase, { text: same, code: same, name: same, value: same }), parts: phrase };
}
