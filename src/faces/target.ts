import { redisStore } from '../adapters/redis/store.ts';
import type { TlsOptions } from '../adapters/redis/tls.ts';
import { parseRedisUrl, secretsOf } from '../adapters/redis/url.ts';
import { snapshotStore } from '../adapters/snapshot/store.ts';
import type { Fault } from '../core/evidence.ts';
import { code, type Phrase, phrase, vouch } from '../core/phrase.ts';
import { type Files, type KnownStore, type Store, StoreFault, type WritableStore } from '../core/ports.ts';
import { type Settings, UsageError } from './settings.ts';

/** What is to be looked at, and the secrets that lead there. */
export interface Target<Opened extends Store = Store> {
  readonly store: Opened;
  readonly secrets: readonly string[];
}

export interface Circumstances {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly files: Files;
  /** The environment variable that holds the URL, where the manifest names one. */
  readonly variable?: string | undefined;
  /** Only files are reviewed when no Redis is named. */
  readonly needsNoTarget?: boolean;
}

/** Opens the store that the settings name: a snapshot, a Redis. Nothing is connected to before it is read. */
export async function openTarget(settings: Settings, circumstances: Circumstances): Promise<Target> {
  const { env, files, variable, needsNoTarget = false } = circumstances;
  const [, kind, place = ''] = /^(snapshot|endpoint):(.*)$/s.exec(settings.store ?? '') ?? [];
  if (kind !== undefined && settings.redis) {
    throw new UsageError(
      phrase`a store and a Redis are given, and only one of them can be looked at`,
      phrase`leave out one of ${code('store')} and the Redis URL`,
    );
  }
  if (kind === 'snapshot') {
    const { snapshotPassphrase: passphrase } = settings;
    return {
      store: await snapshotStore(vouch(place.trim()), files, passphrase),
      secrets: passphrase === undefined ? [] : [passphrase],
    };
  }
  if (kind === 'endpoint') return openEndpoint(place, settings);
  const url = (settings.redis ?? env[variable ?? 'REDIS_URL']) || undefined;
  if (env['CONFIG_STORE_DISABLE_REDIS'] === '1') {
    return { store: closedStore(disabled()), secrets: credentialsIn(url) };
  }
  if (url === undefined) {
    const fault = noTarget(env, variable);
    return { store: needsNoTarget ? unaskedStore(fault) : closedStore(fault), secrets: [] };
  }
  const { endpoint, secrets } = await endpointAt(url, settings, files);
  return { store: redisStore(endpoint, settings), secrets };
}

/** A Redis that is planned for: nothing else can be. */
export async function openKnown(
  settings: Settings,
  circumstances: Circumstances,
): Promise<Target<KnownStore>> {
  const { env, files, variable } = circumstances;
  refuseStandIns(settings, env);
  const url = (settings.redis ?? env[variable ?? 'REDIS_URL']) || undefined;
  if (url === undefined) {
    const { phrase: said, advice } = noTarget(env, variable);
    throw new UsageError(said, advice);
  }
  const { endpoint, secrets } = await endpointAt(url, settings, files);
  const { knownRedis } = await import('../adapters/redis/writable.ts');
  return { store: knownRedis(endpoint, settings), secrets };
}

/** A Redis that may be written to. Whatever is only read is read by another name. */
export async function openWritable(
  settings: Settings,
  { env, files }: Circumstances,
): Promise<Target<WritableStore>> {
  refuseStandIns(settings, env);
  const url = (settings.redisWriteUrl ?? env['GUARDIAN_REDIS_WRITE_URL']) || undefined;
  if (url === undefined) {
    throw new UsageError(
      phrase`there is no Redis to write to: no URL of a user who may write was given`,
      phrase`set ${code('GUARDIAN_REDIS_WRITE_URL')} (of the action: ${code('redis-write-url')}); the URL that is read with is not written with`,
    );
  }
  const { endpoint, secrets } = await endpointAt(url, settings, files);
  const { writableRedis } = await import('../adapters/redis/writable.ts');
  return { store: writableRedis(endpoint, settings), secrets };
}

function refuseStandIns({ store }: Settings, env: Circumstances['env']): void {
  if (store !== undefined) {
    throw new UsageError(
      phrase`${code('store')} names a copy of what is in Redis, and only a Redis can be reconciled`,
      phrase`leave it out, and name a Redis`,
    );
  }
  if (env['CONFIG_STORE_DISABLE_REDIS'] !== '1') return;
  const { phrase: said, advice } = disabled();
  throw new UsageError(said, advice);
}

