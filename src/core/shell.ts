/** What a command is told of where the configs are, as it was said: none of it is a secret. */
export interface Whereabouts {
  /** Variables of the environment, for this command alone. */
  readonly variables: Readonly<Record<string, string>>;
  /** By their long names, without hyphens, in the order of the command. */
  readonly options: Readonly<Record<string, string>>;
}

/** A command for a POSIX shell. `task` and `rest`, what stands on both sides of the whereabouts, are quoted already. */
export function reconcileCommand(task: string, { variables, options }: Whereabouts, rest: string): string {
  const set = Object.entries(variables).map(([name, value]) => `${name}=${quoted(value)}`);
  // What begins with a hyphen is no option behind an equals sign.
  const said = Object.entries(options).map(([name, value]) => `--${name}=${quoted(value)}`);
  return [...set, `guardian reconcile ${task}`, ...said, rest].join(' ');
}

/** As a POSIX shell reads it: a name may hold anything. */
export function quoted(text: string): string {
  return /^[\w.,/:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
