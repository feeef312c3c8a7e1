import { workspaceFiles } from '../adapters/files.ts';
import { capture, specOf } from '../core/key-pattern.ts';
import { code, phrase, vouch } from '../core/phrase.ts';
import { gather } from '../gather.ts';
import { guard } from '../guard.ts';
import type { Palette } from '../reporters/terminal.ts';
import { assemble, type Place } from './assembly.ts';
import type { Configs } from './configs.ts';
import type { Outcome } from './ending.ts';
import { type Settings, UsageError } from './settings.ts';
import { openTarget } from './target.ts';

/** The commands beside the gate: each puts its edges together and has its own file. */

/** What a command knows of where it runs. */
export interface Surroundings extends Place {
  readonly now: () => number;
}

export interface SnapshotOptions {
  readonly out: string;
  readonly values?: 'keep' | 'encrypt' | 'omit';
  readonly force?: boolean;
}

export async function snapshotCommand(
  settings: Settings,
  { out, values, force = false }: SnapshotOptions,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { configs, ports } = await assemble(settings, surroundings);
  const { snapshot } = await import('./snapshot.ts');
  const { workspace, now } = surroundings;
  const { store: source, snapshotPassphrase: passphrase } = settings;
  const { specs, patterns } = configs;
  return snapshot({
    ...{ store: ports.store, source, specs, patterns },
    ...{ out, workspace, values, force, passphrase, now: now() },
  });
}

export interface DoctorOptions {
  readonly format: 'text' | 'json';
}

export async function doctorCommand(
  settings: Settings,
  { format }: DoctorOptions,
  palette: Palette,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { configs, ports } = await assemble(settings, surroundings);
  const { doctor } = await import('./doctor.ts');
  const audit = await ports.store.audit();
  const store = { ...ports.store, audit: async () => audit };
  const now = surroundings.now();
  const { report, expires } = await guard({ ...configs, policy: settings, now }, { ...ports, store });
  return doctor({ audit, report, expires, now, palette, format });
}

export interface InitOptions {
  readonly force?: boolean;
  readonly dryRun?: boolean;
}

/** Proposes a manifest, so none is looked for. */
export async function initCommand(
  settings: Settings,
  { force = false, dryRun = false }: InitOptions,
  { workspace, env }: Surroundings,
): Promise<Outcome> {
  const { store } = await openTarget(settings, { env, files: workspaceFiles(workspace) });
  const { init } = await import('./init.ts');
  const prefix = settings.prefix === undefined ? {} : { prefix: settings.prefix };
  return init({ store, ...prefix, workspace, force, isDryRun: dryRun });
}

export interface CaseOptions {
  readonly key?: string;
  readonly name?: string;
  readonly expect?: 'valid' | 'invalid';
}

export async function addCaseCommand(
  config: string,
  settings: Settings,
  { key, name, expect }: CaseOptions,
  surroundings: Surroundings,
): Promise<Outcome> {
  const { configs, ports } = await assemble({ ...settings, keys: [config] }, surroundings);
  const { addCase } = await import('./add-case.ts');
  const now = surroundings.now();
  const [evidence] = await gather([specFor(configs, key)], now, ports);
  if (evidence === undefined) throw new Error('one config has one evidence');
  return addCase({
    evidence,
    compiler: ports.compiler,
    workspace: surroundings.workspace,
    ...(name === undefined ? {} : { name }),
    ...(expect === undefined ? {} : { expect }),
  });
}

/** The spec of the one config that was chosen; of a pattern, that of the key that was named. */
function specFor({ specs: [spec], patterns: [rule] }: Configs, key: string | undefined) {
  if (rule === undefined) {
    if (spec !== undefined && key === undefined) return spec;
    throw new UsageError(
      phrase`${code('--key')} is for configs of many keys`,
      phrase`leave it out: this config has one key`,
    );
  }
  if (key !== undefined && capture(rule.pattern, key) !== undefined) return specOf(rule, key, vouch(key));
  throw new UsageError(
    phrase`${code(rule.template.name)} has many keys, and ${code('--key')} names none of them`,
    phrase`name the key whose value is to be kept: one that matches ${code(rule.pattern.text)}`,
  );
}
