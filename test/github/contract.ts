import { readFileSync } from 'node:fs';
import { Ajv, type ErrorObject } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import { at, isArray, isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import type { Plain } from './exchange.ts';

/** An operation of GitHub's OpenAPI description, found for a request. */
export interface Operation {
  /** Such as `issues/create-comment`. */
  readonly id: string;
  /** The values in the path, by name. */
  readonly parameters: Readonly<Record<string, string>>;
  /** Where the description has it. */
  readonly place: readonly string[];
}

/** What a client sends, as far as the description speaks of it. */
export interface Sent {
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  /** Not parsed, and empty when there is none. */
  readonly body: string;
}

const DOCUMENT = 'https://api.github.com/openapi';

const description: Json = deletedForks(
  JSON.parse(readFileSync(new URL('api.github.com.json', import.meta.url), 'utf8')),
);
const validator = new Ajv({ strict: false, allErrors: true, validateSchema: false, formats: fullFormats });
validator.addSchema(asJsonSchema(description) as JsonObject, DOCUMENT);

/**
 * OpenAPI 3.0 says `nullable` where JSON Schema has a type. Ajv knows the word, but not beside `oneOf`, and not that it
 * lets null past an `enum`: GitHub writes both.
 */
function asJsonSchema(value: Json): Json {
  if (isArray(value)) return value.map(asJsonSchema);
  if (!isObject(value)) return value;
  const members = Object.entries(value).map(([name, member]) => [name, asJsonSchema(member)] as const);
  const { nullable, ...schema } = Object.fromEntries(members);
  return nullable === true ? { anyOf: [{ type: 'null' }, schema] } : schema;
}

/** GitHub answers null for the head's repository once a fork is deleted; its description doesn't say so. */
function deletedForks(whole: Json): Json {
  const place = 'components/schemas/pull-request-simple/properties/head/properties/repo'.split('/');
  const replace = (value: Json, [token, ...rest]: readonly string[]): Json => {
    if (token === undefined) return { nullable: true, allOf: [value] };
    if (!isObject(value) || value[token] === undefined) throw new Error(`nothing at ${token}`);
    return { ...value, [token]: replace(value[token], rest) };
  };
  return replace(whole, place);
}

/** The operation that a request asks for; undefined when the description's subset has none. */
export function findOperation(method: string, path: string): Operation | undefined {
  const segments = path.split('/');
  for (const template of names(['paths'])) {
    const place = ['paths', template, method.toLowerCase()];
    const parameters = matched(template.split('/'), segments);
    const id = at(description, [...place, 'operationId']);
    if (parameters !== undefined && typeof id === 'string') return { id, parameters, place };
  }
  return undefined;
}

function matched(
  template: readonly string[],
  segments: readonly string[],
): Operation['parameters'] | undefined {
  if (template.length !== segments.length) return undefined;
  const values: Record<string, string> = {};
  for (const [index, part] of template.entries()) {
    const segment = segments[index] ?? '';
    if (part.startsWith('{')) values[part.slice(1, -1)] = decodeURIComponent(segment);
    else if (part !== segment) return undefined;
  }
  return values;
}

/** What is wrong with a request, in words; nothing when the operation allows it. */
export function requestFlaws(operation: Operation, sent: Sent): readonly string[] {
  return [...parameterFlaws(operation, sent.query), ...bodyFlaws(operation, sent)];
}

function parameterFlaws({ place, parameters }: Operation, query: URLSearchParams): readonly string[] {
  const flaws: string[] = [];
  const known = new Set<string>();
  for (const index of names([...place, 'parameters'])) {
    const parameter = resolved([...place, 'parameters', index]);
    const { name, in: where, required } = at(description, parameter) as JsonObject;
    if (typeof name !== 'string') continue;
    known.add(`${where} ${name}`);
    const values = where === 'path' ? [parameters[name] ?? ''] : query.getAll(name);
    if (required === true && values.length === 0) flaws.push(`${name} is missing`);
    if (values.length > 1) flaws.push(`${name} is given ${values.length} times`);
    const whole = at(description, [...parameter, 'schema', 'type']) === 'integer';
    for (const value of values) {
      const read = whole && /^-?\d+$/.test(value) ? Number(value) : value;
      flaws.push(...violations([...parameter, 'schema'], read, name));
    }
  }
  const unknown = [...query.keys()].filter((name) => !known.has(`query ${name}`));
  return [...flaws, ...unknown.map((name) => `there is no query parameter ${name}`)];
}

function bodyFlaws({ place }: Operation, { contentType, body }: Sent): readonly string[] {
  const described = at(description, [...place, 'requestBody']);
  if (body === '') {
    return isObject(described ?? null) && at(description, [...place, 'requestBody', 'required']) === true
      ? ['the body is missing']
      : [];
  }
  if (described === undefined) return ['there must be no body'];
  if (!/^application\/json(;|$)/.test(contentType ?? '')) return [`the content type is ${contentType}`];
  const schema = [...place, 'requestBody', 'content', 'application/json', 'schema'];
  try {
    const parsed: Json = JSON.parse(body);
    return [...violations(schema, parsed, 'body'), ...strayMembers(schema, parsed)];
  } catch {
    return ['the body is not JSON'];
  }
}

/** GitHub passes over members that it doesn't know, and so a misspelt one would never be noticed. */
function strayMembers(schema: readonly string[], body: Json): readonly string[] {
  const known = new Set(names([...schema, 'properties']));
  const stray = isObject(body) ? Object.keys(body).filter((name) => !known.has(name)) : [];
  return stray.map((name) => `body has no member ${name}`);
}

/** What is wrong with an answer of ours. Refusals may have a status that the description leaves out. */
export function responseFlaws(
  operation: Operation,
  status: number,
  body: Json | undefined,
): readonly string[] {
  const place = [...operation.place, 'responses', `${status}`];
  if (at(description, place) === undefined) return status < 300 ? [`there is no answer ${status}`] : [];
  const schema = [...resolved(place), 'content', 'application/json', 'schema'];
  if (at(description, schema) === undefined) return body === undefined ? [] : ['there must be no body'];
  return body === undefined ? ['the body is missing'] : violations(schema, body, 'body');
}

/** The same of an answer in a custom media type. GitHub's description leaves out the one of files as they are. */
export function plainFlaws(
  { id, place }: Operation,
  status: number,
  { type, bytes }: Plain,
): readonly string[] {
  if (id === 'repos/get-content' && type === 'application/vnd.github.raw') return [];
  const schema = [...resolved([...place, 'responses', `${status}`]), 'content', type, 'schema'];
  if (at(description, schema) === undefined) return [`there is no answer ${status} of type ${type}`];
  return violations(schema, Buffer.from(bytes).toString(), 'body');
}

function violations(schema: readonly string[], value: Json, name: string): readonly string[] {
  const tokens = schema.map((token) => encodeURIComponent(token.replaceAll('~', '~0').replaceAll('/', '~1')));
  const validate = validator.getSchema(`${DOCUMENT}#/${tokens.join('/')}`);
  if (validate === undefined) throw new Error(`no schema at ${schema.join(' → ')}`);
  return validate(value) === true ? [] : (validate.errors ?? []).map((error) => worded(error, name));
}

function worded({ instancePath, message, params }: ErrorObject, name: string): string {
  return `${name}${instancePath} ${message} ${JSON.stringify(params)}`;
}

/** The place that a reference at this place leads to, or this place. */
function resolved(place: readonly string[]): readonly string[] {
  const reference = at(description, [...place, '$ref']);
  return typeof reference === 'string' ? reference.split('/').slice(1) : place;
}

/** The names of an object's members, or an array's indices. */
function names(place: readonly string[]): readonly string[] {
  return Object.keys(at(description, place) ?? {});
}
