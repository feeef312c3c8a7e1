import { describe, expect, test } from 'vitest';
import { parseEndpoint } from '../../src/adapters/endpoint/url.ts';
import { plain } from '../../src/core/plain.ts';

describe('an endpoint', () => {
  test.each([
    ['https://app.example', 'https://app.example/api/verify_config_store'],
    ['https://app.example/', 'https://app.example/api/verify_config_store'],
    [' https://app.example:8443\n', 'https://app.example:8443/api/verify_config_store'],
    ['https://app.example/mail/api/verify_config_store', 'https://app.example/mail/api/verify_config_store'],
    ['http://127.0.0.1:5000', 'http://127.0.0.1:5000/api/verify_config_store'],
    ['http://localhost:5000', 'http://localhost:5000/api/verify_config_store'],
    ['http://[::1]:5000', 'http://[::1]:5000/api/verify_config_store'],
  ])('%j is %s', (text, expected) => {
    const parsed = parseEndpoint(text);
    expect(parsed.ok && parsed.url.href).toBe(expected);
  });

  test.each([
    ['', 'the URL after endpoint: is empty'],
    ['app.example', "the URL after endpoint: can't be read"],
    ['https://', "the URL after endpoint: can't be read"],
    ['ftp://app.example', "the URL after endpoint: doesn't begin with https://"],
    ['localhost:5000', "the URL after endpoint: doesn't begin with https://"],
    ['https://Tr0ub4dor@app.example', 'the URL after endpoint: holds a user or a password'],
    ['http://u:Tr0ub4dor@app.example', 'the URL after endpoint: holds a user or a password'],
    ['https://app.example?token=Tr0ub4dor', 'the URL after endpoint: has a ? or a #'],
    ['https://app.example#Tr0ub4dor', 'the URL after endpoint: has a ? or a #'],
    [
      'http://app.example',
      'the URL after endpoint: begins with http://, so everybody on the way could read the configs and the sign-in',
    ],
    [
      'http://127.0.0.1.example.com',
      'the URL after endpoint: begins with http://, so everybody on the way could read the configs and the sign-in',
    ],
  ])('is not %j', (text, why) => {
    const parsed = parseEndpoint(text);
    expect(parsed.ok ? undefined : plain(parsed.why)).toBe(why);
    expect(JSON.stringify(parsed)).not.toContain('Tr0ub4dor');
  });
});
