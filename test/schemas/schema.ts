import { readFileSync } from 'node:fs';
import type { ErrorObject } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { formatPointer, type Pointer } from '../../src/core/pointer.ts';

/** A document that the schema must accept. */
export interface Sound {
  readonly fact: string;
  readonly document: Json;
}

/** A document that the schema must refuse: where, and with which keyword, Ajv objects first. */
export interface Unsound extends Sound {
  readonly at: string;
  readonly keyword: string;
}

type Objections = (document: Json) => readonly ErrorObject[];

export function readJson(path: string): Json {
  return JSON.parse(readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8'));
}

export function readSchema(name: string): JsonObject {
  return readJson(`schemas/${name}.schema.json`) as JsonObject;
}

/** Ajv as the validator of the project sets it up. */
export function newAjv(): Ajv2020 {
  const ajv = new Ajv2020({
    allErrors: true,
    ownProperties: true,
    strict: false,
    allowUnionTypes: true,
    unicodeRegExp: true,
    logger: false,
  });
  formats.default(ajv);
  return ajv.addFormat('python-regex', standInForPythonRegex);
}

export function objectionsOf(name: string): Objections {
  const validate = newAjv().compile(readSchema(name));
  return (document) => (validate(document) ? [] : (validate.errors ?? []));
}

/** A stand-in: what JavaScript compiles once the inline flags are gone. The real format has tests of its own. */
function standInForPythonRegex(pattern: string): boolean {
  try {
    new RegExp(pattern.replace(/^\(\?[a-z]+\)/, '').replaceAll('(?P<', '(?<'));
    return true;
  } catch {
    return false;
  }
}

const mapsOfSchemas: ReadonlySet<string> = new Set(['properties', '$defs']);
const listsOfSchemas: ReadonlySet<string> = new Set(['allOf', 'anyOf']);
const schemas: ReadonlySet<string> = new Set([
  'additionalProperties',
  'if',
  'items',
  'propertyNames',
  'then',
]);

/** Every schema inside of a schema, itself included, with the JSON Pointer to it. */
export function subschemas(schema: Json, at: Pointer = []): readonly (readonly [string, JsonObject])[] {
  if (!isObject(schema)) return [];
  const inner = Object.entries(schema).flatMap(([keyword, value]) => {
    const place = [...at, keyword];
    if (schemas.has(keyword)) return subschemas(value, place);
    if (!mapsOfSchemas.has(keyword) && !listsOfSchemas.has(keyword)) return [];
    return Object.entries(value as JsonObject).flatMap(([name, part]) => subschemas(part, [...place, name]));
  });
  return [[formatPointer(at), schema], ...inner];
}
