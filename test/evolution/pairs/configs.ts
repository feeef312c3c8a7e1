import {
  changed,
  closed,
  draft07,
  draft2019,
  equal,
  integer,
  list,
  narrowed,
  number,
  open,
  type Pair,
  string,
  when,
  widened,
} from './pair.ts';

const condition = (operators: readonly string[]) =>
  open(
    { field: { enum: ['subject', 'sender'] }, operator: { enum: operators }, value: string },
    { required: ['field', 'operator', 'value'] },
  );
const rules = (rule: Parameters<typeof open>[0], required: readonly string[]) =>
  open({ rules: list(open(rule, { required })) }, { required: ['rules'] });

/** Configurations of applications. */
export const configs: readonly Pair[] = [
  widened(
    'conditions of rules get an operator',
    rules({ id: string, conditions: list(condition(['equals'])) }, ['id']),
    rules({ id: string, conditions: list(condition(['equals', 'regex'])) }, ['id']),
    { rules: [{ id: 'a', conditions: [{ field: 'subject', operator: 'regex', value: 'x' }] }] },
  ),
  narrowed(
    'rules need a condition',
    rules({ id: string, conditions: list(condition(['equals'])) }, ['id']),
    rules({ id: string, conditions: list(condition(['equals']), { minItems: 1 }) }, ['id', 'conditions']),
    { rules: [{ id: 'a' }] },
  ),
  equal('rules are spelled with definitions', rules({ id: string }, ['id']), {
    ...open({ rules: list({ $ref: '#/$defs/rule' }) }, { required: ['rules'] }),
    $defs: { rule: open({ id: string }, { required: ['id'] }) },
  }),
  changed(
    'a webhook may be null, but must be encrypted',
    closed({ url: { ...string, pattern: '^https?://' } }),
    closed({ url: { anyOf: [{ ...string, pattern: '^https://' }, { type: 'null' }] } }),
    { url: 'http://a' },
    { url: null },
  ),
  narrowed(
    'a pause needs days once it is switched on',
    open({ pause: { type: 'boolean' }, days: list(string) }),
    open(
      { pause: { type: 'boolean' }, days: list(string) },
      when(
        { properties: { pause: { const: true } }, required: ['pause'] },
        { properties: { days: { minItems: 1 } }, required: ['days'] },
      ),
    ),
    { pause: true },
  ),
  changed(
    'tokens are keyed by digests',
    open({}, { additionalProperties: open({ email: string }) }),
    open(
      {},
      {
        propertyNames: { pattern: '^[0-9a-f]{8}$' },
        additionalProperties: open({ email: { type: ['string', 'null'] } }),
      },
    ),
    { token: {} },
    { '0123abcd': { email: null } },
  ),
  widened(
    'an expiry may be a fraction or missing',
    open({}, { additionalProperties: closed({ expires_at: integer }, { required: ['expires_at'] }) }),
    open(
      {},
      {
        additionalProperties: closed(
          { expires_at: { type: ['number', 'null'] } },
          { required: ['expires_at'] },
        ),
      },
    ),
    { t: { expires_at: 1.5 } },
  ),
  widened(
    'a container may have an image or a build',
    draft07(
      open({
        services: {
          type: 'object',
          additionalProperties: open({ image: string, build: string }, { required: ['image'] }),
        },
      }),
    ),
    draft07(
      open({
        services: {
          type: 'object',
          additionalProperties: open(
            { image: string, build: string },
            { anyOf: [{ required: ['image'] }, { required: ['build'] }] },
          ),
        },
      }),
    ),
    { services: { web: { build: '.' } } },
  ),
  equal(
    'labels are spelled as a pattern of names',
    open({
      labels: { type: 'object', propertyNames: { pattern: '^[a-z]+$' }, additionalProperties: string },
    }),
    open({ labels: closed({}, { patternProperties: { '^[a-z]+$': string } }) }),
  ),
  narrowed(
    'replicas are bounded',
    draft2019(open({ spec: open({ replicas: { ...integer, minimum: 0 } }) })),
    draft2019(open({ spec: open({ replicas: { ...integer, minimum: 0, maximum: 9 } }) })),
    { spec: { replicas: 10 } },
  ),
  widened(
    'a flag may be rolled out by percentage',
    open({ flags: open({}, { additionalProperties: { type: 'boolean' } }) }),
    open({
      flags: open(
        {},
        { additionalProperties: { anyOf: [{ type: 'boolean' }, { ...number, minimum: 0, maximum: 100 }] } },
      ),
    }),
    { flags: { beta: 12.5 } },
  ),
  changed(
    'a host and a port become a URL',
    closed({ redis: closed({ host: string, port: integer }, { required: ['host'] }) }),
    closed({ redis: closed({ url: { ...string, format: 'uri' } }, { required: ['url'] }) }),
    { redis: { host: 'a' } },
    { redis: { url: 'redis://a:6379' } },
  ),
  equal(
    'days of a week differ, so there are seven at most',
    open({ days: list({ enum: ['mo', 'tu', 'we', 'th', 'fr', 'sa', 'su'] }, { uniqueItems: true }) }),
    open({
      days: list({ enum: ['su', 'mo', 'tu', 'we', 'th', 'fr', 'sa'] }, { uniqueItems: true, maxItems: 7 }),
    }),
  ),
  narrowed(
    'a document may no longer be empty',
    open({ a: string, _updated_at: { type: ['string', 'null'] } }),
    open({ a: string, _updated_at: { type: ['string', 'null'] } }, { minProperties: 1 }),
    {},
  ),
  changed(
    'a time is spelled with a colon',
    open({ from: { ...string, pattern: '^[0-9]{2}h[0-9]{2}$' } }),
    open({ from: { ...string, pattern: '^[0-9]{2}:[0-9]{2}$' } }),
    { from: '08h30' },
    { from: '08:30' },
  ),
  changed(
    'a schedule gets a zone, and its hour a bound',
    open({ at: closed({ hour: integer }) }),
    open({ at: closed({ hour: { ...integer, minimum: 0, maximum: 23 }, zone: string }) }),
    { at: { hour: 24 } },
    { at: { zone: 'UTC' } },
  ),
];
