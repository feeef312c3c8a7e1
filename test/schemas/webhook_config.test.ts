import { describe, expect, test } from 'vitest';
import { objectionsOf, type Sound, type Unsound } from './schema.ts';

const objections = objectionsOf('webhook_config');

describe('webhook_config accepts', () => {
  test.each<Sound>([
    {
      fact: 'a whole document',
      document: {
        webhook_url: 'https://hook.eu2.make.com/0000-demo-token',
        webhook_ssl_verify: true,
        webhook_sending_enabled: true,
        webhook_delivery_mode: 'json',
        webhook_fallback_on_415: true,
        webhook_time_start: '08h00',
        webhook_time_end: '18h30',
        global_time_start: '',
        global_time_end: '',
        absence_pause_enabled: true,
        absence_pause_days: ['saturday', 'sunday'],
        _updated_at: '2026-11-02T11:52:46.018233+01:00',
      },
    },
    { fact: 'a single property', document: { webhook_sending_enabled: false } },
    { fact: 'nothing but _updated_at', document: { _updated_at: '2026-11-02T11:52:46+01:00' } },
    { fact: 'a property of an older version', document: { presence_flag: false } },
    { fact: 'the delivery mode form', document: { webhook_delivery_mode: 'form' } },
    {
      fact: 'a pause with one day',
      document: { absence_pause_enabled: true, absence_pause_days: ['monday'] },
    },
    {
      fact: 'no days while the pause is off',
      document: { absence_pause_enabled: false, absence_pause_days: [] },
    },
    { fact: 'no list of days while the pause is off', document: { absence_pause_enabled: false } },
    {
      fact: 'an empty list of days while nothing is said of the pause',
      document: { absence_pause_days: [] },
    },
    { fact: 'a day that is listed twice', document: { absence_pause_days: ['friday', 'friday'] } },
    {
      fact: 'all seven days',
      document: {
        absence_pause_days: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'],
      },
    },
  ])('$fact', ({ document }) => {
    expect(objections(document)).toEqual([]);
  });

  test.each(['', '08h00', '23h59', '00h00', '9h05', '18:30', '9:05', '0:00', '19H30', null])(
    '%j as a time of day',
    (time) => {
      const times = ['webhook_time_start', 'webhook_time_end', 'global_time_start', 'global_time_end'];
      expect(objections(Object.fromEntries(times.map((name) => [name, time])))).toEqual([]);
    },
  );

  test.each([
    null,
    '',
    'https://hook.eu2.make.com/0000-demo-token',
    'https://hook.eu2.make.com',
    'https://Hook.EU2.Make.com/x',
    'https://hook.eu2.make.com./x',
    'https://hook.eu2.make.com:8443/x',
    'https://hook.eu2.make.com?a=b',
    'https://hook.eu2.make.com#c',
    'https://user:pass@hook.eu2.make.com/x',
    'https://10.0.0.1@hook.eu2.make.com/x',
    'https://hook.eu2.make.com/@10.0.0.1/',
    'https://hook.eu2.make.com/?next=https://localhost/',
    'https://société.fr/crochet',
    'https://xn--socit-esab.fr/crochet',
    'https://my_hook.fennec.io/x',
    'https://8.8.8.8/x',
    'https://172.15.0.1/x',
    'https://172.32.0.1/x',
    'https://192.169.0.1/x',
    'https://169.253.0.1/x',
    'https://11.0.0.1/x',
    'https://100.10.0.1/x',
    'https://[2606:4700::1111]/x',
    'https://[2001:4860:4860::8888]/x',
    'https://[2001:200::1]/x',
    'https://[2a02:ec80:300:ed1a::1]/x',
    'https://user@[2606:4700::1111]:8443/x',
    'https://localhost.fennec.io/x',
    'https://notlocalhost.io/x',
    'https://example.com.fennec.io/x',
    'https://myexample.com/x',
    'https://example.community/x',
    'https://local.fennec.io/x',
    'https://10.fennec.io/x',
    'https://127.0.0.1.fennec.io/x',
  ])('%j as webhook_url', (url) => {
    expect(objections({ webhook_url: url })).toEqual([]);
  });
});

