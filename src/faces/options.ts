import { type Command, Option } from 'commander';
import { formatNames } from '../reporters/index.ts';
import { readSettings, type SettingName, type Settings, settingNames } from './settings.ts';

/** What is said on the command line, in the groups that commands share. */

/** Where the values are. */
export function targetOptions(command: Command): Command {
  return command
    .option('--redis <url>', 'redis:// or rediss:// URL (else REDIS_URL, else .env)')
    .option('--store <store>', 'snapshot:FILE or endpoint:URL instead of a Redis')
    .option('--tls-ca <file>', 'certificate of a private authority')
    .option('--tls-cert <file>', 'client certificate')
    .option('--tls-key <file>', 'its private key')
    .option('--tls-servername <name>', 'name that the certificate of the server has to be for')
    .option('--timeout <duration>', 'for connecting and all commands together (default: 10s)')
    .option('--max-bytes <size>', 'a larger value is not read (default: 8MiB)');
}

/** Which configs there are, and their files. */
export function configOptions(command: Command): Command {
  return command
    .option(
      '--config-file <file>',
      'manifest (default: guardian.yml, .github/guardian.yml or guardian.json, if there is one)',
    )
    .option('--environment <name>', 'which environment of the manifest')
    .option(
      '--prefix <text>',
      'what every key begins with (else CONFIG_STORE_REDIS_PREFIX, else r:ss:config:)',
    )
    .option(
      '--schemas <folder>',
      'folder of NAME.schema.json (default: schemas, else those that ship with it)',
    )
    .option('--fallbacks <folder>', 'folder of NAME.json (default: debug)');
}

/** Which of the configs. */
export function choiceOptions(command: Command): Command {
  return configOptions(command).option('--keys <names...>', 'only these configs: a b, or a,b');
}

/** What `verify` and `review` have in common. */
export function gateOptions(command: Command): Command {
  return reportOptions(choiceOptions(targetOptions(command)))
    .option('--raw', 'print whole values too, all but secrets')
    .option('--shard <i/n>', 'only part i of n of the keys; merge-reports joins the parts')
    .option('--fail-on <levels>', 'invalid, breaking, drift, warning or none (default: invalid,breaking)')
    .option('--allow-unchecked', 'exit 0 though something could not be checked; it is said all the same');
}

export function reportOptions(command: Command): Command {
  return command
    .addOption(new Option('--format <name>', 'how to report').choices(formatNames).default('terminal'))
    .option('--output <file>', 'write the report there in that format, and one for people here');
}

/** What writing has in common. */
export function writeOptions(command: Command): Command {
  return configOptions(targetOptions(command))
    .option('--redis-write-url <url>', 'URL of a user who may write (else GUARDIAN_REDIS_WRITE_URL)')
    .requiredOption('--reason <text>', 'why, for the record')
    .option('--record <file>', 'Markdown log to append to (default: none)')
    .option('--audit <file>', 'JSON lines to append to (default: the file of the backup and .audit.jsonl)');
}

type Spoken = string | boolean | readonly string[] | undefined;

/** Other users of a machine see command lines, so what is secret comes from the environment. */
const variables: Readonly<Partial<Record<SettingName, string>>> = {
  digestKey: 'GUARDIAN_DIGEST_KEY',
  snapshotPassphrase: 'GUARDIAN_SNAPSHOT_PASSPHRASE',
  endpointHeader: 'GUARDIAN_ENDPOINT_HEADER',
  endpointUsername: 'GUARDIAN_ENDPOINT_USERNAME',
  endpointPassword: 'GUARDIAN_ENDPOINT_PASSWORD',
  endpointMagicLink: 'GUARDIAN_ENDPOINT_MAGIC_LINK',
};

/** An option is called like its setting; commander tells it in the same spelling. */
export function settingsFrom(
  options: Readonly<Record<string, Spoken>>,
  env: Readonly<Record<string, string | undefined>>,
): Settings {
  const given: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const variable = variables[name];
    const said = variable === undefined ? options[name] : env[variable] || undefined;
    if (said !== undefined) given[name] = inWords(said);
  }
  return readSettings(given, spellOption);
}

function inWords(said: Exclude<Spoken, undefined>): string {
  return typeof said === 'object' ? said.join('\n') : String(said);
}

/** A flag of the command line, or the environment variable that stands in for it. */
function spellOption(setting: SettingName): string {
  return variables[setting] ?? `--${setting.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
