import { afterAll, describe, expect, test } from 'vitest';
import { type TlsOptions, tlsSettings } from '../../../src/adapters/redis/tls.ts';
import { parseRedisUrl } from '../../../src/adapters/redis/url.ts';
import { plain } from '../../../src/core/plain.ts';
import { foundAuthority } from '../../contract/support/authority.ts';

const authority = foundAuthority();
const own = authority.issue('guardian');
const another = authority.issue('guardian');
const ca = authority.pem;
const { cert, key } = own;

afterAll(() => authority[Symbol.dispose]());

/** The sentence that refuses the options, or nothing. */
function refusal(options: TlsOptions, url = 'rediss://h'): string | undefined {
  const parsed = parseRedisUrl(url, options);
  const text = JSON.stringify(parsed.ok ? '' : parsed);
  // Of the second line of a PEM, the first characters are the same in many.
  for (const secret of [own.key, another.key]) expect(text).not.toContain(secret.split('\n')[2]);
  return parsed.ok ? undefined : `${plain(parsed.why)}; ${plain(parsed.advice)}`;
}

describe('TLS options are taken:', () => {
  test.each<[what: string, options: TlsOptions]>([
    ['none', {}],
    ['an authority', { ca }],
    ['several authorities', { ca: `# ours\n${ca}\n${ca}` }],
    ['a certificate and its key', { cert, key }],
    ['a certificate and what is between it and its authority', { cert: cert + ca, key }],
    ['one text with both', { cert: key + cert, key: key + cert }],
    ['a name', { servername: 'redis.internal' }],
    ['all of them', { ca, cert, key, servername: 'h' }],
  ])('%s', (_what, options) => {
    expect(refusal(options)).toBeUndefined();
    expect(refusal(options, 'rediss+sentinel://h/main')).toBeUndefined();
    const parsed = parseRedisUrl('rediss://h', options);
    const { tlsOptions = {} } = parsed.ok ? parsed.endpoint : {};
    expect(tlsOptions).toEqual(options);
  });
});

describe('TLS options are refused, and nothing of a key is quoted:', () => {
  test.each<[what: string, options: TlsOptions, sentence: RegExp]>([
    ['an authority that is no PEM', { ca: 'no' }, /tls-ca holds no certificate/],
    ['an empty authority', { ca: '' }, /tls-ca holds no certificate/],
    ['a key for an authority', { ca: key }, /tls-ca holds no certificate/],
    ['a damaged one among authorities', { ca: ca + ca.replace(/M/g, 'x') }, /tls-ca holds no certificate/],
    ['an authority that is cut off', { ca: ca + ca.slice(0, 100) }, /tls-ca holds no certificate/],
    ['a certificate without a key', { cert }, /belong together/],
    ['a key without a certificate', { key }, /belong together/],
    ['the two exchanged', { cert: key, key: cert }, /tls-cert holds no certificate/],
    ['a key that is none', { cert, key: cert }, /tls-key holds no private key/],
    ['a key of another certificate', { cert, key: another.key }, /is not the one of the certificate/],
    [
      'an authority before our own certificate',
      { cert: ca + cert, key },
      /is not the one of the certificate/,
    ],
    ['an address for a name', { servername: '10.0.0.1' }, /tls-servername is no host name/],
    ['a name with a port', { servername: 'h:6380' }, /tls-servername is no host name/],
    ['an empty name', { servername: '' }, /tls-servername is no host name/],
  ])('%s', (_what, options, sentence) => {
    expect(refusal(options)).toMatch(sentence);
  });

  test('a key with a passphrase', () => {
    const { encrypted } = authority.issue('guardian');
    expect(refusal({ cert, key: encrypted() })).toMatch(/key in tls-key is encrypted.*passphrase/);
  });

  test.each(['redis://h', 'unix:///run/redis.sock', 'redis+sentinel://h/main'])('with %s', (url) => {
    expect(refusal({ ca }, url)).toMatch(/URL is one without TLS.*rediss:\/\//);
    expect(refusal({}, url)).toBeUndefined();
  });
});

test('the name that is told is the one given, else the host, and never an address', () => {
  const endpoint = { tls: true, host: 'h', port: 1, database: 0 };
  const always = { rejectUnauthorized: true };
  expect(tlsSettings(endpoint)).toEqual({ servername: 'h', ...always });
  expect(tlsSettings({ ...endpoint, host: '10.0.0.1' })).toEqual(always);
  expect(tlsSettings({ ...endpoint, host: '::1', tlsOptions: { ca } })).toEqual({ ca, ...always });
  expect(tlsSettings({ ...endpoint, tlsOptions: { servername: 'other' } })).toEqual({
    servername: 'other',
    ...always,
  });
});
