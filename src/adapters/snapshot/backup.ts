import { typeOf } from '../../core/content.ts';
import { decodeBytes } from '../../core/decode.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import { code, type Known, name, type Phrase, phrase } from '../../core/phrase.ts';
import type { PlanTarget } from '../../core/plan.ts';
import { formatPointer } from '../../core/pointer.ts';
import type { Content, FileBytes, Held } from '../../core/ports.ts';
import { Document, type Entry, FILE, type FileOf, type KeyOf, toldIn } from './backup-document.ts';
import { packFields, unpackFields } from './content.ts';
import { encryptionOf, isGiven, unlock, unsealed } from './encryption.ts';
import { isSame, type Label, plainDigest, type Sealing } from './seal.ts';
import { lifetime, plainContent, type Some, spelled, type Value } from './values.ts';

/** What is about to be overwritten, and what with. */
export interface Backup {
  /** The hash of the plan. */
  readonly plan: string;
  /** Milliseconds since the epoch. */
  readonly takenAt: number;
  readonly target: PlanTarget;
  readonly entries: readonly BackupEntry[];
}

export type BackupEntry =
  | (KeyOf & { readonly before: Held; readonly after: Content })
  | (FileOf & { readonly before: FileBytes; readonly after: FileBytes });

/** A backup that is known to be as it was made. */
export interface ReadBackup {
  readonly plan: string;
  /** ISO 8601, in UTC. */
  readonly takenAt: string;
  readonly target: PlanTarget;
  readonly entries: readonly ReadEntry[];
}

export type ReadEntry = Written &
  ((KeyOf & { readonly before: Held }) | (FileOf & { readonly before: FileBytes }));

interface Written {
  /** Whether this is, to the byte, what was written over it. */
  isAfter(content: Content): boolean;
}

type LoadedBackup =
  | { readonly ok: true; readonly backup: ReadBackup }
  | { readonly ok: false; readonly said: Phrase; readonly advice: Phrase };

/** The whole document; with a sealing its values are encrypted by that. */
export function backupText({ plan, takenAt, target, entries }: Backup, sealing?: Sealing): string {
  const document = {
    format: 'redis-config-guardian/backup',
    version: 1,
    plan,
    takenAt: new Date(takenAt).toISOString(),
    target: targetOf(target),
    ...(sealing === undefined ? {} : { encryption: encryptionOf(sealing) }),
    entries: entries.map((entry) => written(entry, sealing)),
  };
  const { encryption, ...rest } = document;
  const told = toldIn(document);
  const closed =
    sealing === undefined
      ? { ...rest, digest: plainDigest(Buffer.from(told)) }
      : { ...document, encryption: { ...encryption, seal: sealing.sealText(told) } };
  return `${JSON.stringify(closed, null, 2)}\n`;
}

/** Of what else a caller's object may have, nothing is written. */
function targetOf({ url, address, database, run, replication }: PlanTarget): PlanTarget {
  return { url, address, database, run, replication };
}

function written(entry: BackupEntry, sealing: Sealing | undefined): Entry {
  const { config } = entry;
  const after = digestOf(entry.after, sealing);
  if (entry.to === 'file') {
    const { to, path, before } = entry;
    const label = { key: path, type: FILE };
    const kept = before.kind === 'absent' ? null : { value: keptOf(before, label, sealing) };
    return { to, config, path, before: kept, after };
  }
  const { to, key, encoding, before } = entry;
  if (before.kind === 'absent') return { to, config, key, encoding, before: null, after };
  const ttl = lifetime(before.ttl);
  const value = keptOf(before, { key, type: typeOf[encoding], ttl }, sealing);
  return { to, config, key, encoding, before: { ttl, value }, after };
}

function keptOf(content: Some, label: Label, sealing: Sealing | undefined): Value {
  return sealing === undefined ? spelled(content) : { encrypted: sealing.encrypt(bytesOf(content), label) };
}

function digestOf(content: Content, sealing: Sealing | undefined): string | null {
  return content.kind === 'absent' ? null : (sealing?.digest ?? plainDigest)(bytesOf(content));
}

function bytesOf(content: Some): Uint8Array {
  return content.kind === 'present' ? content.bytes : packFields(content.fields);
}

