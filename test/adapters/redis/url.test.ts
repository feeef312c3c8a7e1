import { describe, expect, test } from 'vitest';
import { address, type Endpoint, parseRedisUrl, publicUrl } from '../../../src/adapters/redis/url.ts';
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
    [`unix:///${SECRET}.sock`, /begins with unix:\/\/$/],
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

describe('a server is named', () => {
  const endpoint: Endpoint = { ...plainly, ...login, database: 2 };

  test.each<[Endpoint, at: string, url: string]>([
    [endpoint, 'h:6379', 'redis://h:6379/2'],
    [{ ...endpoint, tls: true }, 'h:6379', 'rediss://h:6379/2'],
    [{ ...endpoint, host: '::1' }, '[::1]:6379', 'redis://[::1]:6379/2'],
  ])('without credentials', (given, at, url) => {
    expect(address(given)).toBe(at);
    expect(publicUrl(given)).toBe(url);
  });
});
