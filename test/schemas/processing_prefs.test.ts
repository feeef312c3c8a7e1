import { describe, expect, test } from 'vitest';
import { objectionsOf, type Sound, type Unsound } from './schema.ts';

const objections = objectionsOf('processing_prefs');

describe('processing_prefs accepts', () => {
  test.each<Sound>([
    {
      fact: 'all properties at their defaults',
      document: {
        exclude_keywords: [],
        exclude_keywords_recadrage: [],
        exclude_keywords_autorepondeur: [],
        require_attachments: false,
        max_email_size_mb: null,
        sender_priority: {},
        retry_count: 0,
        retry_delay_sec: 2,
        webhook_timeout_sec: 30,
        rate_limit_per_hour: 5,
        notify_on_failure: false,
        mirror_media_to_custom: true,
        _updated_at: '2026-11-02T09:14:27.305118+01:00',
      },
    },
    { fact: 'a single property', document: { retry_count: 1 } },
    { fact: 'nothing but _updated_at', document: { _updated_at: '2026-11-02T09:14:27+01:00' } },
    { fact: 'a null _updated_at', document: { _updated_at: null } },
    { fact: 'an _updated_at that is no date, which another check tells', document: { _updated_at: 'soon' } },
    { fact: 'only a property of an older version', document: { presence_flag: true } },
    { fact: 'an unknown property beside known ones', document: { retry_count: 0, legacy: [1, { a: null }] } },
    { fact: 'an unknown property named constructor', document: { constructor: 1 } },
    { fact: 'the lowest retry_count, 0', document: { retry_count: 0 } },
    { fact: 'the highest retry_count, 10', document: { retry_count: 10 } },
    { fact: 'a retry_count of 1.0, which is an integer', document: JSON.parse('{"retry_count": 1.0}') },
    { fact: 'the lowest retry_delay_sec, 0', document: { retry_delay_sec: 0 } },
    { fact: 'the highest retry_delay_sec, 600', document: { retry_delay_sec: 600 } },
    { fact: 'the lowest webhook_timeout_sec, 1', document: { webhook_timeout_sec: 1 } },
    { fact: 'the highest webhook_timeout_sec, 300', document: { webhook_timeout_sec: 300 } },
    { fact: 'the lowest rate_limit_per_hour, 0', document: { rate_limit_per_hour: 0 } },
    { fact: 'the highest rate_limit_per_hour, 100000', document: { rate_limit_per_hour: 100_000 } },
    { fact: 'a max_email_size_mb of null', document: { max_email_size_mb: null } },
    { fact: 'a max_email_size_mb of 1', document: { max_email_size_mb: 1 } },
    { fact: 'a very large max_email_size_mb', document: { max_email_size_mb: 1_000_000 } },
    { fact: 'an empty keyword, which stripping leaves behind', document: { exclude_keywords: [''] } },
    { fact: 'keywords outside ASCII', document: { exclude_keywords_recadrage: ['désabonnement', '緊急'] } },
    {
      fact: 'the three priorities',
      document: {
        sender_priority: { 'a@fennec.example': 'high', 'b@c.example': 'medium', 'd@e.example': 'low' },
      },
    },
    {
      fact: 'an address with a tag, digits and dots',
      document: { sender_priority: { 'o.n+t4g@x-1.example': 'low' } },
    },
    {
      fact: 'an address with letters outside ASCII',
      document: { sender_priority: { 'zoé@société.example': 'low' } },
    },
    { fact: 'an address at a host without a dot', document: { sender_priority: { 'cron@mailhost': 'low' } } },
  ])('$fact', ({ document }) => {
    expect(objections(document)).toEqual([]);
  });
});

