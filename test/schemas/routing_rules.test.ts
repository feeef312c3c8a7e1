import { describe, expect, test } from 'vitest';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { objectionsOf, type Sound, type Unsound } from './schema.ts';

const objections = objectionsOf('routing_rules');

const condition = { field: 'subject', operator: 'contains', value: 'invoice', case_sensitive: false };
const actions = {
  webhook_url: 'https://hook.eu2.make.com/0000-demo',
  priority: 'normal',
  stop_processing: false,
};
const rule = { id: 'invoices', name: 'Invoices', conditions: [condition], actions };

const withRule = (change: JsonObject): Json => ({ rules: [{ ...rule, ...change }] });
const withCondition = (change: JsonObject): Json => withRule({ conditions: [{ ...condition, ...change }] });
const withActions = (change: JsonObject): Json => withRule({ actions: { ...actions, ...change } });
const withRegex = (value: Json): Json => withCondition({ operator: 'regex', value });

function without(object: JsonObject, name: string): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([member]) => member !== name));
}

describe('routing_rules accepts', () => {
  test.each<Sound>([
    { fact: 'an empty document', document: {} },
    {
      fact: 'nothing but _updated_at, which saving an empty document leaves',
      document: { _updated_at: '2026-11-02T16:40:03+01:00' },
    },
    { fact: 'a null _updated_at and nothing else', document: { _updated_at: null } },
    { fact: 'an empty list of rules', document: { rules: [] } },
    { fact: 'a whole rule', document: { rules: [rule], _updated_at: '2026-11-02T16:40:03.771902+01:00' } },
    { fact: 'rules with a null _updated_at', document: { rules: [rule], _updated_at: null } },
    { fact: 'an unknown property beside the rules', document: { rules: [rule], version: 2 } },
    { fact: 'an unknown property of a rule', document: withRule({ enabled: true }) },
    { fact: 'an unknown property of a condition', document: withCondition({ negate: false }) },
    { fact: 'an unknown property of the actions', document: withActions({ label: 'x' }) },
    { fact: 'two rules with one id, which another check refuses', document: { rules: [rule, rule] } },
    { fact: 'a name outside ASCII', document: withRule({ name: 'Désabonnement' }) },
    { fact: 'several conditions', document: withRule({ conditions: [condition, condition, condition] }) },
    { fact: 'a condition on the sender', document: withCondition({ field: 'sender' }) },
    { fact: 'a condition on the body', document: withCondition({ field: 'body' }) },
    { fact: 'the operator equals', document: withCondition({ operator: 'equals' }) },
    {
      fact: 'a condition that leaves case_sensitive to its default',
      document: withRule({ conditions: [without(condition, 'case_sensitive')] }),
    },
    { fact: 'a value that is one character', document: withCondition({ value: '0' }) },
    {
      fact: 'a value of a thousand characters that is no regex',
      document: withCondition({ value: 'x'.repeat(1000) }),
    },
    { fact: 'an unclosed bracket in a value that is no regex', document: withCondition({ value: '(lot' }) },
    { fact: 'a regex with an inline flag', document: withRegex('(?i)d[ée]sabonn') },
    { fact: 'a regex with a named group as Python spells it', document: withRegex('(?P<lot>\\d+)') },
    { fact: 'a regex of 200 characters', document: withRegex('x'.repeat(200)) },
    { fact: 'a regex of 200 characters outside the basic plane', document: withRegex('😀'.repeat(200)) },
    { fact: 'high priority', document: withActions({ priority: 'high' }) },
    {
      fact: 'actions that hold only a webhook_url',
      document: withRule({ actions: without(without(actions, 'priority'), 'stop_processing') }),
    },
    {
      fact: 'a private host, about which the application does not ask here',
      document: withActions({ webhook_url: 'https://10.0.0.1/hook' }),
    },
    {
      fact: 'a webhook_url with a query',
      document: withActions({ webhook_url: 'https://fennec.io/hook?a=b#c' }),
    },
  ])('$fact', ({ document }) => {
    expect(objections(document)).toEqual([]);
  });
});

