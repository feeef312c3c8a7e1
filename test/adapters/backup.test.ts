import { describe, expect, test } from 'vitest';
import { type Backup, backupText, readBackup } from '../../src/adapters/snapshot/backup.ts';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import { formatPointer, type Pointer } from '../../src/core/pointer.ts';
import type { Content } from '../../src/core/ports.ts';
import { freshSealing, PASSPHRASE } from '../contract/support/stores.ts';
import { backup, bytes, fields, SECRET } from '../support/backup.ts';

/** One for all tests: making it takes long. */
const sealing = freshSealing();

const forms = [
  { form: 'a plain', passphrase: '', text: async () => backupText(backup) },
  { form: 'an encrypted', passphrase: PASSPHRASE, text: async () => backupText(backup, await sealing) },
];

function read(text: string | Uint8Array, passphrase?: string) {
  return readBackup(Buffer.from(text), vouch('my.backup.json'), passphrase);
}

/** What the person is told. */
async function refusal(text: string, passphrase: string): Promise<string> {
  const loaded = await read(text, passphrase);
  return loaded.ok ? 'read' : `${plain(loaded.said)} → ${plain(loaded.advice)}`;
}

async function entriesOf(text: string, passphrase: string) {
  const loaded = await read(text, passphrase);
  if (!loaded.ok) throw new Error(plain(loaded.said));
  return loaded.backup.entries;
}

/** Comparable: of a hash, the fields by name. */
function spelled(content: Content & { readonly ttl?: number }): unknown {
  if (content.kind === 'absent') return content;
  const { ttl = null } = content;
  if (content.kind === 'present') return [ttl, Buffer.from(content.bytes).toString('hex')];
  const pairs = content.fields.map(
    ({ name, value }) => `${Buffer.from(name)}=${Buffer.from(value).toString('hex')}`,
  );
  return [ttl, pairs.toSorted()];
}

describe.each(forms)('$form backup', ({ form, passphrase, text }) => {
  test('tells the plan, the time and the target', async () => {
    const loaded = await read(await text(), passphrase);
    expect(loaded).toMatchObject({
      ok: true,
      backup: { plan: backup.plan, takenAt: '2026-11-03T08:30:00.000Z', target: backup.target },
    });
  });

  test('tells to the byte what was there, and for how long', async () => {
    const entries = await entriesOf(await text(), passphrase);
    expect(entries.map(({ before }) => spelled(before))).toEqual(
      backup.entries.map(({ before }) => spelled(before)),
    );
    expect(entries.map(({ isAfter: _isAfter, before: _before, ...where }) => where)).toEqual(
      backup.entries.map(({ after: _after, before: _before, ...where }) => where),
    );
  });

  test('knows what was written over it, and nothing else', async () => {
    const entries = await entriesOf(await text(), passphrase);
    for (const [index, { isAfter }] of entries.entries()) {
      for (const [other, { after }] of backup.entries.entries()) expect(isAfter(after)).toBe(index === other);
      expect(isAfter({ kind: 'absent' })).toBe(false);
    }
  });

  test('knows the fields of a hash in any order', async () => {
    const pairs = [['a', Buffer.from('1')] as const, ['b', Buffer.from('2')] as const];
    const entry = { ...backup.entries[1], after: fields(pairs) } as Backup['entries'][number];
    const one = { ...backup, entries: [entry] };
    const [found] = await entriesOf(
      backupText(one, form === 'a plain' ? undefined : await sealing),
      passphrase,
    );
    expect(found?.isAfter(fields(pairs.toReversed()))).toBe(true);
  });

  test('of a removal is followed by nothing', async () => {
    const entry = { ...backup.entries[0], after: { kind: 'absent' } } as Backup['entries'][number];
    const one = { ...backup, entries: [entry] };
    const [found] = await entriesOf(
      backupText(one, form === 'a plain' ? undefined : await sealing),
      passphrase,
    );
    expect(found?.isAfter({ kind: 'absent' })).toBe(true);
    expect(found?.isAfter(bytes(''))).toBe(false);
  });

  test('may be laid out anew', async () => {
    expect(await entriesOf(JSON.stringify(JSON.parse(await text())), passphrase)).toHaveLength(5);
  });

  test('that was cut off is refused, wherever', async () => {
    const whole = await text();
    for (let length = 0; length < whole.length - 1; length += 97) {
      expect(await refusal(whole.slice(0, length), '')).toContain('is no backup of version 1');
    }
  });
});

describe('an encrypted backup', () => {
  test('shows neither values nor names of fields, nor the passphrase', async () => {
    const text = backupText(backup, await sealing);
    for (const hidden of [SECRET, 'password', PASSPHRASE, 'utf8', '"sha256:4'])
      expect(text).not.toContain(hidden);
  });

  test.each([
    ['no passphrase', '', 'are encrypted, and no passphrase was given → set GUARDIAN_SNAPSHOT_PASSPHRASE'],
    ['another passphrase', 'another', 'were encrypted with another passphrase → set GUARDIAN_SNAPSHOT_'],
  ])('is not read with %s', async (_which, passphrase, said) => {
    expect(await refusal(backupText(backup, await sealing), passphrase)).toContain(said);
  });

  test('is not the plain one that somebody put in its place', async () => {
    expect(await refusal(backupText(backup), PASSPHRASE)).toContain(
      'are not encrypted, and a passphrase was given: anybody may have written them → if the backup was made without --encrypt',
    );
  });

  test('is no snapshot, though the passphrase and the salt are the same', async () => {
    const labels = { takenAt: '', server: { kind: '', version: null }, keys: [] };
    const { sealOf, sealText } = await sealing;
    expect(sealOf(labels)).not.toBe(sealText(JSON.stringify(['', '', null, []])));
  });
});

