import { workspaceFiles } from '../adapters/files.ts';
import { parseKeyMap } from '../core/key-map.ts';
import { code, phrase, vouch } from '../core/phrase.ts';
import { parsePointer } from '../core/pointer.ts';
import type { Trove } from '../core/ports.ts';
import type { Outlook } from '../core/proposal.ts';
import type { Palette } from '../reporters/terminal.ts';
import type { Surroundings } from './commands.ts';
import { compareRun, openTrove, readStoreName } from './compare.ts';
import { compareInWords, progressInWords } from './compare-text.ts';
import { findConfigs } from './configs.ts';
import type { Outcome } from './ending.ts';
import { planInWords } from './plan-text.ts';
import { applyPlanned, planRun } from './reconcile.ts';
import { resultOf } from './reconcile-commands.ts';
import { readCount, readDuration, type Settings, UsageError } from './settings.ts';
import { answered } from './target.ts';

export interface CompareOptions {
  readonly from: string;
  readonly to: string;
  readonly differences: string;
  readonly match: string;
  readonly map: readonly string[];
  readonly semantic?: boolean;
  readonly ignore: readonly string[];
  readonly ttlTolerance: string;
  readonly encodings?: boolean;
  readonly rounds: string;
  readonly pause: string;
  readonly rateLimit?: string;
  readonly resume?: string;
}

export interface CompareSurroundings extends Surroundings {
  /** Shows how far it is. */
  readonly say: (line: string) => void;
}

/** `migrate compare`: writes to neither place. */
export async function compareCommand(
  settings: Settings,
  options: CompareOptions,
  palette: Palette,
  { workspace, env, now, say }: CompareSurroundings,
): Promise<Outcome> {
  const files = workspaceFiles(workspace);
  const { specs, patterns } = await findConfigs(settings, env, files);
  const request = requestOf(options);
  const terms = { ...settings, specs, files };
  const from = await openTrove(readStoreName(options.from, env), terms);
  const to = await openTrove(readStoreName(options.to, env), terms);
  try {
    const size = await answered(() => from.trove.size());
    const { differences, resume } = options;
    const comparison = await compareRun({
      ...{ from: from.trove, to: to.trove, request, specs, patterns, workspace, differences, now },
      ...(resume === undefined ? {} : { resume }),
      ...(settings.shard === undefined ? {} : { shard: settings.shard }),
      onProgress: reporter(say, now, size),
    });
    return { text: compareInWords(comparison, palette), exitCode: comparison.exitCode };
  } finally {
    await Promise.all([leave(from.trove), leave(to.trove)]);
  }
}

async function leave(trove: Trove & Partial<AsyncDisposable>): Promise<void> {
  await trove[Symbol.asyncDispose]?.();
}

function reporter(say: (line: string) => void, now: () => number, size: number | undefined) {
  const at = now();
  return (state: Parameters<typeof progressInWords>[0], began: Parameters<typeof progressInWords>[0]) =>
    say(progressInWords(state, { compared: began.counts.compared, at }, now(), size));
}

function requestOf(options: CompareOptions) {
  const { match, map, semantic = false, ignore, encodings = false, rateLimit } = options;
  const parsed = parseKeyMap(map);
  if (!parsed.ok) throw new UsageError(parsed.why, parsed.advice);
  if (ignore.length > 0 && !semantic) {
    throw new UsageError(
      phrase`${code('--ignore')} names a place of a document, and values are compared by their bytes`,
      phrase`give ${code('--semantic')} too`,
    );
  }
  return {
    match,
    map: parsed.map,
    ...(semantic ? { semantic: { ignore: ignore.map(readPointer) } } : {}),
    ttlTolerance: readDuration(options.ttlTolerance, '--ttl-tolerance'),
    encodings,
    rounds: readCount(options.rounds, '--rounds'),
    pause: readDuration(options.pause, '--pause'),
    ...(rateLimit === undefined ? {} : { rate: readCount(rateLimit, '--rate-limit') }),
  };
}

function readPointer(given: string) {
  const pointer = parsePointer(given);
  if (pointer !== undefined) return pointer;
  throw new UsageError(
    phrase`${code('--ignore')} isn't a JSON Pointer: ${code(vouch(given.slice(0, 80)))}`,
    phrase`it should read ${code('/rules/0')}, say`,
  );
}

export interface CopyOptions {
  readonly dryRun: boolean;
  readonly force?: boolean;
}

/** `migrate copy`: the fallback files into Redis, as reconciling would write them. */
export async function copyCommand(
  given: Settings,
  { dryRun, force = false }: CopyOptions,
  palette: Palette,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { specs, patterns } = await findConfigs(
    given,
    surroundings.env,
    workspaceFiles(surroundings.workspace),
  );
  // Each by its name: a copy is of all, also of what is expected to differ.
  const keys = [...specs, ...patterns.map(({ template }) => template)].map(({ name }) => name);
  const settings: Settings = { ...given, keys, from: 'fallback', reason: given.reason ?? 'migrate copy' };
  const { plan, outlook, exitCode } = await planRun(settings, surroundings, { keepsNewer: !force });
  if (dryRun || plan.steps.length === 0) {
    const next = 'To write it: add --no-dry-run and --backup FILE.';
    return {
      text: planInWords(plan, outlook, palette, plan.steps.length === 0 ? undefined : next),
      exitCode,
    };
  }
  const applied = await resultOf('apply', palette, () => applyPlanned(plan, settings, surroundings));
  const told = exitCode === 0 ? '' : planInWords({ ...plan, steps: [] }, leftIn(outlook), palette);
  return { text: `${told}${applied.text}`, exitCode: applied.exitCode === 0 ? exitCode : applied.exitCode };
}

/** What stays as it is, and why. */
function leftIn(outlook: readonly Outlook[]): readonly Outlook[] {
  return outlook.filter(({ left }) => left.length > 0).map((one) => ({ ...one, steps: [] }));
}

export interface RehearsalOptions {
  readonly run: string;
  readonly rollback?: string;
  readonly standIns?: boolean;
  readonly runTimeout: string;
  readonly allowEnv?: readonly string[];
  readonly rehearsalUrl?: string;
  readonly rehearsalImage?: string;
}

/** `migrate rehearse`: the Redis that it begins with is only read. */
export async function rehearseCommand(
  settings: Settings,
  { run: command, rollback, standIns = false, allowEnv = [], ...rest }: RehearsalOptions,
  palette: Palette,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { rehearseRun } = await import('./rehearse.ts');
  const { rehearsalInWords } = await import('./rehearse-text.ts');
  const { rehearsal, exitCode } = await rehearseRun(
    {
      ...{ settings, command, standIns },
      ...(rollback === undefined ? {} : { rollback }),
      sandbox: sandboxOf(rest),
      runTimeout: readDuration(rest.runTimeout, '--run-timeout'),
      allowedEnv: allowEnv.flatMap((names) => names.split(',')).filter((name) => name !== ''),
    },
    surroundings,
  );
  return { text: rehearsalInWords(rehearsal, palette), exitCode };
}

function sandboxOf({
  rehearsalUrl: url,
  rehearsalImage: image,
}: Pick<RehearsalOptions, 'rehearsalUrl' | 'rehearsalImage'>) {
  if (url !== undefined) return { kind: 'url', url } as const;
  return image === undefined ? ({ kind: 'binary' } as const) : ({ kind: 'docker', image } as const);
}
