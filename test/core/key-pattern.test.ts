import { describe, expect, test } from 'vitest';
import { capture, keyPattern, specOf } from '../../src/core/key-pattern.ts';
import { vouch } from '../../src/core/phrase.ts';
import { spec } from '../checks/evidence.ts';

describe('a pattern', () => {
  test.each([
    ['tenant:*:prefs', 'tenant:7:prefs', ['7']],
    ['tenant:*:prefs', 'tenant:a:b:prefs', ['a:b']],
    ['tenant:*:prefs', 'tenant::prefs', ['']],
    ['tenant:*:prefs', 'tenant:7:prefs:old', undefined],
    ['*:*', 'a:b', ['a', 'b']],
    ['t?', 'tx', ['x']],
    ['t?', 't', undefined],
    ['a\\*b', 'a*b', []],
    ['a\\*b', 'axb', undefined],
    ['a.b', 'axb', undefined],
    ['a[b]', 'a[b]', []],
    ['x*', 'x\ny', ['\ny']],
  ])('%s and the key %j', (glob, key, captures) => {
    expect(capture(keyPattern('', glob), key)).toEqual(captures);
  });

  test('takes its prefix to the letter', () => {
    const pattern = keyPattern('app[1]:*:', '*');
    expect(pattern.text).toBe('app\\[1\\]:\\*:*');
    expect(capture(pattern, 'app[1]:*:x')).toEqual(['x']);
    expect(capture(pattern, 'app1:y:x')).toBeUndefined();
  });
});

describe('the fallback of a key of a pattern', () => {
  const rule = {
    pattern: keyPattern('', 'tenant:*:prefs'),
    template: { ...spec('processing_prefs'), fallback: [vouch('tenants/{1}.json')] },
    limit: 10,
    hidesNames: false,
  };
  const fallback = (key: string) => specOf(rule, key, vouch(key)).fallback;

  test('is called by what varies', () => {
    expect(fallback('tenant:7:prefs')).toEqual(['tenants/7.json']);
  });

  test.each(['..', '../../etc/passwd', '.hidden', 'a/b', 'a\\b', 'a\0b', ''])(
    'never leaves its folder for %j',
    (name) => {
      expect(fallback(`tenant:${name}:prefs`)).toEqual(['tenants/{1}.json']);
    },
  );
});
