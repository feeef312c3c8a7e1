import { type Known, vouch } from '../../core/phrase.ts';
import { type Pointer, parsePointer } from '../../core/pointer.ts';
import type { Flaw } from './words.ts';

/** What a text of the manifest stands for, or why it stands for nothing. */
export type Read<T> = { readonly value: T } | { readonly flaw: Flaw };

const MILLISECONDS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Parts of a key that a pattern may leave open: each one more makes matching slower. */
const MOST_WILDCARDS = 9;

export function readPointer(text: string): Read<Pointer> {
  const value = parsePointer(text);
  return value === undefined ? { flaw: 'pointer' } : { value };
}

export function isPointer(text: string): boolean {
  return parsePointer(text) !== undefined;
}

/** A file or folder of the workspace, relative to it. */
export function readPath(text: string): Read<Known> {
  if (/[\\\p{Cc}\p{Cs}]/u.test(text)) return { flaw: 'path-characters' };
  const folders = text.split('/').filter((folder) => folder !== '' && folder !== '.');
  // With a colon it is a drive, a URL or `builtin:`, which leads out of the workspace.
  if (text.startsWith('/') || hasScheme(folders.join('/'))) return { flaw: 'path-absolute' };
  if (folders.includes('..')) return { flaw: 'path-outside' };
  return folders.length === 0 ? { flaw: 'path-empty' } : { value: vouch(folders.join('/')) };
}

function hasScheme(path: string): boolean {
  return /^[a-z][\w+.-]*:/i.test(path);
}

/** A path that is the same for every key. */
export function readFixedPath(text: string): Read<Known> {
  return holesOf(text).length > 0 ? { flaw: 'hole' } : readPath(text);
}

/** What a reader answers, as the only item of a list. */
export function asList<T>(read: (text: string) => Read<T>): (text: string) => Read<readonly T[]> {
  return (text) => {
    const result = read(text);
    return 'value' in result ? { value: [result.value] } : result;
  };
}

/** Candidates: one, or none when it says so. */
export function readFallback(text: string): Read<readonly Known[]> {
  return text === 'none' ? { value: [] } : asList(readPath)(text);
}

/** The numbers of the holes `{n}` in a path. */
export function holesOf(text: string): readonly number[] {
  return [...new Set([...text.matchAll(/\{(\d+)\}/g)].map(([, number]) => Number(number)))];
}

export function readKey(text: string): Read<string> {
  if (text === '') return { flaw: 'key-empty' };
  return readPrefix(text);
}

export function readPrefix(text: string): Read<string> {
  return /[\p{Cc}\p{Cs}]/u.test(text) ? { flaw: 'key-characters' } : { value: text };
}

/** A pattern of keys, as Redis matches it, without classes of characters. */
export function readGlob(text: string): Read<string> {
  const read = readKeys(text);
  return 'value' in read && wildcards(text) === 0 ? { flaw: 'glob-fixed' } : read;
}

/** A pattern of keys that may be a single one. */
export function readKeys(text: string): Read<string> {
  const unescaped = withoutEscaped(text);
  if (unescaped.endsWith('\\')) return { flaw: 'glob-backslash' };
  if (unescaped.includes('[')) return { flaw: 'glob-class' };
  const isTooMuch = wildcards(text) > MOST_WILDCARDS || unescaped.includes('**');
  return isTooMuch ? { flaw: 'glob-wildcards' } : readKey(text);
}

/** How many parts of a key a pattern leaves open. */
export function wildcards(glob: string): number {
  return withoutEscaped(glob).match(/[*?]/g)?.length ?? 0;
}

/** With a blank for each escaped character, so that its neighbours don't become each other's. */
function withoutEscaped(glob: string): string {
  return glob.replace(/\\./gsu, ' ');
}

/** Milliseconds. */
export function readDuration(text: string): Read<number> {
  const [, number, unit = ''] = /^([1-9]\d{0,5})([mhd])$/.exec(text) ?? [];
  return number === undefined
    ? { flaw: 'duration' }
    : { value: Number(number) * (MILLISECONDS[unit] ?? Number.NaN) };
}

/** A day → the milliseconds since the epoch at which it begins, in UTC. */
export function readDay(text: string): Read<number> {
  const value = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  // A day that no month has is taken for one of the next.
  const isDay = !Number.isNaN(value) && new Date(value).toISOString().startsWith(text);
  return isDay ? { value } : { flaw: 'day' };
}

export function readReason(text: string): Read<Known> {
  return text.trim() === '' ? { flaw: 'reason' } : { value: vouch(text.trim()) };
}

export function readVariable(text: string): Read<string> {
  return /^[A-Za-z_]\w{0,99}$/.test(text) ? { value: text } : { flaw: 'variable' };
}

export function readMember(text: string): Read<string> {
  return text === '' ? { flaw: 'member' } : { value: text };
}

/** As JSON Schema says it. */
export const CONFIG_NAME = '^(?!\\.+$)[A-Za-z0-9_.-]{1,64}$';

export function isConfigName(text: string): boolean {
  return /^(?!\.+$)[\w.-]{1,64}$/.test(text);
}

export function isEnvironmentName(text: string): boolean {
  return /^(?=.*\S)[^\p{C}\p{Zl}\p{Zp}]{1,100}$/u.test(text);
}
