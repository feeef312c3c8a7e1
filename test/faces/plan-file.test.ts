import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { vouch } from '../../src/core/phrase.ts';
import { plain } from '../../src/core/plain.ts';
import type { Plan } from '../../src/core/plan.ts';
import { formatPointer, type Pointer } from '../../src/core/pointer.ts';
import { isExpired, planText, readPlan, sealPlan } from '../../src/faces/plan-file.ts';
import { objectionsOf } from '../schemas/schema.ts';
import { plan, unsealed, weighed } from './plans.ts';

const CHANGED = 'the plan plan.json was changed after it was made';
const objections = objectionsOf('plan');
const document: Json = JSON.parse(planText(plan));

function read(text: string | Uint8Array) {
  return readPlan(typeof text === 'string' ? Buffer.from(text) : text, vouch('plan.json'));
}

/** What reading refuses a document with; empty when it doesn't. */
function refusalOf(text: string | Uint8Array): string {
  const answer = read(text);
  return answer.ok ? '' : plain(answer.said);
}

/** A document with the hash that fits it, whatever it says. */
function resealed(changed: Json): Json {
  return isObject(changed) ? (sealPlan(changed as unknown as Plan) as unknown as Json) : changed;
}

interface Change {
  readonly fact: string;
  readonly changed: Json;
}

/** Every document that differs from a value in one place: another scalar, a member or item less or more. */
function changesOf(value: Json, at: Pointer = []): readonly Change[] {
  const place = formatPointer(at);
  if (Array.isArray(value)) {
    const items: readonly Json[] = value;
    return [
      { fact: `an item more in ${place}`, changed: [...items, items[0] ?? 'x'] },
      { fact: `nothing for ${place}`, changed: null },
      ...items.flatMap((item, index) => [
        { fact: `no ${place}/${index}`, changed: items.filter((_, other) => other !== index) },
        ...changesOf(item, [...at, String(index)]).map(({ fact, changed }) => ({
          fact,
          changed: items.map((own, other) => (other === index ? changed : own)),
        })),
      ]),
    ];
  }
  if (isObject(value)) {
    return [
      ...['note', '__proto__'].map((member) => ({
        fact: `a member ${member} in ${place || '/'}`,
        changed: withMember(value, member, 'x'),
      })),
      ...Object.entries(value).flatMap(([member, own]) => [
        { fact: `no ${place}/${member}`, changed: without(value, member) },
        ...changesOf(own, [...at, member]).map(({ fact, changed }) => ({
          fact,
          changed: withMember(value, member, changed),
        })),
      ]),
    ];
  }
  return othersThan(value).map((changed) => ({ fact: `${place} is ${JSON.stringify(changed)}`, changed }));
}

function othersThan(value: Json): readonly Json[] {
  const similar: readonly Json[] =
    typeof value === 'number'
      ? [value + 1, -1 - value, value + 0.5, String(value)]
      : typeof value === 'string'
        ? [`${value}0`, value.slice(0, -1), value.toUpperCase(), ` ${value}`, `${value}\n`, '']
        : typeof value === 'boolean'
          ? [!value, String(value)]
          : ['x', false];
  const others: readonly Json[] = [...similar, value === null ? 0 : null, [], {}];
  return others.filter((other) => other !== value);
}

/** Also where the member is named as no other may be. */
function withMember(object: JsonObject, name: string, member: Json): JsonObject {
  return Object.fromEntries([...Object.entries(object), [name, member]]);
}

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));
}

test('a plan that was written is read as it was', () => {
  expect(read(planText(plan))).toEqual({ ok: true, plan });
});

test('a plan is read whatever its order of members and its blanks', () => {
  const shuffled = Object.fromEntries(Object.entries(document as JsonObject).toReversed());
  expect(read(JSON.stringify(shuffled))).toEqual({ ok: true, plan });
});

test('the hash tells nothing but the rest', () => {
  const { hash, ...rest } = plan;
  expect(hash).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(sealPlan(rest).hash).toBe(hash);
  expect(sealPlan({ ...rest, expiresAt: '2026-11-25T11:00:00.000Z' }).hash).not.toBe(hash);
});

