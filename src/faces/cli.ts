import { writeFileSync } from 'node:fs';
import { Command, CommanderError, Option } from 'commander';
import picocolors from 'picocolors';
import { checks } from '../checks/index.ts';
import { code, phrase } from '../core/phrase.ts';
import { clean } from '../core/plain.ts';
import { directions } from '../core/plan.ts';
import type { Whereabouts } from '../core/shell.ts';
import type { Told } from '../guard.ts';
import { colourless, type FormatName, render } from '../reporters/index.ts';
import type { Palette } from '../reporters/terminal.ts';
import type { CaseOptions, DoctorOptions, InitOptions, SnapshotOptions } from './commands.ts';
import { withDotenv } from './dotenv.ts';
import { describeError, exitOnInterruption, leave, type Outcome } from './ending.ts';
import type { CompareOptions, CopyOptions, RehearsalOptions } from './migrate-commands.ts';
import {
  choiceOptions,
  configOptions,
  gateOptions,
  reportOptions,
  settingsFrom,
  targetOptions,
  writeOptions,
} from './options.ts';
import type { PlanOptions } from './reconcile-commands.ts';
import type { SchemaDiffOptions } from './schema-diff.ts';
import { UsageError } from './settings.ts';
import { tool } from './tool.ts';
import { verify } from './verify.ts';
import { whereabouts } from './whereabouts.ts';
import { errnoOf } from './writing.ts';

const USAGE = 2;

type Options = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

interface ReportOptions {
  readonly format: FormatName;
  readonly output?: string;
}

type GateOptions = Options & ReportOptions;

