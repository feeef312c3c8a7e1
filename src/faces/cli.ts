import { writeFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import picocolors from 'picocolors';
import { checks } from '../checks/index.ts';
import { code, phrase } from '../core/phrase.ts';
import { clean } from '../core/plain.ts';
import type { Guarded } from '../guard.ts';
import { colourless, type FormatName, formatNames, render } from '../reporters/index.ts';
import type { Palette } from '../reporters/terminal.ts';
import { withDotenv } from './dotenv.ts';
import { describeError, exitOnInterruption, leave } from './ending.ts';
import type { SchemaDiffOptions } from './schema-diff.ts';
import { readSettings, type SettingName, UsageError } from './settings.ts';
import { tool } from './tool.ts';
import { verify } from './verify.ts';

const USAGE = 2;

interface GateOptions {
  readonly redis?: string;
  readonly store?: string;
  readonly keys?: readonly string[];
  readonly prefix?: string;
  readonly schemas?: string;
  readonly fallbacks?: string;
  readonly raw?: boolean;
  readonly format: FormatName;
  readonly output?: string;
  readonly failOn?: string;
  readonly allowUnchecked?: boolean;
  readonly timeout?: string;
  readonly maxBytes?: string;
  readonly base?: string;
  readonly head?: string;
  readonly onlyNew?: boolean;
  readonly compatibility?: string;
  readonly shard?: string;
}

function program(): Command {
  const guardian = new Command('guardian')
    .description('Checks the configuration that lives in Redis against its schemas and its fallback files.')
    .version(tool.version)
    .exitOverride()
    .showHelpAfterError('(--help lists what there is)')
    .configureHelp({ showGlobalOptions: true });

  gate(guardian.command('verify'))
    .description(
      'verify the guarded configs of one Redis; exit 0 pass, 1 fail, 2 inconclusive or wrong usage',
    )
    .action((options: GateOptions) => gateCommand(options, false));

  gate(guardian.command('review'))
    .description(
      'what a change of schemas and fallbacks does, to the values in Redis too if one is given; exit 0 pass, 1 fail, 2 inconclusive or wrong usage',
    )
    .requiredOption('--base <ref>', 'where the change started from: a commit, branch or tag')
    .option('--head <ref>', 'where it ends (default: the files as they are in the working tree)')
    .option('--only-new', 'what was so before the change does not fail it')
    .option(
      '--compatibility <way>',
      'which way schemas have to stay compatible: backward (default), forward, full or none',
    )
    .action((options: GateOptions) => gateCommand(options, true));

  guardian
    .command('merge-reports <reports...>')
    .description('join the JSON reports of all parts of verify --shard; exit as verify would have')
    .addOption(new Option('--format <name>', 'how to report').choices(formatNames).default('terminal'))
    .option('--output <file>', 'write the report there in that format, and one for people here')
    .action(async (paths: string[], options: Pick<GateOptions, 'format' | 'output'>) => {
      const { mergedReport } = await import('./foreign-report.ts');
      const report = await mergedReport(paths, readSettings({}, spellOption), process.cwd());
      tell({ report, raw: new Map(), secrets: [] }, options, false);
    });

  guardian
    .command('validate <schema> <instance>')
    .description('validate a JSON file against a JSON Schema; exit 0 valid, 1 invalid, 2 error')
    .option('--raw', 'print values too')
    .action(async (schema: string, instance: string, { raw = false }: { raw?: boolean }) => {
      const { validateFiles } = await import('./engines.ts');
      finish(await validateFiles(schema, instance, raw));
    });

  guardian
    .command('schema-diff <old> <new>')
    .description(
      'what changed between two JSON Schemas and whether they are compatible; exit 0 compatible, 1 breaking or unknown, 2 error',
    )
    .addOption(
      new Option('--direction <way>', 'backward: all that OLD accepts NEW accepts; forward: the reverse')
        .choices(['backward', 'forward', 'full'])
        .default('backward'),
    )
    .addOption(
      new Option('--format <name>', 'how to tell').choices(['text', 'json', 'markdown']).default('text'),
    )
    .action(async (before: string, after: string, options: SchemaDiffOptions) => {
      const { schemaDiff } = await import('./schema-diff.ts');
      finish(await schemaDiff(before, after, options));
    });

  guardian
    .command('diff <a> <b>')
    .description('the semantic difference of two JSON files; exit 0 equal, 1 different, 2 error')
    .option(
      '--identity <pointer=property>',
      'an array whose items are matched by a property, as in /rules=id; repeatable',
      collect,
      [],
    )
    .option('--ignore <pointer>', 'a place that does not count, as in /_updated_at; repeatable', collect, [])
    .option('--raw', 'print values too')
    .action(
      async (a: string, b: string, options: { identity: string[]; ignore: string[]; raw?: boolean }) => {
        const { diffFiles } = await import('./engines.ts');
        const { identity, ignore, raw = false } = options;
        finish(await diffFiles(a, b, { identity, ignore, raw }));
      },
    );
  return guardian;
}

/** What `verify` and `review` have in common. */
function gate(command: Command): Command {
  return command
    .option('--redis <url>', 'redis:// or rediss:// URL (else REDIS_URL, else .env)')
    .option('--store <store>', 'snapshot:FILE instead of a Redis')
    .option('--keys <names...>', 'only these configs: a b, or a,b')
    .option(
      '--prefix <text>',
      'what every key begins with (else CONFIG_STORE_REDIS_PREFIX, else r:ss:config:)',
    )
    .option(
      '--schemas <folder>',
      'folder of NAME.schema.json (default: schemas, else those that ship with it)',
    )
    .option('--fallbacks <folder>', 'folder of NAME.json (default: debug)')
    .option('--raw', 'print whole values too, all but secrets')
    .addOption(new Option('--format <name>', 'how to report').choices(formatNames).default('terminal'))
    .option('--output <file>', 'write the report there in that format, and one for people here')
    .option('--shard <i/n>', 'only part i of n of the keys; merge-reports joins the parts')
    .option('--fail-on <levels>', 'invalid, breaking, drift, warning or none (default: invalid,breaking)')
    .option('--allow-unchecked', 'exit 0 though something could not be checked; it is said all the same')
    .option('--timeout <duration>', 'for connecting and all commands together (default: 10s)')
    .option('--max-bytes <size>', 'a larger value is not read (default: 8MiB)');
}

function collect(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

async function gateCommand(options: GateOptions, needsNoTarget: boolean): Promise<void> {
  const env = withDotenv(process.cwd(), process.env);
  const given: Partial<Record<SettingName, string | undefined>> = {
    redis: options.redis,
    store: options.store,
    keys: options.keys?.join(','),
    prefix: options.prefix,
    schemas: options.schemas,
    fallbacks: options.fallbacks,
    raw: options.raw === true ? 'true' : undefined,
    failOn: options.failOn,
    allowUnchecked: options.allowUnchecked === true ? 'true' : undefined,
    timeout: options.timeout,
    maxBytes: options.maxBytes,
    base: options.base,
    head: options.head,
    onlyNew: options.onlyNew === true ? 'true' : undefined,
    compatibility: options.compatibility,
    shard: options.shard,
    digestKey: env['GUARDIAN_DIGEST_KEY'],
  };
  const settings = readSettings(givenOnly(given), spellOption);
  if (needsNoTarget && settings.base === 'none') {
    throw new UsageError(
      phrase`${code('--base none')} reviews nothing`,
      phrase`name a commit, branch or tag`,
    );
  }
  const stop = progress(`reading ${settings.store ?? 'Redis'}`);
  const surroundings = { workspace: process.cwd(), env, now: Date.now, needsNoTarget };
  const guarded = await verify(settings, surroundings).finally(stop);
  tell(guarded, options, settings.raw);
}

/** Prints the report, or writes it in the format asked for and prints one for people. */
function tell(
  { report, raw }: Guarded,
  { output, format }: Pick<GateOptions, 'format' | 'output'>,
  isRaw: boolean,
): void {
  const values = isRaw ? { raw } : {};
  if (output !== undefined) {
    save(output, render(format, report, { tool, rules: checks, palette: colourless, ...values }));
  }
  finish({
    text: render(output === undefined ? format : 'terminal', report, {
      tool,
      rules: checks,
      palette: palette(process.stdout),
      ...values,
    }),
    exitCode: report.exitCode,
  });
}

/** A flag of the command line, or the environment variable that stands in for it. */
function spellOption(setting: SettingName): string {
  if (setting === 'digestKey') return 'GUARDIAN_DIGEST_KEY';
  return `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function givenOnly(
  given: Readonly<Partial<Record<SettingName, string | undefined>>>,
): Partial<Record<SettingName, string>> {
  const entries = Object.entries(given).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(entries);
}

/** A file that can't be written is said aloud; the verdict is what it is. */
function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    process.stderr.write(`warning: the report could not be written to ${clean(file)} (${code})\n`);
  }
}

interface Outcome {
  readonly text: string;
  readonly exitCode: number;
}

function finish({ text, exitCode }: Outcome): void {
  process.exitCode = exitCode;
  process.stdout.write(text);
}

function palette(stream: NodeJS.WriteStream): Palette {
  const { NO_COLOR, FORCE_COLOR } = process.env;
  const wanted = FORCE_COLOR ? FORCE_COLOR !== '0' : stream.isTTY === true && !NO_COLOR;
  return picocolors.createColors(wanted);
}

/** On a terminal, a line that shows that something is going on, once it takes longer than a second. */
function progress(what: string): () => void {
  const { stderr } = process;
  if (stderr.isTTY !== true) return () => undefined;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    stderr.write(`\r${what} … ${seconds} s `);
  }, 1000);
  timer.unref();
  return () => {
    clearInterval(timer);
    if (seconds > 0) stderr.write('\r\u001b[K');
  };
}

async function main(): Promise<void> {
  exitOnInterruption((text) => process.stderr.write(text));
  // Whoever reads our output may stop early (`| head`): that is no error of ours.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await program().parseAsync();
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : USAGE;
      return;
    }
    process.exitCode = USAGE;
    process.stderr.write(
      describeError(error)
        .map((line, index) => `${index === 0 ? 'error: ' : ''}${line}\n`)
        .join(''),
    );
    if (process.env['GUARDIAN_DEBUG'] === '1' && error instanceof Error)
      process.stderr.write(`${error.stack}\n`);
  }
}

await main();
leave();
