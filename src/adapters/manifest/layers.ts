import type { Manifest, Options } from './shape.ts';

/** A place where something may be said of a config. */
export interface Layer {
  readonly path: readonly string[];
  /** It is said of all configs. */
  readonly isOfAll: boolean;
}

/** What comes later wins, option by option. */
export function layersOf(config: string, environment: string | undefined): readonly Layer[] {
  const there = environment === undefined ? undefined : ['environments', environment];
  return [
    { path: ['defaults'], isOfAll: true },
    ...(there === undefined ? [] : [{ path: [...there, 'defaults'], isOfAll: true }]),
    { path: ['configs', config], isOfAll: false },
    ...(there === undefined ? [] : [{ path: [...there, 'configs', config], isOfAll: false }]),
  ];
}

/** What the layers say together. */
export function layered(manifest: Manifest, config: string, environment: string | undefined): Options {
  const { defaults, configs } = manifest;
  const there = environment === undefined ? undefined : own(manifest.environments, environment);
  return { ...defaults, ...there?.defaults, ...own(configs, config), ...own(there?.configs, config) };
}

/** Members are named by whoever wrote the manifest: `constructor` is none unless it is there. */
export function own<T>(members: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return members !== undefined && Object.hasOwn(members, name) ? members[name] : undefined;
}
