import { at, isArray, isObject, type Json, type JsonObject } from '../core/json.ts';
import { parsePointer } from '../core/pointer.ts';
import {
  annotations,
  type Draft,
  draftOfDocument,
  listOfSchemas,
  mapOfSchemas,
  oneSchema,
  subschemas,
} from '../core/vocabulary.ts';

/** A schema within its document: what has to be known to say what it means. */
export interface Schema {
  readonly json: Json;
  readonly document: SchemaDocument;
  /** The same for schemas that ask for the same: of any document, as far as they don't refer to others. */
  readonly id: string;
}

/** What a reference leads to: one schema, or something that can't be told from this document. */
export type Target = Schema | 'elsewhere';

const referring: ReadonlySet<string> = new Set(['$ref', '$dynamicRef', '$recursiveRef']);
/** Annotations that say how others are to be read. */
const structural: ReadonlySet<string> = new Set(['nullable', '$recursiveAnchor']);

/** Where references of a part of a document are resolved. URIs are as absolute as the document makes them. */
const NOWHERE = 'json-schema:///';

/** Short names for long spellings. */
export class Ids {
  readonly #known = new Map<string, string>();

  of(spelling: string): string {
    const id = this.#known.get(spelling) ?? `s${this.#known.size}`;
    this.#known.set(spelling, id);
    return id;
  }
}

/** One JSON Schema document: its draft, its schemas, and what its references lead to. */
export class SchemaDocument {
  readonly draft: Draft;
  readonly root: Schema;
  readonly #label: string;
  readonly #schemas = new Map<Json, Schema>();
  readonly #made = new Map<string, Schema>();
  /** The URI of the resource that a schema is in. */
  readonly #bases = new Map<Json, string>();
  /** Resources by URI, and anchors by URI and fragment. */
  readonly #named = new Map<string, Json>();
  readonly #dynamicAnchors = new Map<string, Json[]>();
  #resources = 0;

  readonly #ids: Ids;

  /** `label` tells documents of one comparison apart, `ids` are common to them. */
  constructor(document: Json, label: string, ids: Ids) {
    this.draft = draftOfDocument(document) ?? '2020-12';
    this.#label = label;
    this.#ids = ids;
    this.#named.set(NOWHERE, document);
    this.#register(document, NOWHERE);
    this.root = this.schema(document);
  }

  /** A part of the document as a schema. */
  schema(json: Json): Schema {
    const known = this.#schemas.get(json);
    if (known !== undefined) return known;
    const { text, refers } = spelling(json);
    const scope = refers ? `${this.#label}${this.#bases.get(json) ?? ''}` : this.draft;
    const id = text === 'true' || text === 'false' ? text : this.#ids.of(`${scope} ${text}`);
    const schema = { json, document: this, id };
    this.#schemas.set(json, schema);
    return schema;
  }

  /** A schema that isn't in the document, for what has to be said besides. */
  made(json: Json): Schema {
    const text = spellValue(json);
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = this.schema(json);
    this.#made.set(text, made);
    return made;
  }

  /** A schema of exactly one array or object, which asks for its parts. */
  constant(value: readonly Json[] | JsonObject): Schema {
    if (isArray(value)) {
      const items = value.map((item) => ({ const: item }));
      const closed =
        this.draft === '2020-12' ? { prefixItems: items, items: false } : { items, additionalItems: false };
      return this.made({ type: 'array', minItems: value.length, ...closed });
    }
    const entries = Object.entries(value);
    return this.made({
      type: 'object',
      required: entries.map(([name]) => name),
      properties: Object.fromEntries(entries.map(([name, member]) => [name, { const: member }])),
      additionalProperties: false,
    });
  }

  /** Keywords count that the draft knows; beside a reference draft-07 counts none. */
  keywords(schema: JsonObject): JsonObject {
    return this.draft === 'draft-07' && typeof schema['$ref'] === 'string'
      ? { $ref: schema['$ref'] }
      : schema;
  }

