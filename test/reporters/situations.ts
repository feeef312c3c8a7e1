import type { Json } from '../../src/core/json.ts';
import { file } from '../checks/evidence.ts';
import { changed, rules, type Situation, unreachable } from './reports.ts';

const [damage = {}, invoices = {}, media = {}, unsubscribe = {}, archive = {}] = rules();

const broken = changed('webhook_config', { webhook_delivery_mode: 'xml', webhook_url: 'http://a.example' });

/** Runs worth looking at. */
export const situations: Readonly<Record<string, Situation>> = {
  'all is well': {},
  drift: {
    live: {
      processing_prefs: changed('processing_prefs', {
        retry_count: 4,
        exclude_keywords: ['newsletter', 'vacation', 'out of office'],
        sender_priority: { 'dispatch@fennec-freight.example': 'low' },
      }),
      routing_rules: changed('routing_rules', {
        rules: [archive, damage, { ...invoices, name: 'Invoices' }, media, { ...unsubscribe, id: 'opt-out' }],
      }),
    },
  },
  invalid: {
    live: {
      processing_prefs: changed('processing_prefs', { retry_count: 11, retry_cuont: 1, _updated_at: 'soon' }),
      routing_rules: changed('routing_rules', {
        rules: [
          { ...damage, actions: {} },
          invoices,
          invoices,
          { ...media, conditions: [{ field: 'body', operator: 'regex', value: '(unclosed' }] },
        ],
      }),
      webhook_config: '{}',
      magic_link_tokens: '{"demo-link": {"expires_at": NaN}}',
    },
  },
  'nothing answers': {
    live: {
      processing_prefs: unreachable,
      routing_rules: unreachable,
      webhook_config: unreachable,
      magic_link_tokens: unreachable,
    },
  },
  'one is unchecked': {
    files: { 'schemas/routing_rules.schema.json': '{\n  "type": "objekt"\n}' },
    policy: { allowUnchecked: true },
  },
  'the fallback is broken': {
    files: { 'debug/webhook_config.json': broken, 'debug/processing_prefs.json': '{"retry_count": 3,}' },
  },
  'keys are elsewhere': {
    live: {
      processing_prefs: { kind: 'absent' },
      routing_rules: { kind: 'wrong-type', type: 'hash' },
      webhook_config: {
        kind: 'present',
        bytes: new TextEncoder().encode('{"webhook_url": ""}'),
        ttl: 90_000,
      },
    },
    files: { 'debug/routing_rules.json': null },
    neighbours: {
      kind: 'found',
      names: ['staging:processing_prefs'],
      databases: new Map([['r:ss:config:processing_prefs', [1]]]),
    },
  },
  'hostile names': {
    live: {
      processing_prefs: changed('processing_prefs', {
        'a\n::error::x': 1,
        '##[error]x\r': 1,
        '\u001b[31m\u202e': 1,
        '<script>|`@someone` #1 https://evil.example </details> $x$ ]]> %0A': 1,
      }),
      routing_rules: changed('routing_rules', {
        rules: [
          { ...damage, name: '![x](https://evil.example) | <img src=x> **b** _i_ ~s~ `c` @someone #1' },
        ],
      }),
    },
  },
  'many findings': {
    live: {
      processing_prefs: changed('processing_prefs', { exclude_keywords: Array<Json>(80).fill(7) }),
      routing_rules: `{"rules": [${Array(70).fill('{"id": 1e999}').join()}]}`,
    },
    policy: { failOn: new Set(['warning']) },
  },
  'a change that breaks': {
    before: {
      'schemas/processing_prefs.schema.json': text('schemas/processing_prefs.schema.json').replace(
        '"maximum": 600',
        '"maximum": 3600',
      ),
      'schemas/routing_rules.schema.json': text('schemas/routing_rules.schema.json').replace(
        '"enum": ["contains", "equals", "regex"]',
        '"enum": ["contains", "equals", "regex", "matches"]',
      ),
      'debug/processing_prefs.json': changed('processing_prefs', { retry_count: 1, rate_limit_per_hour: 9 }),
      'debug/webhook_config.json': changed('webhook_config', { webhook_delivery_mode: 'form' }),
    },
    live: {
      processing_prefs: changed('processing_prefs', {
        retry_count: 7,
        retry_delay_sec: 3000,
        rate_limit_per_hour: 9,
      }),
      webhook_config: changed('webhook_config', {
        webhook_delivery_mode: 'form',
        absence_pause_enabled: 'x',
      }),
    },
  },
};

function text(path: string): string {
  return new TextDecoder().decode(file(path));
}
