import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { workspaceFiles } from '../adapters/files.ts';
import { BUILT_IN } from '../core/finding.ts';
import { code, phrase, vouch } from '../core/phrase.ts';
import type { Report } from '../core/verdict.ts';
import { mergeReports } from '../merge.ts';
import { receive } from '../receive.ts';
import { type Settings, UsageError } from './settings.ts';

type Limits = Pick<Settings, 'timeout' | 'maxBytes'>;

/** The report that another run made. Nothing that it says is taken on trust. */
export async function readForeignReport(settings: Settings, workspace: string): Promise<Report> {
  const { report } = settings;
  if (report !== undefined) return reader(settings, workspace)(report);
  throw new UsageError(
    phrase`${code('mode: post')} has nothing to post`,
    phrase`name the report that another run made in the input ${code('report')}`,
  );
}

/** The reports of runs that shared the keys out, as one. */
export async function mergedReport(
  paths: readonly string[],
  limits: Limits,
  workspace: string,
): Promise<Report> {
  if (paths.length === 0) {
    throw new UsageError(
      phrase`there are no reports to merge`,
      phrase`name the JSON reports of all parts, one a line in the input ${code('report')}`,
    );
  }
  const reports = await Promise.all(paths.map(reader(limits, workspace)));
  const merged = mergeReports(reports);
  if (merged.ok) return merged.report;
  throw new UsageError(merged.said, merged.advice);
}

function reader({ timeout, maxBytes }: Limits, workspace: string): (path: string) => Promise<Report> {
  const ports = { files: workspaceFiles(workspace), compiler: ajvCompiler(timeout) };
  const schema = vouch(`${BUILT_IN}schemas/report.schema.json`);
  return async (path) => {
    const received = await receive({ path: vouch(path), schema, maxBytes }, ports);
    if (received.ok) return received.report;
    throw new UsageError(received.said, received.advice);
  };
}