describe('webhook_config refuses', () => {
  test.each<Unsound>([
    { fact: 'an empty document', document: {}, at: '', keyword: 'minProperties' },
    { fact: 'a list', document: [{}], at: '', keyword: 'type' },
    { fact: 'a numeric _updated_at', document: { _updated_at: 0 }, at: '/_updated_at', keyword: 'type' },
    {
      fact: 'a webhook_ssl_verify of "yes"',
      document: { webhook_ssl_verify: 'yes' },
      at: '/webhook_ssl_verify',
      keyword: 'type',
    },
    {
      fact: 'a webhook_sending_enabled of 1',
      document: { webhook_sending_enabled: 1 },
      at: '/webhook_sending_enabled',
      keyword: 'type',
    },
    {
      fact: 'a webhook_fallback_on_415 of null',
      document: { webhook_fallback_on_415: null },
      at: '/webhook_fallback_on_415',
      keyword: 'type',
    },
    {
      fact: 'an absence_pause_enabled of "false"',
      document: { absence_pause_enabled: 'false' },
      at: '/absence_pause_enabled',
      keyword: 'type',
    },
    {
      fact: 'the delivery mode xml',
      document: { webhook_delivery_mode: 'xml' },
      at: '/webhook_delivery_mode',
      keyword: 'enum',
    },
    {
      fact: 'the delivery mode JSON in capitals',
      document: { webhook_delivery_mode: 'JSON' },
      at: '/webhook_delivery_mode',
      keyword: 'enum',
    },
    {
      fact: 'a pause without a list of days',
      document: { absence_pause_enabled: true },
      at: '',
      keyword: 'required',
    },
    {
      fact: 'a pause without a day',
      document: { absence_pause_enabled: true, absence_pause_days: [] },
      at: '/absence_pause_days',
      keyword: 'minItems',
    },
    {
      fact: 'a day with a capital',
      document: { absence_pause_days: ['Monday'] },
      at: '/absence_pause_days/0',
      keyword: 'enum',
    },
    {
      fact: 'a day in French',
      document: { absence_pause_days: ['monday', 'mardi'] },
      at: '/absence_pause_days/1',
      keyword: 'enum',
    },
    {
      fact: 'a day as a number',
      document: { absence_pause_days: [0] },
      at: '/absence_pause_days/0',
      keyword: 'enum',
    },
    {
      fact: 'days in one string',
      document: { absence_pause_days: 'monday' },
      at: '/absence_pause_days',
      keyword: 'type',
    },
    {
      fact: 'a webhook_url that is a number',
      document: { webhook_url: 1 },
      at: '/webhook_url',
      keyword: 'type',
    },
    {
      fact: 'a time that is a number',
      document: { webhook_time_start: 8 },
      at: '/webhook_time_start',
      keyword: 'type',
    },
  ])('$fact', ({ document, at, keyword }) => {
    expect(objections(document)[0]).toMatchObject({ instancePath: at, keyword });
  });

  test.each([
    '24h00',
    '8h',
    '8',
    '08h60',
    '08h5',
    '08-30',
    '08h00 ',
    '8am',
    ' ',
    '008h00',
    '08h00h',
    '08hh00',
  ])('%j as a time of day', (time) => {
    for (const name of ['webhook_time_start', 'webhook_time_end', 'global_time_start', 'global_time_end']) {
      expect(objections({ [name]: time })[0]).toMatchObject({ instancePath: `/${name}`, keyword: 'pattern' });
    }
  });

  describe('as webhook_url', () => {
    const refusals: Readonly<Record<string, { readonly place: string; readonly urls: readonly string[] }>> = {
      'what is no well-formed https:// URL': {
        place: '#/properties/webhook_url/pattern',
        urls: [
          'http://hook.eu2.make.com/x',
          'HTTPS://hook.eu2.make.com/x',
          'ftp://hook.eu2.make.com/x',
          'hook.eu2.make.com/x',
          '//hook.eu2.make.com/x',
          '0000-demo@hook.eu2.make.com',
          '0000-demo',
          'https://',
          'https:///x',
          'https://:443/x',
          'https://user@/x',
          ' https://hook.eu2.make.com/x',
          'https://hook.eu2.make.com /x',
          'https://<your-host>.io/x',
          'https://{host}.io/x',
          'https://hook..make.com/x',
          'https://hook.eu2.make.com:port/x',
          'https://hook.eu2.make.com\\@10.0.0.1/x',
          'https://2130706433/x',
          'https://127.1/x',
          'https://0x7f000001/x',
          'https://0x7f.0.0.1/x',
          'https://0177.0.0.1/x',
          'https://256.1.1.1/x',
          'https://%31%32%37.0.0.1/x',
          'https://１２７.０.０.１/x',
          'https://[fe80::1%25eth0]/x',
          'https://[10.0.0.1/x',
          'https://hook.eu2.make.com:443:443/x',
        ],
      },
      'an address that is private, loopback or link-local': {
        place: '#/properties/webhook_url/allOf/0/pattern',
        urls: [
          'https://127.0.0.1/x',
          'https://127.255.255.254',
          'https://10.0.0.1:8443/x',
          'https://user@10.0.0.1:8443/x',
          'https://user:p@ss@10.0.0.1/x',
          'https://hook.eu2.make.com@10.0.0.1/x',
          'https://10.0.0.1?x',
          'https://10.0.0.1#x',
          'https://172.16.0.1/x',
          'https://172.31.255.255/x',
          'https://192.168.1.10/x',
          'https://169.254.169.254/latest/meta-data',
          'https://0.0.0.0/x',
          'https://0.1.2.3/x',
          'https://192.0.2.1/x',
          'https://198.18.0.1/x',
          'https://198.51.100.7/x',
          'https://203.0.113.9/x',
          'https://255.255.255.255/x',
          'https://[::1]/x',
          'https://[::1]:8443/x',
          'https://user@[::1]/x',
          'https://[0:0:0:0:0:0:0:1]/x',
          'https://[::]/x',
          'https://[fc00::1]/x',
          'https://[FD12:3456::1]/x',
          'https://[fe80::1]/x',
          'https://[FE80::1]/x',
          'https://[::ffff:10.0.0.1]/x',
          'https://[::ffff:7f00:1]/x',
          'https://[::FFFF:192.168.0.1]:443/x',
          'https://[0:0:0:0:0:ffff:a00:1]/x',
          'https://[2001:db8::1]/x',
          'https://[2001::7f00:1]/x',
          'https://[3fff:fff::1]/x',
        ],
      },
      'a name that is reserved or has no dot': {
        place: '#/properties/webhook_url/allOf/1/pattern',
        urls: [
          'https://localhost',
          'https://LOCALHOST:5000/x',
          'https://user@localhost/x',
          'https://localhost./x',
          'https://webhook/x.php',
          'https://hook.localhost/x',
          'https://hook.LocalHost:8443/x',
          'https://hook.localhost./x',
          'https://localhost.localdomain/x',
          'https://printer.local/x',
          'https://metadata.google.internal/x',
          'https://example.com',
          'https://example.com/hook',
          'https://EXAMPLE.com/hook',
          'https://example.com./hook',
          'https://example.net:443/hook',
          'https://example.org?x',
          'https://www.example.com/hook',
          'https://user:pass@hooks.Example.Org/hook',
          'https://hook.fennec.test/x',
          'https://hook.fennec.example/x',
          'https://hook.invalid/x',
        ],
      },
    };
    for (const [what, { place, urls }] of Object.entries(refusals)) {
      test.each(urls)(`${what}: %s`, (url) => {
        const [first, ...more] = objections({ webhook_url: url });
        expect(first).toMatchObject({ instancePath: '/webhook_url', schemaPath: place });
        expect(more).toEqual([]);
      });
    }
  });
});
