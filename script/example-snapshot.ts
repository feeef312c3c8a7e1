import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { at, isObject, type Json, type JsonObject } from '../src/core/json.ts';
import { type Pointer, parsePointer } from '../src/core/pointer.ts';
import { type GuardedName, guardedNames } from '../src/guarded-app.ts';

/**
 * Writes `examples/production.snapshot.json`: what a production Redis might hold beside the fallback files in
 * `debug/`. Each config shows another outcome, so that the example has one of each to report.
 */

const PREFIX = 'r:ss:config:';

/** By config, what production holds at a place of the fallback instead. */
const production: Readonly<Record<GuardedName, Readonly<Record<string, Json>>>> = {
  // In step: it was only saved again.
  processing_prefs: {
    '/_updated_at': '2026-11-03T08:12:55.640871+01:00',
  },
  // Invalid, in two rules out of five: the application drops all five.
  routing_rules: {
    '/rules/2/conditions/0/operator': 'matches',
    '/rules/3/conditions/1/value': '',
    '/_updated_at': '2026-11-03T08:58:31.204466+01:00',
  },
  // Drifted: someone changed it in the dashboard.
  webhook_config: {
    '/webhook_delivery_mode': 'form',
    '/webhook_time_end': '19h00',
    '/_updated_at': '2026-11-03T07:31:19.480152+01:00',
  },
  // Other tokens than those of the fallback, as after any login, and sound.
  magic_link_tokens: {
    '': {
      'demo-link-that-expired': {
        expires_at: 1793691900,
        consumed: false,
        consumed_at: null,
        single_use: true,
      },
      'demo-link-that-was-used': {
        expires_at: 1793694600,
        consumed: true,
        consumed_at: 1793693887.482913,
        single_use: true,
      },
      // Of the year 2100, so that the example still shows a live link when it is looked at.
      'demo-link-that-works': {
        expires_at: 4102444800,
        consumed: false,
        consumed_at: null,
        single_use: true,
      },
      'demo-link-for-ever': {
        expires_at: null,
        consumed: false,
        consumed_at: null,
        single_use: false,
      },
      _updated_at: '2026-11-03T09:18:07.483020+01:00',
    },
  },
};

/** The text of the example; the same for the same fallback files. */
export function exampleSnapshot(): string {
  const snapshot = {
    format: 'redis-config-guardian/snapshot',
    version: 1,
    takenAt: '2026-11-03T08:30:00.000Z',
    server: { kind: 'redis', version: '8.2.2' },
    keys: Object.fromEntries(guardedNames.map((name) => [`${PREFIX}${name}`, entry(productionValue(name))])),
  };
  return `${JSON.stringify(snapshot, null, 2)}\n`;
}

function productionValue(name: GuardedName): Json {
  const fallback: Json = JSON.parse(readFileSync(new URL(`../debug/${name}.json`, import.meta.url), 'utf8'));
  return Object.entries(production[name]).reduce((config, [place, value]) => {
    const pointer = parsePointer(place) ?? [];
    if (at(config, pointer) === undefined) throw new Error(`${name}: the fallback has nothing at ${place}`);
    return replaced(config, pointer, value);
  }, fallback);
}

function replaced(value: Json, pointer: Pointer, replacement: Json): Json {
  const [token, ...rest] = pointer;
  if (token === undefined) return replacement;
  const inside = (member: Json, name: string) =>
    name === token ? replaced(member, rest, replacement) : member;
  if (Array.isArray(value)) return value.map((item: Json, index) => inside(item, String(index)));
  return isObject(value) ? mapMembers(value, inside) : value;
}

function mapMembers(value: JsonObject, change: (member: Json, name: string) => Json): JsonObject {
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, change(member, name)]));
}

function entry(value: Json): Json {
  const text = pythonJson(value);
  const bytes = Buffer.from(text);
  return {
    type: 'string',
    ttl: null,
    length: bytes.length,
    digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
    value: { utf8: text },
  };
}

/** Members that the application holds as floats, which Python writes with a fraction even when it is zero. */
const floats: ReadonlySet<string> = new Set(['expires_at', 'consumed_at']);

/** As `json.dumps(value, ensure_ascii=False)` writes it: with a space after each comma and colon. */
function pythonJson(value: Json, name = ''): string {
  if (Array.isArray(value)) return `[${value.map((item: Json) => pythonJson(item)).join(', ')}]`;
  if (isObject(value)) {
    const members = Object.entries(value).map(
      ([member, inner]) => `${JSON.stringify(member)}: ${pythonJson(inner, member)}`,
    );
    return `{${members.join(', ')}}`;
  }
  return Number.isInteger(value) && floats.has(name) ? `${value}.0` : JSON.stringify(value);
}

if (import.meta.main) {
  writeFileSync(new URL('../examples/production.snapshot.json', import.meta.url), exampleSnapshot());
}
