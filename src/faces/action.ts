import * as toolkit from '@actions/core';
import picocolors from 'picocolors';
import { checks } from '../checks/index.ts';
import type { Report } from '../core/verdict.ts';
import type { Told } from '../guard.ts';
import { type Extras, render, type Shareable } from '../reporters/index.ts';
import { exitOnInterruption, leave } from './ending.ts';
import { attempt, setOutputs, tellDeeds, tellError, writeReports, writeSummary } from './job.ts';
import { isOccasion, readBase, readOccasion } from './occasion.ts';
import { readSettings, type SettingName, type Settings, secretSettings } from './settings.ts';
import { credentialsIn } from './target.ts';
import { tool } from './tool.ts';
import { verify } from './verify.ts';
import { whereabouts } from './whereabouts.ts';

/** The input of `action.yml` behind each setting. */
const inputs: Readonly<Record<SettingName, string>> = {
  redis: 'redis-url',
  store: 'store',
  configFile: 'config-file',
  tlsCa: 'tls-ca',
  tlsCert: 'tls-cert',
  tlsKey: 'tls-key',
  tlsServername: 'tls-servername',
  snapshotPassphrase: 'snapshot-passphrase',
  endpointHeader: 'endpoint-header',
  endpointUsername: 'endpoint-username',
  endpointPassword: 'endpoint-password',
  endpointMagicLink: 'endpoint-magic-link',
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
  mode: 'mode',
  comment: 'comment',
  commentMergeGroup: 'comment-merge-group',
  issue: 'issue',
  environment: 'environment',
  label: 'label',
  githubToken: 'github-token',
  reportDir: 'report-dir',
  report: 'report',
  base: 'base',
  head: 'head',
  onlyNew: 'only-new',
  compatibility: 'compatibility',
  shard: 'shard',
  from: 'from',
  only: 'only',
  includeSecrets: 'include-secrets',
  plan: 'plan',
  planHash: 'plan-hash',
  expires: 'expires',
  redisWriteUrl: 'redis-write-url',
  backup: 'backup',
  encrypt: 'encrypt',
  reason: 'reason',
  record: 'record',
  audit: 'audit',
};

/** A mask shorter than this would blot out the log. */
const SHORTEST_MASK = 4;
const MOST_MASKS = 2000;

async function main(): Promise<void> {
  exitOnInterruption((text) => process.stdout.write(text));
  try {
    const settings = readInputs();
    maskCredentials(settings);
    const workspace = process.env['GITHUB_WORKSPACE'] ?? process.cwd();
    if (settings.mode === 'post') {
      await pass(settings, workspace);
      return;
    }
    if (settings.mode === 'merge') {
      await merge(settings, workspace);
      return;
    }
    if (settings.mode !== 'verify') {
      const { reconcile } = await import('./reconcile-job.ts');
      const surroundings = { workspace, env: process.env, now: Date.now };
      process.exitCode = await reconcile(settings.mode, settings, { ...surroundings, api: apiUrl(), mask });
      return;
    }
    const guarded = await verify(settings, { workspace, env: process.env, now: Date.now, ...reviewed() });
    await tell(guarded, settings);
    process.exitCode = guarded.report.exitCode;
  } catch (error) {
    process.exitCode = 2;
    await tellError(error);
  }
}

/** The change that made the workflow run, and where its history is when the checkout hasn't got it. */
function reviewed() {
  const base = readBase(process.env);
  const { GITHUB_REPOSITORY = '', GITHUB_SHA: sha } = process.env;
  const [owner, repo] = GITHUB_REPOSITORY.split('/');
  return {
    ...(base === undefined ? {} : { base }),
    ...(owner && repo && sha ? { github: { owner, repo, sha, api: apiUrl() } } : {}),
  };
}

function apiUrl(): string {
  return (process.env['GITHUB_API_URL'] || 'https://api.github.com').replace(/\/+$/, '');
}

function readInputs(): Settings {
  const given: Partial<Record<SettingName, string>> = {};
  for (const setting of Object.keys(inputs) as SettingName[]) {
    const value = toolkit.getInput(inputs[setting], { trimWhitespace: false });
    // A passphrase may begin with a blank; a workflow's empty line is nothing.
    if (value.trim() !== '') given[setting] = value;
  }
  return readSettings(given, (setting) => `the input ${inputs[setting]}`);
}

/** The runner masks a secret as it is stored; what we take out of it has to be named. */
function maskCredentials(settings: Settings): void {
  const given = secretSettings.map((name) => settings[name]);
  const { REDIS_URL, GUARDIAN_REDIS_WRITE_URL } = process.env;
  const urls = [settings.redis ?? REDIS_URL, settings.redisWriteUrl ?? GUARDIAN_REDIS_WRITE_URL];
  mask([...given.filter((secret) => secret !== undefined), ...urls.flatMap(credentialsIn)]);
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

async function tell({ report, raw, secrets }: Told, settings: Settings): Promise<void> {
  mask(secrets);
  const shareable = extrasOf(settings);
  const extras: Extras = settings.raw ? { ...shareable, raw } : shareable;
  process.stdout.write(render('terminal', report, extras));
  process.stdout.write(render('annotations', report, extras));
  await attempt('the job summary', () => writeSummary(render('markdown', report, extras)));
  await writeReports(report, shareable, settings.reportDir);
  setOutputs(report);
  await announce(report, settings, shareable);
}

/** Passes on the report of another run, which has said its verdict itself. */
async function pass(settings: Settings, workspace: string): Promise<void> {
  const { readForeignReport } = await import('./foreign-report.ts');
  const report = await readForeignReport(settings, workspace);
  const extras = { ...extrasOf(settings), isHearsay: true };
  process.stdout.write(render('terminal', report, extras));
  await attempt('the job summary', () => writeSummary(render('markdown', report, extras)));
  setOutputs(report);
  await announce(report, settings, extras);
}

/** Joins what the parts of a matrix found, and says the verdict of all. */
async function merge(settings: Settings, workspace: string): Promise<void> {
  const { mergedReport } = await import('./foreign-report.ts');
  const paths = (settings.report ?? '').split(/\r?\n/).map((line) => line.trim());
  const report = await mergedReport(
    paths.filter((path) => path !== ''),
    settings,
    workspace,
  );
  await tell({ report, raw: new Map(), secrets: [] }, { ...settings, raw: false });
  process.exitCode = report.exitCode;
}

function extrasOf(settings: Settings): Shareable {
  const { environment, label, mode } = settings;
  const docs = pagesOfChecks();
  return {
    tool,
    palette: picocolors.createColors(true),
    rules: checks,
    identity: { environment, label },
    // What another run was told of where the configs are isn't known here.
    ...(mode === 'verify' ? { whereabouts: whereabouts(settings, process.env) } : {}),
    ...(docs === undefined ? {} : { docs }),
  };
}

/** The one part that speaks to GitHub: its client is loaded when there is something to say. */
async function announce(report: Report, settings: Settings, extras: Shareable): Promise<void> {
  const occasion = readOccasion(process.env, settings.commentMergeGroup);
  if (occasion === undefined || !isOccasion(settings, occasion)) {
    const isMissed =
      process.env['GITHUB_EVENT_NAME']?.startsWith('pull_request') && settings.comment !== 'never';
    if (isMissed) toolkit.warning('nothing was posted: the event names no pull request of a repository');
    return;
  }
  await attempt('the comment', async () => {
    const { post } = await import('./posting.ts');
    tellDeeds(await post(report, { settings, occasion, api: apiUrl(), extras, now: Date.now }));
  });
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
