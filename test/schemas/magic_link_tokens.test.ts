import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { objectionsOf, type Sound, type Unsound } from './schema.ts';

const objections = objectionsOf('magic_link_tokens');

const token = { expires_at: 1793614500, consumed: false, consumed_at: null, single_use: true };
const withToken = (change: JsonObject): Json => ({ 'demo-link': { ...token, ...change } });

function without(name: string): Json {
  return { 'demo-link': Object.fromEntries(Object.entries(token).filter(([member]) => member !== name)) };
}

describe('magic_link_tokens accepts', () => {
  test.each<Sound>([
    { fact: 'a live token', document: withToken({}) },
    { fact: 'a used token', document: withToken({ consumed: true, consumed_at: 1793613887.482913 }) },
    { fact: 'a used token without the time of its use', document: withToken({ consumed: true }) },
    { fact: 'a permanent login link', document: withToken({ expires_at: null, single_use: false }) },
    { fact: 'a token that may be used once, at any time', document: withToken({ expires_at: null }) },
    {
      fact: 'an expiry that a float holds',
      document: JSON.parse(
        '{"a": {"expires_at": 1793614500.0, "consumed": false, "consumed_at": null, "single_use": true}}',
      ),
    },
    { fact: 'a fractional expiry', document: withToken({ expires_at: 1793614500.25 }) },
    { fact: 'an expiry in the past', document: withToken({ expires_at: 1 }) },
    { fact: 'an expiry at the epoch', document: withToken({ expires_at: 0 }) },
    { fact: 'several tokens', document: { a: token, b: token, c: token } },
    {
      fact: 'the save time beside the tokens',
      document: { a: token, _updated_at: '2026-11-02T08:20:04+01:00' },
    },
    { fact: 'a null save time beside the tokens', document: { a: token, _updated_at: null } },
    {
      fact: 'nothing but the save time, which cleaning up leaves',
      document: { _updated_at: '2026-11-02T08:20:04+01:00' },
    },
    { fact: 'an unknown property of a token', document: withToken({ created_by: 'dashboard' }) },
    { fact: 'an id of any characters', document: { 'aé /~.-_=': token } },
    { fact: 'an id named constructor', document: { constructor: token } },
    { fact: 'an id that starts with an underscore', document: { _demo: token } },
  ])('$fact', ({ document }) => {
    expect(objections(document)).toEqual([]);
  });
});

describe('magic_link_tokens refuses', () => {
  const place = '/demo-link';

  test.each<Unsound>([
    { fact: 'an empty document', document: {}, at: '', keyword: 'minProperties' },
    { fact: 'a list of tokens', document: [token], at: '', keyword: 'type' },
    { fact: 'a document that is null', document: null, at: '', keyword: 'type' },
    { fact: 'an empty id', document: { '': token }, at: '', keyword: 'minLength' },
    { fact: 'a token that is a string', document: { 'demo-link': 'live' }, at: place, keyword: 'type' },
    { fact: 'a token that is null', document: { 'demo-link': null }, at: place, keyword: 'type' },
    { fact: 'a token that is a list', document: { 'demo-link': [] }, at: place, keyword: 'type' },
    { fact: 'a token that is a number', document: { 'demo-link': 1793614500 }, at: place, keyword: 'type' },
    { fact: 'a token without anything', document: { 'demo-link': {} }, at: place, keyword: 'required' },
    { fact: 'a token without expires_at', document: without('expires_at'), at: place, keyword: 'required' },
    { fact: 'a token without consumed', document: without('consumed'), at: place, keyword: 'required' },
    { fact: 'a token without consumed_at', document: without('consumed_at'), at: place, keyword: 'required' },
    { fact: 'a token without single_use', document: without('single_use'), at: place, keyword: 'required' },
    {
      fact: 'an expires_at as a date',
      document: withToken({ expires_at: '2026-11-02T09:15:00Z' }),
      at: `${place}/expires_at`,
      keyword: 'type',
    },
    {
      fact: 'an expires_at as digits',
      document: withToken({ expires_at: '1793614500' }),
      at: `${place}/expires_at`,
      keyword: 'type',
    },
    {
      fact: 'an expires_at of false',
      document: withToken({ expires_at: false }),
      at: `${place}/expires_at`,
      keyword: 'type',
    },
    {
      fact: 'a consumed of null',
      document: withToken({ consumed: null }),
      at: `${place}/consumed`,
      keyword: 'type',
    },
    {
      fact: 'a consumed of 1',
      document: withToken({ consumed: 1 }),
      at: `${place}/consumed`,
      keyword: 'type',
    },
    {
      fact: 'a consumed that is a string',
      document: withToken({ consumed: 'false' }),
      at: `${place}/consumed`,
      keyword: 'type',
    },
    {
      fact: 'a consumed_at that is a date',
      document: withToken({ consumed_at: '2026-11-02' }),
      at: `${place}/consumed_at`,
      keyword: 'type',
    },
    {
      fact: 'a consumed_at of true',
      document: withToken({ consumed_at: true }),
      at: `${place}/consumed_at`,
      keyword: 'type',
    },
    {
      fact: 'a single_use of null',
      document: withToken({ single_use: null }),
      at: `${place}/single_use`,
      keyword: 'type',
    },
    {
      fact: 'a single_use that is a string',
      document: withToken({ single_use: 'true' }),
      at: `${place}/single_use`,
      keyword: 'type',
    },
    {
      fact: 'a broken token behind a sound one',
      document: { a: token, b: { ...token, consumed: 0 } },
      at: '/b/consumed',
      keyword: 'type',
    },
    {
      fact: 'a numeric save time',
      document: { a: token, _updated_at: 1793604004 },
      at: '/_updated_at',
      keyword: 'type',
    },
    {
      fact: 'a token in the place of the save time',
      document: { a: token, _updated_at: token },
      at: '/_updated_at',
      keyword: 'type',
    },
    {
      fact: 'the tokens one level too deep',
      document: { tokens: { a: token } },
      at: '/tokens',
      keyword: 'required',
    },
  ])('$fact', ({ document, at, keyword }) => {
    expect(objections(document)[0]).toMatchObject({ instancePath: at, keyword });
  });
});
