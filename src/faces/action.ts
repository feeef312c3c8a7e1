import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as toolkit from '@actions/core';
import picocolors from 'picocolors';
import type { Report } from '../core/verdict.ts';
import type { Guarded } from '../guard.ts';
import { render } from '../reporters/index.ts';
import { entities } from '../reporters/markdown.ts';
import { describeError, exitOnInterruption, leave } from './ending.ts';
import { readSettings, type SettingName, type Settings, UsageError } from './settings.ts';
import { tool } from './tool.ts';
import { verify } from './verify.ts';

/** The input of `action.yml` behind each setting. */
const inputs: Readonly<Record<SettingName, string>> = {
  redis: 'redis-url',
  store: 'store',
  keys: 'keys',
  prefix: 'prefix',
  schemas: 'schemas',
  fallbacks: 'fallbacks',
  raw: 'raw',
  failOn: 'fail-on',
  allowUnchecked: 'allow-unchecked',
  timeout: 'timeout',
  maxBytes: 'max-bytes',
  digestKey: 'digest-key',
};

/** Environment variables that stand in for an input that wasn't given. */
const variables: Readonly<Partial<Record<SettingName, string>>> = {
  redis: 'REDIS_URL',
  prefix: 'CONFIG_STORE_REDIS_PREFIX',
};

/** A mask shorter than this would blot out the log. */
const SHORTEST_MASK = 4;
const MOST_MASKS = 2000;

async function main(): Promise<void> {
  exitOnInterruption((text) => process.stdout.write(text));
  try {
    const settings = readInputs();
    maskCredentials(settings);
    const guarded = await verify(settings, {
      workspace: process.env['GITHUB_WORKSPACE'] ?? process.cwd(),
      env: process.env,
      now: Date.now,
    });
    await tell(guarded, settings);
    process.exitCode = guarded.report.exitCode;
  } catch (error) {
    process.exitCode = 2;
    await tellError(error);
  }
}

async function tellError(error: unknown): Promise<void> {
  const title = 'Redis Config Guardian';
  const [said = '', ...advice] = describeError(error);
  toolkit.error([said, ...advice].join('\n'), { title });
  toolkit.setOutput('verdict', 'inconclusive');
  toolkit.setOutput('failure-reason', error instanceof UsageError ? 'usage' : 'internal');
  if (toolkit.isDebug() && error instanceof Error) toolkit.debug(String(error.stack));
  await attempt('the job summary', () =>
    writeSummary(`## ❓ ${title}: ${[said, ...advice].map(entities).join('<br>')}`),
  );
}

function readInputs(): Settings {
  const given: Partial<Record<SettingName, string>> = {};
  for (const setting of Object.keys(inputs) as SettingName[]) {
    const variable = variables[setting];
    const value = toolkit.getInput(inputs[setting]) || (variable === undefined ? '' : process.env[variable]);
    if (value) given[setting] = value;
  }
  return readSettings(given, (setting) => `the input ${inputs[setting]}`);
}

/** The runner masks a secret as it is stored; what we take out of it has to be named. */
function maskCredentials({ redis, digestKey }: Settings): void {
  const url = redis !== undefined && URL.canParse(redis) ? new URL(redis) : undefined;
  const parts = [redis, digestKey, url?.password, url === undefined ? undefined : decoded(url.password)];
  mask(parts.filter((part) => part !== undefined));
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function mask(secrets: readonly string[]): void {
  for (const secret of secrets.slice(0, MOST_MASKS)) {
    // The runner masks line by line; a blank or a brace must not become a mask.
    for (const line of secret.split(/\r?\n/)) {
      if (line.trim().length >= SHORTEST_MASK) toolkit.setSecret(line);
    }
  }
  if (secrets.length > MOST_MASKS) {
    toolkit.info(`${MOST_MASKS} of ${secrets.length} secret values are masked in this log; none is printed`);
  }
}

async function tell({ report, raw, secrets }: Guarded, settings: Settings): Promise<void> {
  mask(secrets);
  const extras = { tool, palette: picocolors.createColors(true), ...(settings.raw ? { raw } : {}) };
  process.stdout.write(render('terminal', report, extras));
  process.stdout.write(render('annotations', report, extras));
  const docs = pagesOfChecks();
  await attempt('the job summary', () => {
    const text = render('markdown', report, { ...extras, ...(docs === undefined ? {} : { docs }) });
    return writeSummary(text);
  });
  await attempt('the report', async () => {
    // A job may run the action more than once.
    const folder = mkdtempSync(join(process.env['RUNNER_TEMP'] ?? tmpdir(), 'redis-config-guardian-'));
    const path = join(folder, 'report.json');
    writeFileSync(path, render('json', report, extras));
    toolkit.setOutput('report-path', path);
  });
  setOutputs(report);
}

function setOutputs({ verdict, reason, counts }: Report): void {
  toolkit.setOutput('verdict', verdict);
  toolkit.setOutput('failure-reason', reason ?? '');
  for (const [status, count] of Object.entries(counts)) toolkit.setOutput(status.toLowerCase(), count);
}

async function writeSummary(text: string): Promise<void> {
  if (process.env['GITHUB_STEP_SUMMARY'] === undefined) return;
  await toolkit.summary.addRaw(text, true).write();
}

/** What can't be written is a warning: it never changes the verdict. */
async function attempt(what: string, write: () => Promise<void>): Promise<void> {
  try {
    await write();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    toolkit.warning(`${what} could not be written${code}; the verdict stands`);
  }
}

/** Where the pages of the checks are for the version that runs; unknown for an action of the same repository. */
function pagesOfChecks(): string | undefined {
  const {
    GITHUB_SERVER_URL: server,
    GITHUB_ACTION_REPOSITORY: repository,
    GITHUB_ACTION_REF: ref,
  } = process.env;
  return server && repository && ref ? `${server}/${repository}/blob/${ref}/docs/checks` : undefined;
}

await main();
leave();
