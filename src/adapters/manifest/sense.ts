import { at, isArray, isObject, type Json } from '../../core/json.ts';
import { code, count, name, type Phrase, phrase, vouch } from '../../core/phrase.ts';
import { type Placed, placeOf, placeOfName } from './document.ts';
import { type Layer, layersOf } from './layers.ts';
import type { Misplaced } from './mistake.ts';
import { MOST_CONFIGS, MOST_ENVIRONMENTS } from './shape.ts';
import { holesOf, isConfigName, wildcards } from './texts.ts';
import { didYouMean, wordName } from './words.ts';

/**
 * What each place allows by itself, but not all of them together. It goes by the document as it is, so that this is
 * told beside whatever else is wrong; what is of a wrong type is passed over.
 */
export function contradictions(root: Placed): readonly Misplaced[] {
  const configs = namesIn(root, ['configs']).filter(isConfigName).slice(0, MOST_CONFIGS);
  const environments = namesIn(root, ['environments']).slice(0, MOST_ENVIRONMENTS);
  return [
    ...environments.flatMap((environment) => strangers(root, environment, configs)),
    ...[undefined, ...environments].flatMap((environment) => ofEnvironment(root, environment, configs)),
    ...strangersAllowed(root, configs),
  ];
}

/** Configs that only an environment knows. */
function strangers(root: Placed, environment: string, configs: readonly string[]): readonly Misplaced[] {
  const known = new Set(configs);
  const path = ['environments', environment, 'configs'];
  return namesIn(root, path)
    .filter((config) => !known.has(config))
    .map((config) => ({
      at: placeOfName(root, [...path, config]),
      said: phrase`${code('configs')} of the manifest has no ${wordName(config)}`,
      advise: () => didYouMean(config, configs) ?? phrase`an environment changes configs that are there`,
    }));
}

/** Configs that a migration may change, and that nobody knows. */
function strangersAllowed(root: Placed, configs: readonly string[]): readonly Misplaced[] {
  const known = new Set(configs);
  const path = ['migration', 'allow'];
  const allow = at(root.value, path);
  if (allow === undefined || !isArray(allow)) return [];
  return allow.flatMap((_allowance, index) => {
    const place = [...path, String(index), 'config'];
    const config = at(root.value, place);
    if (typeof config !== 'string' || !isConfigName(config) || known.has(config)) return [];
    return [
      {
        at: placeOf(root, place),
        said: phrase`${code('configs')} has no ${wordName(config)}`,
        advise: () => didYouMean(config, configs) ?? phrase`a migration changes configs that are there`,
      },
    ];
  });
}

function ofEnvironment(
  root: Placed,
  environment: string | undefined,
  configs: readonly string[],
): readonly Misplaced[] {
  const holders = new Map<string, string>();
  return configs.flatMap((config) => {
    const said = new Layered(root, config, environment);
    return [...sameKey(said, holders), ...eitherKey(said), ...keysOnly(said), ...holes(said)];
  });
}

/** What is said of one config in one environment, and where. */
class Layered {
  readonly root: Placed;
  readonly config: string;
  readonly #layers: readonly Layer[];

  constructor(root: Placed, config: string, environment: string | undefined) {
    this.root = root;
    this.config = config;
    this.#layers = layersOf(config, environment);
  }

  value(option: string): Json | undefined {
    const path = this.path(option);
    return path === undefined ? undefined : at(this.root.value, path);
  }

  text(option: string): string | undefined {
    const value = this.value(option);
    return typeof value === 'string' ? value : undefined;
  }

  path(option: string): readonly string[] | undefined {
    const layer = this.#layer(option);
    return layer === undefined ? undefined : [...layer.path, option];
  }

  /** Whether it is said of this config, not of all. */
  isOwn(option: string): boolean {
    return this.#layer(option)?.isOfAll === false;
  }

  #layer(option: string): Layer | undefined {
    return this.#layers.findLast(({ path }) => at(this.root.value, [...path, option]) !== undefined);
  }
}

function sameKey(said: Layered, holders: Map<string, string>): readonly Misplaced[] {
  const option = said.value('keys') === undefined ? 'key' : 'keys';
  const key = said.text(option) ?? said.config;
  const holder = holders.get(`${option} ${key}`);
  if (holder === undefined) {
    holders.set(`${option} ${key}`, said.config);
    return [];
  }
  const place = said.path(option);
  return [
    {
      at: place === undefined ? placeOfName(said.root, ['configs', said.config]) : placeOf(said.root, place),
      said: phrase`${name(said.config)} has the same ${code(option)} as ${name(holder)}`,
    },
  ];
}

function eitherKey(said: Layered): readonly Misplaced[] {
  const [key, keys] = [said.path('key'), said.path('keys')];
  if (key === undefined || keys === undefined) return [];
  const [keyAt, keysAt] = [placeOfName(said.root, key), placeOfName(said.root, keys)];
  return [
    {
      at: Math.max(keyAt, keysAt),
      said: phrase`${name(said.config)} can have either ${code('key')} or ${code('keys')}, not both`,
    },
  ];
}

/** Defaults may speak of patterns, and don't mind who has none. */
function keysOnly(said: Layered): readonly Misplaced[] {
  if (said.value('keys') !== undefined) return [];
  return (['limit', 'hide-keys'] as const).flatMap((option) => {
    const path = said.path(option);
    if (path === undefined || !said.isOwn(option)) return [];
    return [
      {
        at: placeOfName(said.root, path),
        said: phrase`${code(option)} is for configs with ${code('keys')}, and ${name(said.config)} has none`,
      },
    ];
  });
}

function holes(said: Layered): readonly Misplaced[] {
  const path = said.path('fallback');
  const value = said.value('fallback');
  if (path === undefined || value === undefined) return [];
  const keys = said.text('keys');
  const texts: readonly (readonly [readonly string[], Json])[] = isArray(value)
    ? value.map((item, index) => [[...path, String(index)], item])
    : [[path, value]];
  return texts.flatMap(([place, text]) => {
    if (typeof text !== 'string') return [];
    const wrong = [
      ...holesOf(text).map((number) => wrongHole(number, keys, said.config)),
      // Which files there are is asked of one folder: only so is a key noticed that is missing.
      /\{\d+\}[^/]*\//.test(text)
        ? phrase`what varies has to be in the name of the file, not of a folder`
        : undefined,
    ];
    return wrong.flatMap((one) => (one === undefined ? [] : [{ at: placeOf(said.root, place), said: one }]));
  });
}

function wrongHole(number: number, keys: string | undefined, config: string): Phrase | undefined {
  if (!(number >= 1 && number <= 9)) return phrase`the numbers in braces go from 1 to 9`;
  const hole = code(vouch(`{${number}}`));
  if (keys === undefined)
    return phrase`${hole} is for configs with ${code('keys')}, and ${name(config)} has none`;
  const most = wildcards(keys);
  if (number <= most) return undefined;
  return phrase`${hole} stands for nothing: the keys of ${name(config)} have ${count(most, 'wildcard')}`;
}

function namesIn(root: Placed, path: readonly string[]): readonly string[] {
  const value = at(root.value, path);
  return value !== undefined && isObject(value) ? Object.keys(value) : [];
}
