import { isArray, isObject, type Json, type JsonObject } from '../core/json.ts';
import type { FormatName } from './formats.ts';
import type { ObjectShape, Shape } from './shape.ts';

/**
 * A value of the shape with something in the place of each secret that the schema of the shape accepts too. All else
 * stays, and so do the numbers of items and members.
 */
export function withoutSecrets(value: Json, shape: Shape): Json {
  if (isArray(value))
    return value.map((item) => (shape.items === undefined ? item : withoutSecrets(item, shape.items)));
  if (isObject(value)) return shape.object === undefined ? value : objectWithout(value, shape.object);
  if (!shape.isSecret) return value;
  if (typeof value === 'string') return placeholder(shape);
  return typeof value === 'number' ? 0 : value;
}

function objectWithout(object: JsonObject, { members, data }: ObjectShape): Json {
  let hidden = 0;
  return Object.fromEntries(
    Object.entries(object).map(([name, value]): [string, Json] => {
      const member = members.get(name);
      if (member !== undefined) return [name, withoutSecrets(value, member)];
      if (data === undefined) return [name, value];
      hidden += 1;
      return [data.areNamesSecret ? `redacted-${hidden}` : name, withoutSecrets(value, data.shape)];
    }),
  );
}

/** They lead nowhere. */
const ofFormat: Readonly<Record<FormatName, string>> = {
  'date-time': '2000-01-01T00:00:00Z',
  uuid: '00000000-0000-0000-0000-000000000000',
  ipv4: '192.0.2.1',
  email: 'redacted@example.org',
  uri: 'https://redacted.invalid/',
};

function placeholder({ names, format }: Shape): string {
  return format === undefined ? `<${names.at(-1) ?? 'secret'}>` : ofFormat[format];
}