/** Whether it is refused, and without the secret. */
async function isRefused(document: Json, passphrase: string): Promise<boolean> {
  const said = await refusal(JSON.stringify(document), passphrase);
  return /no backup|was changed|another passphrase|not encrypted/.test(said) && !said.includes(SECRET);
}

/** Where a change is not refused. */
async function unnoticed(changes: readonly Change[], passphrase: string): Promise<readonly string[]> {
  const refused = await Promise.all(changes.map(({ document }) => isRefused(document, passphrase)));
  return changes.flatMap(({ place }, index) => (refused[index] === true ? [] : [formatPointer(place)]));
}

describe('a change is refused:', () => {
  test('another value at any place of a plain backup, one more or one less', async () => {
    const document: JsonObject = JSON.parse(backupText(backup));
    const changes = placesIn(document).flatMap((place) =>
      [...others(valueAt(document, place)), undefined].map((other) => changeOf(document, place, other)),
    );
    expect(await unnoticed(changes, '')).toEqual([]);
    expect(changes.length).toBeGreaterThan(200);
  });

  // Each attempt derives the keys anew, which is meant to be slow: one per place, and one entry of each kind.
  test('another text or number at any place of an encrypted backup', async () => {
    const entries = backup.entries.filter((_entry, index) => index === 0 || index === 3);
    const document: JsonObject = JSON.parse(backupText({ ...backup, entries }, await sealing));
    const changes = placesIn(document).flatMap((place) => {
      const value = valueAt(document, place);
      return value === null || typeof value === 'object'
        ? []
        : others(value)
            .slice(0, 1)
            .map((other) => changeOf(document, place, other));
    });
    expect(await unnoticed(changes, PASSPHRASE)).toEqual([]);
    expect(changes.length).toBeGreaterThan(20);
  });

  test.each(forms)('another order of entries of $form backup', async ({ passphrase, text }) => {
    const document: JsonObject = JSON.parse(await text());
    const entries = document['entries'] as readonly Json[];
    expect(
      await refusal(JSON.stringify({ ...document, entries: entries.toReversed() }), passphrase),
    ).toContain(
      'was changed after it had been written, so nothing is restored from it → take a copy that nobody edited',
    );
  });

  test('the encrypted value of another entry, and none', async () => {
    const document: JsonObject = JSON.parse(backupText(backup, await sealing));
    const other = valueAt(document, ['entries', '1', 'before', 'value']);
    const changes = [other, { encrypted: '' }, { utf8: '{}' }].map((value) =>
      changeOf(document, ['entries', '0', 'before', 'value'], value),
    );
    expect(await unnoticed(changes, PASSPHRASE)).toEqual([]);
  });
});

test.each(['../outside.json', 'a/../../b', '/etc/passwd', 'C:/x', 'a\\b', '', 'a\0b'])(
  'a path that leads out of the workspace (%j) is none, whatever the digest',
  async (path) => {
    const [entry] = backup.entries.filter(({ to }) => to === 'file');
    const text = backupText({ ...backup, entries: [{ ...entry, path } as Backup['entries'][number]] });
    expect(await refusal(text, '')).toContain('is no backup of version 1 (at /entries/0/path)');
  },
);

test.each([
  '',
  '[]',
  'null',
  '{"format":"redis-config-guardian/snapshot","version":1}',
  '{"a":1,"a":2}',
  '\xff',
])('%j is no backup', async (text) => {
  expect(await refusal(text, '')).toContain('the file my.backup.json is no backup of version 1');
});

interface Change {
  readonly place: Pointer;
  readonly document: Json;
}

/** Without what is there when the value is undefined. */
function changeOf(document: Json, place: Pointer, value: Json | undefined): Change {
  return { place, document: put(document, place, value) };
}

/** Every place below the document. */
function placesIn(value: Json, at: Pointer = []): readonly Pointer[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, inner]) => [[...at, name], ...placesIn(inner, [...at, name])]);
}

function valueAt(document: Json, place: Pointer): Json {
  return place.reduce<Json>((value, name) => (value as JsonObject)[name] ?? null, document);
}

/** Values of the same kind, and one of another. */
function others(value: Json): readonly Json[] {
  if (value === null) return [0, `sha256:${'0'.repeat(64)}`];
  if (typeof value === 'number') return [value + 1, null];
  if (typeof value === 'string')
    return [otherText(value), `${value}x`, null].filter((other) => other !== value);
  return isObject(value) ? [{ ...value, more: 1 }, null] : [[...(value as readonly Json[]), null], []];
}

/** Of the same form: another digit in digests, times and base64. */
function otherText(text: string): string {
  return text.replace(/[0-9a-z](?=[^0-9a-z]*$)/i, (last) => (last === '1' ? '2' : '1'));
}

function put(document: Json, [name = '', ...rest]: Pointer, value: Json | undefined): Json {
  const isList = Array.isArray(document);
  const inner = (document as JsonObject)[name] ?? null;
  const next = rest.length === 0 ? value : put(inner, rest, value);
  const members = Object.entries(document as JsonObject).flatMap(([other, own]) => {
    const kept = other === name ? next : own;
    return kept === undefined ? [] : [[other, kept] as const];
  });
  return isList ? members.map(([, item]) => item) : Object.fromEntries(members);
}
