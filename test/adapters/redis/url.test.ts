import { describe, expect, test } from 'vitest';
import {
  address,
  type Endpoint,
  parseRedisUrl,
  publicUrl,
  secretsOf,
} from '../../../src/adapters/redis/url.ts';
import { plain } from '../../../src/core/plain.ts';

const SECRET = 'hunter2';

/** The endpoint, or the sentence that refuses the URL. */
function parse(text: string): Endpoint | string {
  const parsed = parseRedisUrl(text);
  return parsed.ok ? parsed.endpoint : plain(parsed.why);
}

const plainly: Endpoint = { tls: false, host: 'h', port: 6379, database: 0 };
const login = { username: 'u', password: SECRET };

describe('(5) a Redis URL is understood', () => {
  test.each<[url: string, endpoint: Endpoint]>([
    ['redis://h', plainly],
    ['redis://h/', plainly],
    ['redis://h/0', plainly],
    ['redis://h?', plainly],
    ['  redis://h:6380/3\n', { ...plainly, port: 6380, database: 3 }],
    ['redis://h/15', { ...plainly, database: 15 }],
    ['redis://h/99999', { ...plainly, database: 99999 }],
    ['rediss://h', { ...plainly, tls: true }],
    ['REDISS://h', { ...plainly, tls: true }],
    ['Redis://h', plainly],
    ['redis://localhost:1', { ...plainly, host: 'localhost', port: 1 }],
    ['redis://10.0.0.1:65535', { ...plainly, host: '10.0.0.1', port: 65535 }],
    ['redis://[::1]', { ...plainly, host: '::1' }],
    ['rediss://[2001:db8::1]:6380/1', { tls: true, host: '2001:db8::1', port: 6380, database: 1 }],
    [`redis://u:${SECRET}@h`, { ...plainly, ...login }],
    [`redis://:${SECRET}@h`, { ...plainly, password: SECRET }],
    ['redis://u:p%40%3A%2F%23%3F%25@h', { ...plainly, username: 'u', password: 'p@:/#?%' }],
    ['redis://u%40x:p@h', { ...plainly, username: 'u@x', password: 'p' }],
    ['redis://u:p@ss@h', { ...plainly, username: 'u', password: 'p@ss' }],
    ['redis://u:p:ss+é@h', { ...plainly, username: 'u', password: 'p:ss+é' }],
  ])('%j', (url, endpoint) => {
    expect(parse(url)).toEqual(endpoint);
  });
});

