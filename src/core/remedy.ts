import type { Direction } from './plan.ts';
import { quoted, reconcileCommand, type Whereabouts } from './shell.ts';
import type { ConfigReport } from './verdict.ts';

/**
 * Commands for a shell that plan how to put configs right: one for each side that may be the right one, below a line
 * that begins with `#` and says which. What each prints tells how to apply the plan.
 */
export function remedies(configs: readonly ConfigReport[], whereabouts: Whereabouts): readonly string[] {
  const written = configs.filter(hasRemedy);
  const drifted = written.filter(({ status }) => status === 'DRIFT');
  return [
    ...reconciling('fallback', written, whereabouts),
    ...reconciling('redis', drifted, whereabouts),
    ...reconciling('base-merge', drifted.filter(hasHistory), whereabouts),
  ];
}

/** A fallback that isn't sound mends nothing. */
function hasRemedy({ status, hasFallback, findings }: ConfigReport): boolean {
  const isSound = hasFallback && !findings.some(({ claim }) => claim === 'fallback');
  return isSound && (status === 'INVALID' || status === 'DRIFT');
}

/** Whether what both sides began with can be looked for: the check says so by having anything to say. */
function hasHistory({ findings }: ConfigReport): boolean {
  return findings.some(({ check }) => check === 'direction');
}

const meanings: Readonly<Record<Direction, string>> = {
  fallback: 'git is right: write it to Redis',
  redis: 'Redis is right: write it into the files of git',
  'base-merge': 'both were changed: write what each has changed to the other',
};

const NOT_IN_FILES = 'secrets go into files only with --include-secrets';

/** What else is to be known of configs that hold secrets. */
const secretly: Readonly<Record<Direction, string>> = {
  fallback: 'git may lack secrets that Redis holds; see in the plan what would become of them',
  redis: NOT_IN_FILES,
  'base-merge': NOT_IN_FILES,
};

function reconciling(
  direction: Direction,
  configs: readonly ConfigReport[],
  whereabouts: Whereabouts,
): readonly string[] {
  if (configs.length === 0) return [];
  const secret = configs.filter(({ holdsSecrets }) => holdsSecrets).map(({ name }) => name);
  // A name that begins with a hyphen is no option behind an equals sign.
  const keys = `--keys=${quoted(configs.map(({ name }) => name).join(','))}`;
  return [
    `# ${meanings[direction]}`,
    ...(secret.length === 0 ? [] : [`# ${secret.join(', ')}: ${secretly[direction]}`]),
    reconcileCommand(`plan --from ${direction} ${keys}`, whereabouts, `--out from-${direction}.plan.json`),
  ];
}
