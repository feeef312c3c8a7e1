import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import * as toolkit from '@actions/core';
import { plain } from '../core/plain.ts';
import type { Report } from '../core/verdict.ts';
import { colourless, type FormatName, formatNames, render, type Shareable } from '../reporters/index.ts';
import { entities } from '../reporters/markdown.ts';
import { describeError } from './ending.ts';
import type { Deed } from './posting.ts';
import { UsageError } from './settings.ts';

/** What a job is told: its log, its summary, its outputs, its files. */

const TITLE = 'Redis Config Guardian';

/** The run broke off: one error, wherever people look. */
export async function tellError(error: unknown): Promise<void> {
  const [said = '', ...advice] = describeError(error);
  toolkit.error([said, ...advice].join('\n'), { title: TITLE });
  toolkit.setOutput('verdict', 'inconclusive');
  toolkit.setOutput('failure-reason', error instanceof UsageError ? 'usage' : 'internal');
  if (toolkit.isDebug() && error instanceof Error) toolkit.debug(String(error.stack));
  await attempt('the job summary', () =>
    writeSummary(`## ❓ ${TITLE}: ${[said, ...advice].map(entities).join('<br>')}`),
  );
}

export function setOutputs({ verdict, reason, counts }: Report): void {
  toolkit.setOutput('verdict', verdict);
  toolkit.setOutput('failure-reason', reason ?? '');
  for (const [status, count] of Object.entries(counts)) toolkit.setOutput(status.toLowerCase(), count);
}

export async function writeSummary(text: string): Promise<void> {
  if (process.env['GITHUB_STEP_SUMMARY'] === undefined) return;
  await toolkit.summary.addRaw(text, true).write();
}

/** One file per format, none of which holds raw values: who uploads them shows them to others. */
const files: Readonly<Record<FormatName, string>> = {
  terminal: 'report.txt',
  json: 'report.json',
  markdown: 'report.md',
  annotations: 'annotations.txt',
  legacy: 'report.legacy.txt',
  sarif: 'report.sarif',
  junit: 'report.junit.xml',
};

/** Writes the report for other steps to read: as JSON, and in every format when a folder for them is named. */
export async function writeReports(
  report: Report,
  extras: Shareable,
  folder: string | undefined,
): Promise<void> {
  const written = { ...extras, palette: colourless };
  const write = (into: string, format: FormatName) => {
    const path = join(into, files[format]);
    writeFileSync(path, render(format, report, written));
    if (format === 'json') toolkit.setOutput('report-path', path);
  };
  await attempt('the report', async () => {
    // A job may run the action more than once.
    write(mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'redis-config-guardian-')), 'json');
  });
  if (folder === undefined) return;
  await attempt('the folder of reports', async () => {
    const into = resolve(process.env['GITHUB_WORKSPACE'] ?? '.', folder);
    mkdirSync(into, { recursive: true });
    for (const format of formatNames) write(into, format);
  });
}

/** Says what was posted, and hands on where. */
export function tellDeeds(deeds: readonly Deed[]): void {
  for (const { what, said, advice, link } of deeds) {
    const text = plain(said);
    if (advice !== undefined) toolkit.warning(`${text}\n→ ${plain(advice)}`, { title: TITLE });
    else toolkit.info(link === undefined ? text : `${text} (${link})`);
    toolkit.setOutput(`${what}-url`, link ?? '');
  }
}

/** What can't be written is a warning: it never changes the verdict. */
export async function attempt(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    toolkit.warning(`${what} could not be written${code}; the verdict stands`);
  }
}
