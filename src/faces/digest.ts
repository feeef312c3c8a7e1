import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { DigestRule, Weighed } from '../core/plan.ts';
import type { Digest } from '../core/redaction.ts';

/** 8 hexadecimal digits tell values of one report apart; without the key nobody can guess what they stand for. */
export function keyedDigest(key: string | Uint8Array): Digest {
  return (text) => createHmac('sha256', key).update(text).digest('hex').slice(0, 8);
}

/** How a plan tells of values without holding them. */
export interface Weigher {
  weigh(bytes: Uint8Array): Weighed;
  /** Of a server's ids, which are no secrets. */
  readonly digestOf: (text: string) => string;
}

export function freshRule(key: string | undefined): DigestRule {
  const rule = { isKeyed: key !== undefined, salt: randomBytes(16).toString('base64'), check: '' };
  return { ...rule, check: weigherOf(rule, key).weigh(new Uint8Array()).digest };
}

/** The key counts only where the rule says so. */
export function weigherOf({ isKeyed, salt }: DigestRule, key = ''): Weigher {
  const own = isKeyed ? `${salt}:${key}` : salt;
  return {
    weigh: (bytes) => ({
      bytes: bytes.length,
      digest: `hmac-sha256:${createHmac('sha256', own).update(bytes).digest('hex')}`,
    }),
    digestOf: identityDigest,
  };
}

export function identityDigest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
