import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { _, type AnySchema } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import standalone from 'ajv/dist/standalone/index.js';
import { formats } from '../src/adapters/ajv/formats.ts';
import { ajvOptions } from '../src/adapters/ajv/options.ts';
import { prepare } from '../src/adapters/ajv/prepare.ts';
import { draftOf } from '../src/core/vocabulary.ts';
import { guardedNames } from '../src/guarded-app.ts';

/**
 * A plugin for rolldown and vitest that compiles the schemas that ship with us to plain functions, so that a run
 * needs no Ajv. `virtual:shipped-validators` maps the digest of each schema's text to a lazily loaded validator.
 */
export function shippedValidators() {
  return {
    name: 'shipped-validators',
    resolveId: (id: string) =>
      id === INDEX || id === VALIDATORS || id.startsWith(VALIDATOR) ? `\0${id}` : undefined,
    load(id: string): string | undefined {
      if (id === `\0${INDEX}`) return index();
      if (id === `\0${VALIDATORS}`) return validators();
      return id.startsWith(`\0${VALIDATOR}`) ? validatorModule(id.slice(`\0${VALIDATOR}`.length)) : undefined;
    },
  };
}

const INDEX = 'virtual:shipped-validators';
const VALIDATORS = 'virtual:shipped-validators/all';
const VALIDATOR = 'virtual:shipped-validator/';

function index(): string {
  const entries = guardedNames.map((name) => {
    const digest = createHash('sha256').update(schemaText(name)).digest('hex');
    return `[${JSON.stringify(digest)}, () => import('${VALIDATORS}').then((all) => all.${name})]`;
  });
  return `export const shipped = new Map([${entries.join(', ')}]);`;
}

/** One file for all of them: most runs need every one, and each further file costs about a millisecond. */
function validators(): string {
  return guardedNames.map((name) => `export { validate as ${name} } from '${VALIDATOR}${name}';`).join('\n');
}

function validatorModule(name: string): string {
  const document = JSON.parse(schemaText(name));
  if (draftOf(document.$schema) !== '2020-12')
    throw new Error(`${name}: shipped schemas are of draft 2020-12`);
  const ajv = new Ajv2020({
    ...ajvOptions('2020-12'),
    formats,
    code: { source: true, esm: true, formats: _`formats` },
  });
  const { schema, notes } = prepare(document, new Set(Object.keys(formats)));
  if (notes.length > 0)
    throw new Error(`${name}: the validator passes over ${notes.map(({ what }) => what).join(', ')}`);
  const validate = ajv.compile(schema as AnySchema);
  const formatsFile = fileURLToPath(new URL('../src/adapters/ajv/formats.ts', import.meta.url));
  const code = importRequired(standalone.default(ajv, validate));
  return code.includes('formats.') || code.includes('formats[')
    ? `import { formats } from ${JSON.stringify(formatsFile)};\n${code}`
    : code;
}

/**
 * Ajv's ESM still calls `require` for its runtime. Bundlers and Node disagree about what the default import of
 * such a module is: its `default` or all of its exports.
 */
function importRequired(code: string): string {
  const imports: string[] = [];
  const body = code.replace(/require\("([^"]+)"\)\.default/g, (_call, id: string) => {
    const local = `required${imports.length}`;
    imports.push(`import ${local} from ${JSON.stringify(`${id}.js`)};`);
    return `(${local}.default ?? ${local})`;
  });
  if (body.includes('require('))
    throw new Error('the validator requires a module in a way that is not handled');
  return `${imports.join('\n')}\n${body}`;
}

function schemaText(name: string): string {
  return readFileSync(new URL(`../schemas/${name}.schema.json`, import.meta.url), 'utf8');
}
