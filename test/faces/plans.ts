import type { Plan } from '../../src/core/plan.ts';
import { sealPlan } from '../../src/faces/plan-file.ts';

const digest = (digit: string) => `hmac-sha256:${digit.repeat(64)}`;
export const weighed = (digit: string) => ({ bytes: 120, digest: digest(digit) });
const commit = 'c0ffee'.padEnd(40, '0');

/** A merge, which may hold every kind of step. */
export const unsealed: Omit<Plan, 'hash'> = {
  format: 'redis-config-guardian/plan',
  version: 1,
  createdAt: '2026-11-25T09:00:00.000Z',
  expiresAt: '2026-11-25T10:00:00.000Z',
  target: {
    url: 'redis://127.0.0.1:6379/0',
    address: '127.0.0.1:6379',
    database: 0,
    run: `sha256:${'a'.repeat(64)}`,
    replication: null,
  },
  direction: 'base-merge',
  choice: { keys: ['routing_rules'], only: ['/rules'], base: 'main', includeSecrets: false },
  digests: { isKeyed: false, salt: 'AAAAAAAAAAAAAAAAAAAAAA==', check: digest('b') },
  steps: [
    {
      to: 'redis',
      config: 'routing_rules',
      key: 'r:ss:config:routing_rules',
      before: { ...weighed('1'), type: 'string', goesAt: null },
      after: weighed('2'),
      base: commit,
    },
    {
      to: 'redis',
      config: 'webhook_config',
      key: 'r:ss:config:webhook_config',
      before: { ...weighed('3'), type: 'hash', goesAt: '2026-12-01T00:00:00.000Z' },
      after: weighed('4'),
      base: null,
    },
    {
      to: 'redis',
      config: 'processing_prefs',
      key: 'r:ss:config:processing_prefs',
      before: { type: 'none' },
      after: weighed('5'),
      base: null,
    },
    {
      to: 'file',
      config: 'routing_rules',
      path: 'debug/routing_rules.json',
      before: weighed('6'),
      after: weighed('2'),
      base: commit,
    },
    {
      to: 'file',
      config: 'webhook_config',
      path: 'debug/webhook_config.json',
      before: { type: 'none' },
      after: weighed('4'),
      base: null,
    },
  ],
  leftAlone: [
    {
      config: 'magic_link_tokens',
      key: 'r:ss:config:magic_link_tokens',
      why: 'conflict',
      place: '/‹#0123abcd›/expires_at',
    },
  ],
};

export const plan = sealPlan(unsealed);