describe('(5) a Redis URL is refused, with a sentence that does not quote it:', () => {
  test.each<[url: string, sentence: RegExp]>([
    [`valkeys://u:${SECRET}@h`, /begins with valkeys:\/\/$/],
    [`unixsocket://${SECRET}.sock`, /begins with another scheme$/],
    [`http://u:${SECRET}@h`, /begins with http:\/\/$/],
    [`${SECRET}:abc`, /begins with another scheme$/],
    [SECRET, /can't be read/],
    ['localhost:6379', /doesn't begin with redis:/],
    ['127.0.0.1:6379/0', /doesn't begin with redis:/],
    ['', /is empty/],
    [' \t\n', /is empty/],
    [`redis:${SECRET}`, /names no host/],
    ['redis:///0', /names no host/],
    [`redis://u:${SECRET}@`, /missing host/],
    ['redis://:6379', /missing host/],
    [`redis://u:${SECRET}@h:0`, /port 0/],
    [`redis://u:${SECRET}@h:70000`, /port beyond 65535/],
    [`redis://u:${SECRET}@h/abc`, /no database number/],
    [`redis://u:${SECRET}@h/-1`, /no database number/],
    [`redis://u:${SECRET}@h/1.5`, /no database number/],
    [`redis://u:${SECRET}@h/0/1`, /no database number/],
    [`redis://u:${SECRET}@h/999999`, /no database number/],
    [`redis://u:${SECRET}@h/99999999999999999999`, /no database number/],
    [`redis://u:${SECRET}@h?connectTimeout=5000`, /query parameter; none is supported/],
    [`redis://h/0?password=${SECRET}`, /query parameter/],
    [`redis://h/0?${SECRET}`, /query parameter/],
    // What follows is a password with a character that ends it, so that the host would be another.
    [`redis://user#${SECRET}@h`, /#; .*%23/],
    [`redis://:12#${SECRET}@h`, /#; .*%23|percent-encoded/],
    [`redis://:p#${SECRET}@h`, /percent-encoded/],
    [`redis://:p/${SECRET}@h`, /percent-encoded/],
    [`redis://u:12/${SECRET}@h`, /no database number/],
    [`redis://u:12?${SECRET}@h`, /query parameter/],
    [`redis://u:12%${SECRET}@h`, /% that escapes nothing.*%25/],
    [`redis://u:${SECRET}%@h`, /% that escapes nothing/],
    [`redis://u:${SECRET}%FF@h`, /% that escapes nothing/],
    [`redis://%zz:${SECRET}@h`, /% that escapes nothing/],
    [`redis://${SECRET}@h`, /user without a password.*:/],
  ])('%j', (url, sentence) => {
    const parsed = parseRedisUrl(url);
    expect(parse(url)).toMatch(sentence);
    expect(JSON.stringify(parsed)).not.toContain(SECRET);
    expect(parsed).toHaveProperty('advice');
  });
});

describe('the URL of a Unix socket', () => {
  const at: Endpoint = { ...plainly, host: 'localhost', socket: '/run/redis.sock' };

  test.each<[url: string, endpoint: Endpoint]>([
    ['unix:///run/redis.sock', at],
    [' UNIX:///run/redis.sock\n', at],
    ['redis+unix:///run/redis.sock?', at],
    ['unix:///run/redis.sock?db=3', { ...at, database: 3 }],
    [`unix://u:${SECRET}@/run/redis.sock`, { ...at, ...login }],
    [`unix://:${SECRET}@/run/redis.sock?db=0`, { ...at, password: SECRET }],
    ['unix://u:p%40%2F%3A@/run/redis.sock', { ...at, username: 'u', password: 'p@/:' }],
    ['unix://u:p@ss+:@/run/redis.sock', { ...at, username: 'u', password: 'p@ss+:' }],
    ['unix:///run/my%20redis%3F.sock', { ...at, socket: '/run/my redis?.sock' }],
    ['unix:///run/ä:@.sock', { ...at, socket: '/run/ä:@.sock' }],
  ])('is understood: %j', (url, endpoint) => {
    expect(parse(url)).toEqual(endpoint);
  });

  test.each<[url: string, sentence: RegExp]>([
    ['unix://', /names no socket/],
    ['unix:///', /names no socket/],
    [`unix:///run/${SECRET}/`, /names no socket/],
    [`unix:///run/%0A${SECRET}`, /names no socket/],
    [`unix:///run/%${SECRET}`, /names no socket/],
    [`unix://run/${SECRET}`, /third \/.*%2F/],
    [`unix://u:p/${SECRET}@/run/redis.sock`, /third \/.*%2F/],
    [`unix://${SECRET}@/run/redis.sock`, /user without a password/],
    [`unix://u:%${SECRET}@/run/redis.sock`, /% that escapes nothing/],
    [`unix:///run/redis.sock#${SECRET}`, /has a #/],
    [`unix:///run/redis.sock?db=${SECRET}`, /db is no database number/],
    ['unix:///run/redis.sock?db=-1', /db is no database number/],
    ['unix:///run/redis.sock?db=1&db=2', /stands twice/],
    ['unix:///run/redis.sock?db=', /is empty/],
    [`unix:///run/redis.sock?password=${SECRET}`, /parameter that isn't supported/],
  ])('is refused, with a sentence that does not quote it: %j', (url, sentence) => {
    const parsed = parseRedisUrl(url);
    expect(parse(url)).toMatch(sentence);
    expect(JSON.stringify(parsed)).not.toContain(SECRET);
    expect(parsed.ok ? '' : plain(parsed.advice)).toContain('unix://');
  });
});

describe('the URL of Sentinels', () => {
  const [a, b] = [
    { host: 'a', port: 26379 },
    { host: 'b', port: 1 },
  ];
  const at: Endpoint = { tls: false, ...a, database: 0, sentinels: { hosts: [a], primary: 'main' } };

  test.each<[url: string, endpoint: Endpoint]>([
    ['redis+sentinel://a/main', at],
    ['Redis+Sentinel://a:26379/main/0', at],
    ['rediss+sentinel://a/main/', { ...at, tls: true }],
    ['redis+sentinel://a/main/15', { ...at, database: 15 }],
    ['redis+sentinel://a,b:1/main', { ...at, sentinels: { hosts: [a, b], primary: 'main' } }],
    [
      'redis+sentinel://[::1]:5,10.0.0.1/My.main-2',
      {
        ...at,
        host: '::1',
        port: 5,
        sentinels: {
          hosts: [
            { host: '::1', port: 5 },
            { host: '10.0.0.1', port: 26379 },
          ],
          primary: 'My.main-2',
        },
      },
    ],
    [`redis+sentinel://u:${SECRET}@a/main`, { ...at, ...login }],
    ['redis+sentinel://:p@ss%2C@a/main', { ...at, password: 'p@ss,' }],
    [
      `redis+sentinel://a/main?sentinel-password=a%26+${SECRET}&sentinel-user=s`,
      { ...at, sentinels: { hosts: [a], primary: 'main', username: 's', password: `a&+${SECRET}` } },
    ],
  ])('is understood: %j', (url, endpoint) => {
    expect(parse(url)).toEqual(endpoint);
  });

  test.each<[url: string, sentence: RegExp]>([
    ['redis+sentinel://', /no host or host:port/],
    ['redis+sentinel:///main', /no host or host:port/],
    ['redis+sentinel://a,/main', /no host or host:port/],
    ['redis+sentinel://a:0/main', /no host or host:port/],
    ['redis+sentinel://a:65536/main', /no host or host:port/],
    ['redis+sentinel://[1.2.3.4]/main', /no host or host:port/],
    ['redis+sentinel://::1/main', /no host or host:port/],
    [`redis+sentinel://u:p/${SECRET}@a/main`, /no host or host:port.*%2F/],
    ['redis+sentinel://a', /what the Sentinels call the primary/],
    ['redis+sentinel://a/', /what the Sentinels call the primary/],
    [`redis+sentinel://a/ma%20${SECRET}`, /what the Sentinels call the primary/],
    [`redis+sentinel://a/main/${SECRET}`, /no database number/],
    ['redis+sentinel://a/main/0/1', /what the Sentinels call the primary/],
    [`redis+sentinel://a/main?password=${SECRET}`, /parameter that isn't supported/],
    [`redis+sentinel://a/main?sentinel-user=${SECRET}`, /sentinel-user without a sentinel-password/],
    [`redis+sentinel://a/main?sentinel-password=%${SECRET}`, /% that escapes nothing/],
    [`redis+sentinel://a/main#${SECRET}`, /has a #/],
  ])('is refused, with a sentence that does not quote it: %j', (url, sentence) => {
    const parsed = parseRedisUrl(url);
    expect(parse(url)).toMatch(sentence);
    expect(JSON.stringify(parsed)).not.toContain(SECRET);
    expect(parsed.ok ? '' : plain(parsed.advice)).toContain('redis+sentinel://');
  });
});

describe('a server is named', () => {
  const endpoint: Endpoint = { ...plainly, ...login, database: 2 };
  const sentinels = {
    hosts: [
      { host: 'a', port: 26379 },
      { host: '::1', port: 1 },
    ],
    primary: 'main',
    password: SECRET,
  } as const;

  test.each<[Endpoint, at: string, url: string]>([
    [endpoint, 'h:6379', 'redis://h:6379/2'],
    [{ ...endpoint, tls: true }, 'h:6379', 'rediss://h:6379/2'],
    [{ ...endpoint, host: '::1' }, '[::1]:6379', 'redis://[::1]:6379/2'],
    [{ ...endpoint, socket: '/r.sock' }, '/r.sock', 'unix:///r.sock?db=2'],
    [{ ...endpoint, socket: '/r.sock', database: 0 }, '/r.sock', 'unix:///r.sock'],
    [{ ...endpoint, sentinels }, 'a:26379,[::1]:1/main', 'redis+sentinel://a:26379,[::1]:1/main/2'],
    [
      { ...endpoint, sentinels, tls: true },
      'a:26379,[::1]:1/main',
      'rediss+sentinel://a:26379,[::1]:1/main/2',
    ],
  ])('without credentials', (given, at, url) => {
    expect(address(given)).toBe(at);
    expect(publicUrl(given)).toBe(url);
  });

  test('and what is secret about it is known, however it was spelled', () => {
    const url = 'redis+sentinel://u:p%40@a/main?sentinel-password=%2Fq';
    const parsed = parseRedisUrl(url);
    expect(parsed.ok && secretsOf(parsed.endpoint)).toEqual(['p@', '/q']);
    expect(secretsOf({ ...plainly, tls: true, tlsOptions: { cert: 'c', key: 'k' } })).toEqual(['k']);
    expect(secretsOf(plainly)).toEqual([]);
  });
});