/** Reads a backup. One that was edited or cut off tells nothing at all. */
export async function readBackup(
  bytes: Uint8Array,
  path: Known,
  passphrase: string | undefined,
): Promise<LoadedBackup> {
  const decoded = decodeBytes(bytes);
  if (!decoded.ok || decoded.flaws.length > 0 || !isObject(decoded.value)) return noBackup(path, []);
  const parsed = Document.safeParse(decoded.value);
  if (!parsed.success) return noBackup(path, parsed.error.issues[0]?.path ?? []);
  const { plan, takenAt, target, encryption, digest, entries } = parsed.data;
  if (encryption === undefined && isGiven(passphrase)) {
    return refuse(
      unsealed(path),
      phrase`if the backup was made without ${code('--encrypt')}, take ${code('GUARDIAN_SNAPSHOT_PASSPHRASE')} (of the action: ${code('snapshot-passphrase')}) away`,
    );
  }
  const unlocked = encryption && (await unlock(path, encryption, passphrase));
  if (unlocked?.ok === false) return unlocked;
  const sealing = unlocked?.sealing;
  if (!isAsMade(decoded.value, sealing, encryption?.seal ?? digest ?? '')) return wasChanged(path);
  const read = entries.map((entry) => entryOf(entry, sealing));
  const whole = read.filter((entry) => entry !== undefined);
  if (whole.length < read.length) return wasChanged(path);
  return { ok: true, backup: { plan, takenAt, target, entries: whole } };
}

function isAsMade(document: JsonObject, sealing: Sealing | undefined, voucher: string): boolean {
  const told = toldIn(document);
  return isSame(sealing?.sealText(told) ?? plainDigest(Buffer.from(told)), voucher);
}

function entryOf(entry: Entry, sealing: Sealing | undefined): ReadEntry | undefined {
  const isAfter = (content: Content) => isSame(`${digestOf(content, sealing)}`, `${entry.after}`);
  if (entry.to === 'file') {
    const { to, config, path } = entry;
    const before = contentOf(entry.before?.value, { key: path, type: FILE }, sealing);
    return before === undefined || before.kind === 'fields'
      ? undefined
      : { to, config, path, before, isAfter };
  }
  const { to, config, key, encoding } = entry;
  const ttl = entry.before?.ttl ?? null;
  const content = contentOf(entry.before?.value, { key, type: typeOf[encoding], ttl }, sealing);
  if (content === undefined) return undefined;
  const before = content.kind === 'absent' || ttl === null ? content : { ...content, ttl };
  return { to, config, key, encoding, before, isAfter };
}

/** `undefined` when the value isn't in the form that its label asks for, or wasn't encrypted for it. */
function contentOf(
  value: Value | undefined,
  label: Label,
  sealing: Sealing | undefined,
): Content | undefined {
  if (value === undefined) return { kind: 'absent' };
  // What is encrypted is so throughout, and nothing else is.
  if ('encrypted' in value !== (sealing !== undefined)) return undefined;
  const bytes =
    'encrypted' in value ? sealing?.decrypt(value.encrypted, label) : plainContent(label.type, value);
  if (bytes === undefined) return undefined;
  if (label.type !== 'hash') return { kind: 'present', bytes };
  const fields = unpackFields(bytes);
  return fields === undefined ? undefined : { kind: 'fields', fields };
}

function noBackup(path: Known, at: readonly PropertyKey[]): LoadedBackup {
  const place = formatPointer(at.map(String));
  const where = place === '' ? phrase`` : phrase` (at ${name(place.slice(0, 200))})`;
  return refuse(
    phrase`the file ${code(path)} is no backup of version 1${where}`,
    phrase`name the file that ${code('guardian reconcile apply --backup')} wrote; its format is in ${code('schemas/backup.schema.json')}`,
  );
}

function wasChanged(path: Known): LoadedBackup {
  return refuse(
    phrase`the file ${code(path)} was changed after it had been written, so nothing is restored from it`,
    phrase`take a copy that nobody edited`,
  );
}

function refuse(said: Phrase, advice: Phrase): LoadedBackup {
  return { ok: false, said, advice };
}