  /** What a `$ref` of a schema names. */
  resolve(from: Schema, reference: string): Target {
    const uri = resolveUri(reference, this.#bases.get(from.json) ?? NOWHERE);
    if (uri === undefined) return 'elsewhere';
    const [resource = '', fragment = ''] = uri.split('#', 2);
    const named = this.#named.get(fragment === '' ? resource : uri);
    if (named !== undefined) return this.schema(named);
    const root = this.#named.get(resource);
    const pointer = parsePointer(decoded(fragment));
    if (root === undefined || pointer === undefined) return 'elsewhere';
    const target = at(root, pointer);
    if (target === undefined || (typeof target !== 'boolean' && !isObject(target))) return 'elsewhere';
    if (isObject(target) && !this.#bases.has(target)) this.#register(target, resource);
    return this.schema(target);
  }

  /** What a `$dynamicRef` names, as long as there is only one anchor of that name to choose from. */
  resolveDynamic(reference: string): Target {
    const anchors = this.#dynamicAnchors.get(reference.replace(/^#/, '')) ?? [];
    const [only, ...others] = anchors;
    if (!reference.startsWith('#') || others.length > 0 || this.#resources > 0) return 'elsewhere';
    return only === undefined ? 'elsewhere' : this.schema(only);
  }

  /** What `$recursiveRef: "#"` names: the document, as long as it is one resource. */
  resolveRecursive(): Target {
    return this.#resources > 0 ? 'elsewhere' : this.root;
  }

  #register(json: Json, base: string): void {
    if (!isObject(json) || this.#bases.has(json)) return;
    let own = base;
    const { $id, $ref } = json;
    if (typeof $id === 'string' && !(this.draft === 'draft-07' && $ref !== undefined)) {
      const uri = resolveUri($id, base);
      if (uri !== undefined) {
        if ($id.startsWith('#')) this.#named.set(uri, json);
        else {
          own = uri.replace(/#$/, '');
          this.#named.set(own, json);
          if (json !== this.#named.get(NOWHERE)) this.#resources += 1;
        }
      }
    }
    this.#bases.set(json, own);
    for (const keyword of ['$anchor', '$dynamicAnchor']) {
      const anchor = json[keyword];
      if (typeof anchor !== 'string') continue;
      this.#named.set(`${own}#${anchor}`, json);
      if (keyword === '$dynamicAnchor') {
        this.#dynamicAnchors.set(anchor, [...(this.#dynamicAnchors.get(anchor) ?? []), json]);
      }
    }
    for (const inner of subschemas(json)) this.#register(inner, own);
  }
}

function resolveUri(reference: string, base: string): string | undefined {
  return URL.canParse(reference, base) ? new URL(reference, base).href.replace(/#$/, '') : undefined;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

/** Drops what is only said to people, so that schemas which ask for the same are spelled alike. */
function spelling(json: Json): { readonly text: string; readonly refers: boolean } {
  let refers = false;
  const spellSchema = (schema: Json): string => {
    if (!isObject(schema)) return JSON.stringify(schema);
    const members = Object.entries(schema).flatMap(([keyword, value]) => {
      if (referring.has(keyword)) refers = true;
      const isSilent = (annotations.has(keyword) && !structural.has(keyword)) || keyword.startsWith('x-');
      return isSilent ? [] : [`${JSON.stringify(keyword)}:${spellArgument(keyword, value)}`];
    });
    return members.length === 0 ? 'true' : `{${members.sort().join()}}`;
  };
  const spellArgument = (keyword: string, value: Json): string => {
    if (isArray(value) && (listOfSchemas.has(keyword) || keyword === 'items')) {
      return `[${value.map(spellSchema).join()}]`;
    }
    if (isObject(value) && mapOfSchemas.has(keyword)) {
      return `{${Object.entries(value)
        .map(
          ([name, inner]) =>
            `${JSON.stringify(name)}:${isArray(inner) ? spellValue(inner) : spellSchema(inner)}`,
        )
        .sort()
        .join()}}`;
    }
    if (oneSchema.has(keyword)) return spellSchema(value);
    const isSet = isArray(value) && ['enum', 'type', 'required'].includes(keyword);
    return isSet ? `[${value.map(spellValue).sort().join()}]` : spellValue(value);
  };
  return { text: spellSchema(json), refers };
}

/** One spelling per value. */
export function spellValue(value: Json): string {
  if (isArray(value)) return `[${value.map(spellValue).join()}]`;
  if (!isObject(value)) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([name, member]) => `${JSON.stringify(name)}:${spellValue(member)}`)
    .sort()
    .join()}}`;
}
