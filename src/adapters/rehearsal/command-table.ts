/** What the commands of a server do, by their names in lower case; subcommands as `xgroup|create`. */
export interface CommandTable {
  /** Those that may write. */
  readonly writing: ReadonlySet<string>;
  /** Those that may wait for others to write. */
  readonly blocking: ReadonlySet<string>;
}

/** Reads the answer to COMMAND: of each command the name, a number, and the flags; its subcommands at the end. */
export function commandTable(reply: unknown): CommandTable {
  const writing = new Set<string>();
  const blocking = new Set<string>();
  const add = (entry: unknown) => {
    if (!Array.isArray(entry)) return;
    const [name, , flags] = entry;
    const said = Array.isArray(flags) ? flags.map(String) : [];
    if (said.includes('write')) writing.add(String(name).toLowerCase());
    if (said.includes('blocking')) blocking.add(String(name).toLowerCase());
    if (Array.isArray(entry[9])) entry[9].forEach(add);
  };
  if (Array.isArray(reply)) reply.forEach(add);
  return { writing, blocking };
}

/** A script may write, and has no flag that says so. */
const SCRIPTS: ReadonlySet<string> = new Set(['eval', 'evalsha', 'fcall']);

export function isWriting({ writing }: CommandTable, [name = '', sub = '']: readonly string[]): boolean {
  return SCRIPTS.has(name) || writing.has(name) || writing.has(`${name}|${sub}`);
}
