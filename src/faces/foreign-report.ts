import { fileURLToPath } from 'node:url';
import { ajvCompiler } from '../adapters/ajv/compiler.ts';
import { workspaceFiles } from '../adapters/files.ts';
import { BUILT_IN } from '../core/finding.ts';
import { code, phrase, vouch } from '../core/phrase.ts';
import type { Report } from '../core/verdict.ts';
import { receive } from '../receive.ts';
import { type Settings, UsageError } from './settings.ts';

/** The report that another run made. Nothing that it says is taken on trust. */
export async function readForeignReport(
  { report, timeout, maxBytes }: Settings,
  workspace: string,
): Promise<Report> {
  if (report === undefined) {
    throw new UsageError(
      phrase`${code('mode: post')} has nothing to post`,
      phrase`name the report that another run made in the input ${code('report')}`,
    );
  }
  const ownFolder = fileURLToPath(new URL('../..', import.meta.url));
  const received = await receive(
    { path: vouch(report), schema: vouch(`${BUILT_IN}schemas/report.schema.json`), maxBytes },
    { files: workspaceFiles(workspace, ownFolder), compiler: ajvCompiler(timeout) },
  );
  if (received.ok) return received.report;
  throw new UsageError(received.said, received.advice);
}