describe('processing_prefs refuses', () => {
  test.each<Unsound>([
    { fact: 'an empty document', document: {}, at: '', keyword: 'minProperties' },
    { fact: 'a document that is an array', document: [], at: '', keyword: 'type' },
    { fact: 'a document that is null', document: null, at: '', keyword: 'type' },
    { fact: 'a document that is a string', document: '{}', at: '', keyword: 'type' },
    {
      fact: 'a numeric _updated_at',
      document: { _updated_at: 1793606400 },
      at: '/_updated_at',
      keyword: 'type',
    },
    { fact: 'a retry_count of -1', document: { retry_count: -1 }, at: '/retry_count', keyword: 'minimum' },
    { fact: 'a retry_count of 11', document: { retry_count: 11 }, at: '/retry_count', keyword: 'maximum' },
    { fact: 'a retry_count of 1.5', document: { retry_count: 1.5 }, at: '/retry_count', keyword: 'type' },
    {
      fact: 'a retry_count that is a string',
      document: { retry_count: '3' },
      at: '/retry_count',
      keyword: 'type',
    },
    { fact: 'a retry_count of true', document: { retry_count: true }, at: '/retry_count', keyword: 'type' },
    { fact: 'a retry_count of null', document: { retry_count: null }, at: '/retry_count', keyword: 'type' },
    {
      fact: 'a retry_delay_sec of 601',
      document: { retry_delay_sec: 601 },
      at: '/retry_delay_sec',
      keyword: 'maximum',
    },
    {
      fact: 'a retry_delay_sec of -1',
      document: { retry_delay_sec: -1 },
      at: '/retry_delay_sec',
      keyword: 'minimum',
    },
    {
      fact: 'a webhook_timeout_sec of 0',
      document: { webhook_timeout_sec: 0 },
      at: '/webhook_timeout_sec',
      keyword: 'minimum',
    },
    {
      fact: 'a webhook_timeout_sec of 301',
      document: { webhook_timeout_sec: 301 },
      at: '/webhook_timeout_sec',
      keyword: 'maximum',
    },
    {
      fact: 'a rate_limit_per_hour of 100001',
      document: { rate_limit_per_hour: 100_001 },
      at: '/rate_limit_per_hour',
      keyword: 'maximum',
    },
    {
      fact: 'a negative rate_limit_per_hour',
      document: { rate_limit_per_hour: -1 },
      at: '/rate_limit_per_hour',
      keyword: 'minimum',
    },
    {
      fact: 'a max_email_size_mb of 0',
      document: { max_email_size_mb: 0 },
      at: '/max_email_size_mb',
      keyword: 'exclusiveMinimum',
    },
    {
      fact: 'a negative max_email_size_mb',
      document: { max_email_size_mb: -5 },
      at: '/max_email_size_mb',
      keyword: 'exclusiveMinimum',
    },
    {
      fact: 'a max_email_size_mb of 2.5',
      document: { max_email_size_mb: 2.5 },
      at: '/max_email_size_mb',
      keyword: 'type',
    },
    {
      fact: 'keywords in one string',
      document: { exclude_keywords: 'a, b' },
      at: '/exclude_keywords',
      keyword: 'type',
    },
    {
      fact: 'a keyword that is a number',
      document: { exclude_keywords: ['a', 7] },
      at: '/exclude_keywords/1',
      keyword: 'type',
    },
    {
      fact: 'a keyword of the recadrage list that is null',
      document: { exclude_keywords_recadrage: [null] },
      at: '/exclude_keywords_recadrage/0',
      keyword: 'type',
    },
    {
      fact: 'a null list of autorepondeur keywords',
      document: { exclude_keywords_autorepondeur: null },
      at: '/exclude_keywords_autorepondeur',
      keyword: 'type',
    },
    {
      fact: 'require_attachments as 1',
      document: { require_attachments: 1 },
      at: '/require_attachments',
      keyword: 'type',
    },
    {
      fact: 'notify_on_failure as "true"',
      document: { notify_on_failure: 'true' },
      at: '/notify_on_failure',
      keyword: 'type',
    },
    {
      fact: 'mirror_media_to_custom as null',
      document: { mirror_media_to_custom: null },
      at: '/mirror_media_to_custom',
      keyword: 'type',
    },
    {
      fact: 'a list of priorities',
      document: { sender_priority: ['a@b.example'] },
      at: '/sender_priority',
      keyword: 'type',
    },
    {
      fact: 'a priority that is none of the three',
      document: { sender_priority: { 'a@b.example': 'urgent' } },
      at: '/sender_priority/a@b.example',
      keyword: 'enum',
    },
    {
      fact: 'a priority with a capital',
      document: { sender_priority: { 'a@b.example': 'High' } },
      at: '/sender_priority/a@b.example',
      keyword: 'enum',
    },
    {
      fact: 'an address with a capital',
      document: { sender_priority: { 'Ann@b.example': 'low' } },
      at: '/sender_priority',
      keyword: 'pattern',
    },
    {
      fact: 'an address with a capital outside ASCII',
      document: { sender_priority: { 'Élise@b.example': 'low' } },
      at: '/sender_priority',
      keyword: 'pattern',
    },
    {
      fact: 'a host where an address should be',
      document: { sender_priority: { 'b.example': 'low' } },
      at: '/sender_priority',
      keyword: 'pattern',
    },
    {
      fact: 'an address with a display name',
      document: { sender_priority: { 'ann <a@b.example>': 'low' } },
      at: '/sender_priority',
      keyword: 'pattern',
    },
    {
      fact: 'an empty address',
      document: { sender_priority: { '': 'low' } },
      at: '/sender_priority',
      keyword: 'pattern',
    },
  ])('$fact', ({ document, at, keyword }) => {
    expect(objections(document)[0]).toMatchObject({ instancePath: at, keyword });
  });
});