function program(): Command {
  const guardian = new Command('guardian')
    .description('Checks the configuration that lives in Redis against its schemas and its fallback files.')
    .version(tool.version)
    .exitOverride()
    .showHelpAfterError('(--help lists what there is)')
    .configureHelp({ showGlobalOptions: true });

  gateOptions(guardian.command('verify'))
    .description(
      'verify the guarded configs of one Redis; exit 0 pass, 1 fail, 2 inconclusive or wrong usage',
    )
    .action((options: GateOptions) => gateCommand(options, false));

  gateOptions(guardian.command('review'))
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

  choiceOptions(targetOptions(guardian.command('snapshot')))
    .description('write down what is in Redis, for verify --store snapshot:FILE; exit 0 written, 2 error')
    .requiredOption('--out <file>', 'where to')
    .addOption(
      new Option(
        '--values <mode>',
        'keep them (default), encrypt them (GUARDIAN_SNAPSHOT_PASSPHRASE) or omit them',
      ).choices(['keep', 'encrypt', 'omit']),
    )
    .option('--force', 'replace a file that is there')
    .action(async (options: Options & SnapshotOptions) => {
      const { snapshotCommand } = await import('./commands.ts');
      const { settings, surroundings } = heard(options);
      finish(await snapshotCommand(settings, options, surroundings));
    });

  choiceOptions(targetOptions(guardian.command('doctor')))
    .description(
      'why a config vanished, or might: how the server keeps its keys; exit 0 nothing is wrong, 1 something is, 2 it could not be asked',
    )
    .addOption(new Option('--format <name>', 'how to tell').choices(['text', 'json']).default('text'))
    .action(async (options: Options & DoctorOptions) => {
      const { doctorCommand } = await import('./commands.ts');
      const { settings, surroundings } = heard(options);
      finish(await doctorCommand(settings, options, palette(process.stdout), surroundings));
    });

  targetOptions(guardian.command('init'))
    .description(
      'look at what is in a Redis, and write a first manifest, schemas and fallbacks; exit 0 written, 2 error',
    )
    .option('--prefix <text>', 'what the keys of the configs begin with (default: found out)')
    .option('--dry-run', 'write nothing')
    .option('--force', 'replace files that are there')
    .action(async (options: Options & InitOptions) => {
      const { initCommand } = await import('./commands.ts');
      const { settings, surroundings } = heard(options);
      finish(await initCommand(settings, options, surroundings));
    });

  configOptions(targetOptions(guardian.command('add-case <config>')))
    .description('keep the live value, redacted, as a test of its schema; exit 0 written, 2 error')
    .option('--key <key>', 'which one, prefix and all, of a config of many keys')
    .option('--name <name>', 'of the file (default: after what the schema objects to)')
    .addOption(
      new Option('--expect <verdict>', 'what the schema has to say of it (default: invalid)').choices([
        'valid',
        'invalid',
      ]),
    )
    .action(async (config: string, options: Options & CaseOptions) => {
      const { addCaseCommand } = await import('./commands.ts');
      const { settings, surroundings } = heard(options);
      finish(await addCaseCommand(config, settings, options, surroundings));
    });

  const reconcile = guardian
    .command('reconcile')
    .description('bring Redis and the fallback files together: plan, look at the plan, apply it');

  choiceOptions(targetOptions(reconcile.command('plan')))
    .description(
      'what would be written where; changes nothing; exit 0 all that differs is in it, 1 something is left alone, 2 error',
    )
    .addOption(
      new Option(
        '--from <side>',
        'which side is right: fallback (default), redis, or base-merge for both of them',
      ).choices(directions),
    )
    .option('--only <pointer>', 'only this place, as in /rules/0; repeatable', collect)
    .option('--base <ref>', 'of a merge, the commit that both sides began with (default: found out)')
    .option('--include-secrets', 'write secrets into files too')
    .option('--expires <duration>', 'how long the plan holds (default: 1h)')
    .option('--out <file>', 'where to write it, for apply (default: nowhere)')
    .action(async (options: Options & PlanOptions) => {
      const { planCommand } = await import('./reconcile-commands.ts');
      const { settings, surroundings } = heard(options);
      finish(await planCommand(settings, options, palette(process.stdout), surroundings));
    });

  writeOptions(reconcile.command('apply <plan>'))
    .description(
      'write what a plan says, if all is still as it was; exit 0 written and OK, 1 refused or not OK, 2 error',
    )
    .requiredOption('--backup <file>', 'where to keep what is written over')
    .option('--encrypt', 'encrypt the backup (GUARDIAN_SNAPSHOT_PASSPHRASE)')
    .option('--plan-hash <hash>', 'only the plan that has this hash')
    .action(async (plan: string, options: Options) => {
      const { applyCommand } = await import('./reconcile-commands.ts');
      const { settings, surroundings } = heard({ ...options, plan });
      finish(await applyCommand(settings, palette(process.stdout), surroundings));
    });

  writeOptions(reconcile.command('undo <backup>'))
    .description(
      'put back what a backup holds, if what was written is still there; exit 0 done, 1 refused, 2 error',
    )
    .action(async (backup: string, options: Options) => {
      const { undoCommand } = await import('./reconcile-commands.ts');
      const { settings, surroundings } = heard({ ...options, backup });
      finish(await undoCommand(settings, palette(process.stdout), surroundings));
    });

  const migrate = guardian
    .command('migrate')
    .description('move configs to another Redis, and see that all is the same');

  configOptions(migrate.command('compare'))
    .description(
      'hold every key of two places against each other; exit 0 all is the same, 1 something differs, 2 error',
    )
    .requiredOption(
      '--from <place>',
      'env:NAME (of a variable that holds a URL), a URL, snapshot:FILE or files',
    )
    .requiredOption('--to <place>', 'the same')
    .option('--differences <file>', 'where to list every difference', 'differences.jsonl')
    .option('--match <pattern>', 'only keys of this pattern, as Redis matches it', '*')
    .option(
      '--map <rule>',
      's/^old:/new:/ for keys with another prefix on the target; repeatable',
      collect,
      [],
    )
    .option('--semantic', 'compare JSON by what it means')
    .option(
      '--ignore <pointer>',
      'a place that does not count then, as in /_updated_at; repeatable',
      collect,
      [],
    )
    .option('--ttl-tolerance <duration>', 'how far times to live may be apart', '5s')
    .option('--encodings', 'tell of other encodings too')
    .option('--rounds <n>', 'how often a key is read before it is called different', '3')
    .option('--pause <duration>', 'how long to wait between them', '1s')
    .option('--rate-limit <n>', 'keys per second at the most (default: as fast as may be)')
    .option('--shard <i/n>', 'only part i of n of the keys')
    .option('--resume <file>', 'keep the state there, and go on from it')
    .option('--timeout <duration>', 'for connecting, and for each batch of commands (default: 10s)')
    .option('--max-bytes <size>', 'a larger value is compared in pieces (default: 8MiB)')
    .action(async (options: Options & CompareOptions) => {
      const { compareCommand } = await import('./migrate-commands.ts');
      const { from: _from, base: _base, ...rest } = options;
      const { settings, surroundings } = heard(rest);
      const line = progress('comparing');
      finish(
        await compareCommand(settings, options, palette(process.stdout), {
          ...surroundings,
          say: line.say,
        }).finally(line.end),
      );
    });

  configOptions(targetOptions(migrate.command('copy')))
    .description(
      'write the fallback files into Redis, none over a newer value; exit 0 all is there and OK, 1 something is not, 2 error',
    )
    .option('--only <names...>', 'only these configs: a b, or a,b')
    .option('--dry-run', 'only say what would be written (default)', true)
    .option('--no-dry-run', 'write it')
    .option('--force', 'write over newer values too')
    .option('--require-redis', 'as always here: a Redis that does not answer ends it with 2')
    .option('--verify', 'as always here: what was written is read back and verified')
    .option('--redis-write-url <url>', 'URL of a user who may write (else GUARDIAN_REDIS_WRITE_URL)')
    .option('--backup <file>', 'where to keep what is written over; needed to write')
    .option('--encrypt', 'encrypt the backup (GUARDIAN_SNAPSHOT_PASSPHRASE)')
    .option('--reason <text>', 'why, for the record (default: migrate copy)')
    .option('--record <file>', 'Markdown log to append to (default: none)')
    .option('--audit <file>', 'JSON lines to append to (default: the file of the backup and .audit.jsonl)')
    .action(async (options: Options & CopyOptions) => {
      const { copyCommand } = await import('./migrate-commands.ts');
      const { only: keys, ...rest } = options;
      const { settings, surroundings } = heard({ ...rest, keys });
      finish(await copyCommand(settings, options, palette(process.stdout), surroundings));
    });

  choiceOptions(targetOptions(migrate.command('rehearse')))
    .description(
      'run a migration against a Redis that nobody needs, and prove what can be known of it; exit 0 all is proved, 1 something is refuted, 2 something is unchecked',
    )
    .requiredOption('--run <command>', 'the migration, for sh -c; its Redis is in REDIS_URL')
    .option('--rollback <command>', 'what takes it back')
    .option(
      '--snapshot <file>',
      'begin with what a snapshot holds (default: with what is in Redis, which is only read)',
    )
    .option(
      '--base <ref>',
      'where the change began: its schemas have to accept the result where compatibility asks for it',
    )
    .option('--stand-ins', 'put something harmless in the place of each secret')
    .option('--run-timeout <duration>', 'how long each run may take', '60s')
    .option('--allow-env <names...>', 'variables that the command may see')
    .addOption(
      new Option(
        '--rehearsal-url <url>',
        'an empty Redis to do it in (default: a redis-server of its own)',
      ).conflicts('rehearsalImage'),
    )
    .option('--rehearsal-image <image>', 'a Docker image to do it in')
    .action(async (options: Options & RehearsalOptions) => {
      const { rehearseCommand } = await import('./migrate-commands.ts');
      const { snapshot, ...rest } = options;
      const place = snapshot === undefined ? {} : { store: `snapshot:${snapshot}` };
      const { settings, surroundings } = heard({ ...rest, ...place });
      finish(await rehearseCommand(settings, options, palette(process.stdout), surroundings));
    });

  reportOptions(guardian.command('merge-reports <reports...>'))
    .description('join the JSON reports of all parts of verify --shard; exit as verify would have')
    .action(async (paths: string[], options: ReportOptions) => {
      const { mergedReport } = await import('./foreign-report.ts');
      const report = await mergedReport(paths, settingsFrom({}, {}), process.cwd());
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

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

/** What was said, on the command line and around it. */
function heard(options: Options) {
  const env = withDotenv(process.cwd(), process.env);
  const surroundings = { workspace: process.cwd(), env, now: Date.now };
  return { settings: settingsFrom(options, env), surroundings };
}

async function gateCommand(options: GateOptions, needsNoTarget: boolean): Promise<void> {
  const { settings, surroundings } = heard(options);
  if (needsNoTarget && settings.base === 'none') {
    throw new UsageError(
      phrase`${code('--base none')} reviews nothing`,
      phrase`name a commit, branch or tag`,
    );
  }
  const line = progress(`reading ${settings.store ?? 'Redis'}`);
  const onProgress = (config: string, read: number) => line.say(`${clean(config)}: ${read} keys`);
  const guarded = await verify(settings, { ...surroundings, needsNoTarget, onProgress }).finally(line.end);
  tell(guarded, options, settings.raw, whereabouts(settings, surroundings.env));
}

/** Prints the report, or writes it in the format asked for and prints one for people. */
function tell(
  { report, raw }: Told,
  { output, format }: ReportOptions,
  isRaw: boolean,
  where?: Whereabouts,
): void {
  const values = { ...(isRaw ? { raw } : {}), ...(where === undefined ? {} : { whereabouts: where }) };
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

/** A file that can't be written is said aloud; the verdict is what it is. */
function save(file: string, text: string): void {
  try {
    writeFileSync(file, text);
  } catch (error) {
    const code = errnoOf(error);
    process.stderr.write(`warning: the report could not be written to ${clean(file)} (${code})\n`);
  }
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
function progress(first: string): Line {
  const { stderr } = process;
  if (stderr.isTTY !== true) return { say: () => undefined, end: () => undefined };
  let what = first;
  let seconds = 0;
  const timer = setInterval(() => {
    seconds += 1;
    stderr.write(`\r\u001b[K${what} … ${seconds} s `);
  }, 1000);
  timer.unref();
  return {
    say(text) {
      what = text;
    },
    end() {
      clearInterval(timer);
      if (seconds > 0) stderr.write('\r\u001b[K');
    },
  };
}

interface Line {
  say(text: string): void;
  end(): void;
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