async function endpointAt(url: string, settings: Settings, files: Files) {
  const parsed = parseRedisUrl(url, await tlsOf(settings, files));
  if (!parsed.ok) throw new UsageError(parsed.why, parsed.advice);
  const { endpoint } = parsed;
  return { endpoint, secrets: [...credentialsIn(url), ...secretsOf(endpoint)] };
}

async function openEndpoint(place: string, settings: Settings): Promise<Target> {
  const [{ parseEndpoint }, { parseSignIn }, { endpointStore }] = await Promise.all([
    import('../adapters/endpoint/url.ts'),
    import('../adapters/endpoint/sign-in.ts'),
    import('../adapters/endpoint/store.ts'),
  ]);
  const parsed = parseEndpoint(place);
  if (!parsed.ok) throw new UsageError(parsed.why, parsed.advice);
  const signIn = parseSignIn({
    username: settings.endpointUsername,
    password: settings.endpointPassword,
    magicLink: settings.endpointMagicLink,
    header: settings.endpointHeader,
  });
  if (!signIn.ok) throw new UsageError(signIn.why, signIn.advice);
  const store = endpointStore({ ...settings, url: parsed.url, signIn: signIn.signIn });
  return { store, secrets: signIn.secrets };
}

async function tlsOf({ tlsCa, tlsCert, tlsKey, tlsServername }: Settings, files: Files): Promise<TlsOptions> {
  const [ca, cert, key] = await Promise.all([pem(tlsCa, files), pem(tlsCert, files), pem(tlsKey, files)]);
  const given = { ca, cert, key, servername: tlsServername || undefined };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** A secret of a workflow is the text itself. What was meant to be one and isn't is not quoted as a path. */
async function pem(given: string | undefined, files: Files): Promise<string | undefined> {
  if (given === undefined || given === '' || given.includes('-----BEGIN')) return given || undefined;
  const content = await files.read(vouch(given));
  if (content.kind === 'read') return new TextDecoder().decode(content.bytes);
  throw new UsageError(
    phrase`a file of a certificate or key cannot be read`,
    phrase`check the paths of ${code('tls-ca')}, ${code('tls-cert')} and ${code('tls-key')}`,
  );
}

/** The runner masks a secret as it is stored; what is taken out of it has to be named. */
export function credentialsIn(text: string | undefined): readonly string[] {
  if (text === undefined) return [];
  const passwords = [...text.matchAll(PASSWORDS)].flatMap(
    ([, ofUser, ofSentinel]) => ofUser ?? ofSentinel ?? [],
  );
  return [text, ...passwords, ...passwords.map(decoded)].filter((part) => part !== '');
}

/** The forms of several hosts, or of none, are no URLs to the platform. */
const PASSWORDS = /\/\/[^:@/]*:([^@/]*)@|[?&]sentinel-password=([^&#]*)/g;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A server that can't be asked ends the run. */
export async function answered<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof StoreFault) throw new UsageError(error.fault.phrase, error.fault.advice);
    throw error;
  }
}

function disabled(): Fault {
  return {
    reason: 'disabled',
    phrase: phrase`${code('CONFIG_STORE_DISABLE_REDIS=1')} is set: the application doesn't read Redis here`,
    advice: phrase`take the variable away to verify what is in Redis`,
  };
}

function noTarget(env: Circumstances['env'], variable: string | undefined): Fault {
  return {
    reason: 'no-target',
    phrase: phrase`there is no Redis to verify: no URL was given`,
    advice: howToName(env['GITHUB_ACTIONS'] === 'true', variable),
  };
}

function howToName(isInAction: boolean, variable: string | undefined): Phrase {
  if (variable !== undefined) {
    return phrase`set ${code(vouch(variable))}, which the manifest names for this environment, or give ${code('--redis')}`;
  }
  return isInAction
    ? phrase`pass the secret as ${code('redis-url')}; runs for pull requests from forks have no secrets`
    : phrase`give ${code('--redis')}, set ${code('REDIS_URL')}, or write it into ${code('.env')}`;
}

function unaskedStore(fault: Fault): Store {
  return {
    ...closedStore(fault),
    isUnasked: true,
    read: async (asked) => asked.map(() => ({ observation: { kind: 'unasked' } })),
  };
}

/** A store that has nothing to answer with, and says why. */
function closedStore(fault: Fault): Store {
  return {
    target: vouch('no Redis'),
    read: async (asked) => asked.map(() => ({ observation: { kind: 'unreadable', fault } })),
    scan: () => {
      throw new StoreFault(fault);
    },
    find: async () => ({ kind: 'unknown', fault }),
    audit: async () => ({ kind: 'unknown', fault }),
  };
}
