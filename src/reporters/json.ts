import { visible } from '../core/plain.ts';
import { publish, type Tool } from '../core/published.ts';
import type { Report } from '../core/verdict.ts';

/**
 * The published form of a report, `schemas/report.schema.json`. Read back, text is as it is: whoever prints it
 * escapes it. The document itself may be printed to a job's log, so what that would obey is spelled as JSON can.
 */
export function json(report: Report, tool: Tool): string {
  const text = JSON.stringify(publish(report, tool), null, 2)
    .replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, visible)
    .replaceAll('##[', '#\\u0023[');
  return `${text}\n`;
}