test('the text of a plan commands nobody who prints it', () => {
  const [step] = unsealed.steps;
  const key = 'k\u001b[31m\r::error::x\u2028##[group]';
  const hostile = sealPlan({ ...unsealed, steps: [{ ...step, key } as Plan['steps'][number]] });
  const text = planText(hostile);
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  expect(text).not.toContain('##[');
  expect(read(text)).toEqual({ ok: true, plan: hostile });
});

const changes = changesOf(document);

test('there are changes of every kind', () => {
  expect(changes.length).toBeGreaterThan(500);
});

describe('a changed plan', () => {
  test('is refused, whatever was changed', () => {
    const accepted = changes.filter(({ changed }) => refusalOf(JSON.stringify(changed)) === '');
    expect(accepted.map(({ fact }) => fact)).toEqual([]);
  });

  test('is said to be changed, when it still is a plan', () => {
    const told = changes.filter(({ changed }) => objections(changed).length === 0);
    expect(told.length).toBeGreaterThan(50);
    for (const { fact, changed } of told) {
      expect([fact, refusalOf(JSON.stringify(changed))]).toEqual([fact, CHANGED]);
    }
  });

  test('is refused with any bit turned', () => {
    const bytes = Buffer.from(JSON.stringify(document));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(7), (offset, bit) => {
        const turned = Uint8Array.from(bytes, (byte, index) => (index === offset ? byte ^ (1 << bit) : byte));
        expect(refusalOf(turned)).not.toBe('');
      }),
      { numRuns: 500 },
    );
  });

  test('is refused wherever it is cut off', () => {
    const text = JSON.stringify(document);
    for (let end = 0; end < text.length; end += 97) expect(refusalOf(text.slice(0, end))).not.toBe('');
  });
});

describe('a plan with a new hash', () => {
  test('has no member that is unknown, whatever its name', () => {
    const more = changes.filter(({ fact }) => fact.startsWith('a member '));
    expect(more.length).toBeGreaterThan(30);
    for (const { fact, changed } of more) {
      expect([fact, refusalOf(JSON.stringify(resealed(changed)))]).toEqual([
        fact,
        expect.stringContaining('the mistake is at /'),
      ]);
    }
  });

  test('is a plan only when it fits the schema', () => {
    const wrong = changes
      .map(({ fact, changed }) => ({ fact, changed: resealed(changed) }))
      .filter(({ changed }) => refusalOf(JSON.stringify(changed)) === '' && objections(changed).length > 0);
    expect(wrong.map(({ fact }) => fact)).toEqual([]);
  });

  test.each([
    {
      fact: 'that expires before it was made',
      change: { expiresAt: '2026-11-25T08:59:59Z' },
      said: 'it expires before it was made',
    },
    {
      fact: 'with two steps for a key',
      change: { steps: [...unsealed.steps, ...unsealed.steps.slice(0, 1)] },
      said: 'two of its steps are for r:ss:config:routing_rules',
    },
    {
      fact: 'with two steps for a file, spelled differently',
      change: { steps: ['a/b.json', 'a/./b.json'].map((path) => ({ ...unsealed.steps[3], path })) },
      said: 'two of its steps are for a/b.json',
    },
    {
      fact: 'that writes files from the fallback',
      change: { direction: 'fallback' },
      said: 'its step 4 goes against the direction fallback',
    },
    {
      fact: 'that writes Redis from Redis',
      change: { direction: 'redis' },
      said: 'its step 1 goes against the direction redis',
    },
  ])('$fact is none', ({ change, said }) => {
    const changed = resealed({ ...(document as JsonObject), ...(change as JsonObject) });
    expect(refusalOf(JSON.stringify(changed))).toBe(`the file plan.json is no plan of version 1: ${said}`);
  });

  test.each([
    '/etc/passwd',
    '../out.json',
    'a/../../b.json',
    'a/..',
    '..',
    'a\\b.json',
    '..\\b.json',
    'C:/b.json',
    'a\0b.json',
    '\ud800.json',
    '',
  ])('may not write the file %j', (path) => {
    const changed = resealed({
      ...(document as JsonObject),
      steps: [{ ...unsealed.steps[3], path } as Json],
    });
    expect(refusalOf(JSON.stringify(changed))).toBe(
      'the file plan.json is no plan of version 1: the mistake is at /steps/0/path',
    );
    expect(objections(changed)).not.toEqual([]);
  });

  test.each(['a.json', './a.json', '..a/b..json', 'a/...', 'é/r:ss:config:x.json', '-a.json'])(
    'may write the file %j',
    (path) => {
      const changed = resealed({
        ...(document as JsonObject),
        steps: [{ ...unsealed.steps[3], path } as Json],
      });
      expect(refusalOf(JSON.stringify(changed))).toBe('');
      expect(objections(changed)).toEqual([]);
    },
  );

  test('has no more than 10,000 steps', () => {
    const steps = (length: number) =>
      Array.from(
        { length },
        (_, index) => ({ ...unsealed.steps[2], key: `k${index}` }) as Plan['steps'][number],
      );
    expect(refusalOf(planText(sealPlan({ ...unsealed, steps: steps(10_000) })))).toBe('');
    expect(refusalOf(planText(sealPlan({ ...unsealed, steps: steps(10_001) })))).toBe(
      'the file plan.json is no plan of version 1: the mistake is at /steps',
    );
  });
});