describe('routing_rules refuses', () => {
  const first = '/rules/0';
  const firstCondition = `${first}/conditions/0`;

  test.each<Unsound>([
    { fact: 'a bare list of rules', document: [rule], at: '', keyword: 'type' },
    { fact: 'a misspelt rules', document: { rule: [rule] }, at: '', keyword: 'required' },
    {
      fact: 'a misspelt rules beside _updated_at',
      document: { ruels: [], _updated_at: null },
      at: '',
      keyword: 'required',
    },
    {
      fact: 'a numeric _updated_at',
      document: { rules: [], _updated_at: 1 },
      at: '/_updated_at',
      keyword: 'type',
    },
    { fact: 'rules by id', document: { rules: { invoices: rule } }, at: '/rules', keyword: 'type' },
    { fact: 'rules that are null', document: { rules: null }, at: '/rules', keyword: 'type' },
    { fact: 'a rule that is a string', document: { rules: ['invoices'] }, at: first, keyword: 'type' },
    {
      fact: 'a rule without an id',
      document: { rules: [without(rule, 'id')] },
      at: first,
      keyword: 'required',
    },
    { fact: 'an empty id', document: withRule({ id: '' }), at: `${first}/id`, keyword: 'pattern' },
    { fact: 'a blank id', document: withRule({ id: ' \t' }), at: `${first}/id`, keyword: 'pattern' },
    { fact: 'a numeric id', document: withRule({ id: 7 }), at: `${first}/id`, keyword: 'type' },
    {
      fact: 'a rule without a name',
      document: { rules: [without(rule, 'name')] },
      at: first,
      keyword: 'required',
    },
    { fact: 'an empty name', document: withRule({ name: '' }), at: `${first}/name`, keyword: 'pattern' },
    {
      fact: 'a blank name, which is empty once stripped',
      document: withRule({ name: '  ' }),
      at: `${first}/name`,
      keyword: 'pattern',
    },
    {
      fact: 'a rule without conditions',
      document: { rules: [without(rule, 'conditions')] },
      at: first,
      keyword: 'required',
    },
    {
      fact: 'an empty list of conditions',
      document: withRule({ conditions: [] }),
      at: `${first}/conditions`,
      keyword: 'minItems',
    },
    {
      fact: 'a single condition outside a list',
      document: withRule({ conditions: condition }),
      at: `${first}/conditions`,
      keyword: 'type',
    },
    {
      fact: 'a condition that is a string',
      document: withRule({ conditions: ['x'] }),
      at: firstCondition,
      keyword: 'type',
    },
    {
      fact: 'an unknown field',
      document: withCondition({ field: 'recipient' }),
      at: `${firstCondition}/field`,
      keyword: 'enum',
    },
    {
      fact: 'an unknown operator',
      document: withCondition({ operator: 'matches' }),
      at: `${firstCondition}/operator`,
      keyword: 'enum',
    },
    {
      fact: 'an operator with a capital',
      document: withCondition({ operator: 'Regex' }),
      at: `${firstCondition}/operator`,
      keyword: 'enum',
    },
    {
      fact: 'a condition without a field',
      document: withRule({ conditions: [without(condition, 'field')] }),
      at: firstCondition,
      keyword: 'required',
    },
    {
      fact: 'a condition without an operator',
      document: withRule({ conditions: [without(condition, 'operator')] }),
      at: firstCondition,
      keyword: 'required',
    },
    {
      fact: 'a condition without a value',
      document: withRule({ conditions: [without(condition, 'value')] }),
      at: firstCondition,
      keyword: 'required',
    },
    {
      fact: 'an empty value',
      document: withCondition({ value: '' }),
      at: `${firstCondition}/value`,
      keyword: 'pattern',
    },
    {
      fact: 'a blank value',
      document: withCondition({ value: ' \n ' }),
      at: `${firstCondition}/value`,
      keyword: 'pattern',
    },
    { fact: 'an empty regex', document: withRegex(''), at: `${firstCondition}/value`, keyword: 'pattern' },
    {
      fact: 'a numeric value',
      document: withCondition({ value: 12 }),
      at: `${firstCondition}/value`,
      keyword: 'type',
    },
    {
      fact: 'a case_sensitive that is a string',
      document: withCondition({ case_sensitive: 'no' }),
      at: `${firstCondition}/case_sensitive`,
      keyword: 'type',
    },
    {
      fact: 'a regex that does not compile',
      document: withRegex('(lot'),
      at: `${firstCondition}/value`,
      keyword: 'format',
    },
    {
      fact: 'a regex of 201 characters',
      document: withRegex('x'.repeat(201)),
      at: `${firstCondition}/value`,
      keyword: 'maxLength',
    },
    {
      fact: 'a broken condition behind a sound one',
      document: withRule({ conditions: [condition, { ...condition, value: '' }] }),
      at: `${first}/conditions/1/value`,
      keyword: 'pattern',
    },
    {
      fact: 'a broken rule behind a sound one',
      document: { rules: [rule, { ...rule, actions: null }] },
      at: '/rules/1/actions',
      keyword: 'type',
    },
    {
      fact: 'a rule without actions',
      document: { rules: [without(rule, 'actions')] },
      at: first,
      keyword: 'required',
    },
    {
      fact: 'a list of actions',
      document: withRule({ actions: [actions] }),
      at: `${first}/actions`,
      keyword: 'type',
    },
    {
      fact: 'actions without a webhook_url',
      document: withRule({ actions: { priority: 'high' } }),
      at: `${first}/actions`,
      keyword: 'required',
    },
    {
      fact: 'an empty webhook_url',
      document: withActions({ webhook_url: '' }),
      at: `${first}/actions/webhook_url`,
      keyword: 'pattern',
    },
    {
      fact: 'a null webhook_url',
      document: withActions({ webhook_url: null }),
      at: `${first}/actions/webhook_url`,
      keyword: 'type',
    },
    {
      fact: 'an http:// webhook_url',
      document: withActions({ webhook_url: 'http://hook.eu2.make.com/x' }),
      at: `${first}/actions/webhook_url`,
      keyword: 'pattern',
    },
    {
      fact: 'a webhook_url without a host',
      document: withActions({ webhook_url: 'https:///x' }),
      at: `${first}/actions/webhook_url`,
      keyword: 'pattern',
    },
    {
      fact: 'the short form of a webhook_url',
      document: withActions({ webhook_url: '0000-demo@hook.eu2.make.com' }),
      at: `${first}/actions/webhook_url`,
      keyword: 'pattern',
    },
    {
      fact: 'an unknown priority',
      document: withActions({ priority: 'urgent' }),
      at: `${first}/actions/priority`,
      keyword: 'enum',
    },
    {
      fact: 'a stop_processing of 1',
      document: withActions({ stop_processing: 1 }),
      at: `${first}/actions/stop_processing`,
      keyword: 'type',
    },
  ])('$fact', ({ document, at, keyword }) => {
    expect(objections(document)[0]).toMatchObject({ instancePath: at, keyword });
  });

  test('every broken rule is told, not only the first', () => {
    const document = { rules: [{ ...rule, name: '' }, rule, { ...rule, id: '' }] };
    expect(objections(document).map(({ instancePath }) => instancePath)).toEqual([
      '/rules/0/name',
      '/rules/2/id',
    ]);
  });
});
