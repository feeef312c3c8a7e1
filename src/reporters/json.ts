import { printable } from '../core/plain.ts';
import { publish, type Tool } from '../core/published.ts';
import type { Report } from '../core/verdict.ts';

/**
 * The published form of a report, `schemas/report.schema.json`. Read back, text is as it is: whoever prints it
 * escapes it.
 */
export function json(report: Report, tool: Tool): string {
  return printable(publish(report, tool));
}