describe('a file is no plan', () => {
  test.each([
    { fact: 'when it is empty', text: '', why: 'it is not sound JSON (empty)' },
    { fact: 'when it is not JSON', text: 'plan', why: 'it is not sound JSON (syntax)' },
    { fact: 'when it is no object', text: '[]', why: 'the mistake is at /' },
    {
      fact: 'when it is a snapshot',
      text: '{"format":"redis-config-guardian/snapshot"}',
      why: 'the mistake is at /format',
    },
    {
      fact: 'when a name is there twice',
      text: planText(plan).replace('"direction"', '"direction": "redis", "direction"'),
      why: 'it is not sound JSON (duplicate-name)',
    },
    {
      fact: 'when a number is too large to be told exactly',
      text: planText(plan).replace('"bytes": 120', '"bytes": 9007199254740993'),
      why: 'it is not sound JSON (unsafe-integer)',
    },
    {
      fact: 'when it has a byte order mark',
      text: `\ufeff${planText(plan)}`,
      why: 'it is not sound JSON (byte-order-mark)',
    },
    {
      fact: 'when it is of another version',
      text: planText(plan).replace('"version": 1', '"version": 2'),
      why: 'the mistake is at /version',
    },
    {
      fact: 'when a step writes elsewhere',
      text: planText(plan).replace('"to": "redis"', '"to": "disk"'),
      why: 'the mistake is at /steps/0/to',
    },
  ])('$fact', ({ text, why }) => {
    expect(refusalOf(text)).toBe(`the file plan.json is no plan of version 1: ${why}`);
  });

  test('when it is larger than 16 MiB', () => {
    expect(refusalOf(new Uint8Array(16 * 1024 ** 2 + 1))).toBe(
      'the file plan.json is no plan of version 1: it is larger than 16 MiB',
    );
  });

  test('and the advice is to make one', () => {
    const answer = read('');
    expect(answer.ok ? '' : plain(answer.advice)).toBe('make a new one: guardian reconcile plan');
  });
});

test('a plan is expired from the moment that it names', () => {
  const moment = Date.parse(plan.expiresAt);
  expect(isExpired(plan, moment - 1)).toBe(false);
  expect(isExpired(plan, moment)).toBe(true);
});

test('a key that was seen has a type', () => {
  const steps = [{ ...unsealed.steps[0], before: weighed('1') } as unknown as Plan['steps'][number]];
  expect(refusalOf(planText(sealPlan({ ...unsealed, steps })))).toBe(
    'the file plan.json is no plan of version 1: the mistake is at /steps/0/before',
  );
});
