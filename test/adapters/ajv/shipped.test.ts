import { describe, expect, test, vi } from 'vitest';
import type { Json } from '../../../src/core/json.ts';
import { guardedNames } from '../../../src/guarded-app.ts';
import { file } from '../../checks/evidence.ts';
import { usable } from './compile.ts';

/**
 * The build compiles the schemas that ship; any other is compiled on the spot. Both answer alike to every document
 * of the tables in `test/schemas`, which run again here with both validators looking over their shoulder.
 */

const judged = vi.hoisted(() => ({ documents: 0, disagreements: [] as string[] }));

vi.mock(import('../../schemas/schema.ts'), async (original) => {
  const real = await original();
  const { ajvCompiler } = await import('../../../src/adapters/ajv/compiler.ts');
  const { readFileSync } = await import('node:fs');
  const both = new Map<string, (document: Json) => readonly [unknown, unknown]>();
  for (const name of ['processing_prefs', 'routing_rules', 'webhook_config', 'magic_link_tokens']) {
    const text = readFileSync(new URL(`../../../schemas/${name}.schema.json`, import.meta.url), 'utf8');
    const shipped = await ajvCompiler().compile(text, JSON.parse(text));
    const fresh = await ajvCompiler().compile(`${text} `, JSON.parse(text));
    if (!shipped.ok || !fresh.ok) throw new Error(`${name} cannot be used`);
    both.set(name, (document) => [shipped.validate(document), fresh.validate(document)]);
  }
  return {
    ...real,
    objectionsOf(name) {
      const objections = real.objectionsOf(name);
      const judge = both.get(name);
      return (document) => {
        const plain = objections(document);
        if (judge !== undefined) {
          const [shipped, fresh] = judge(document).map((answer) => JSON.stringify(answer));
          const valid = shipped === '[]';
          judged.documents += 1;
          if (shipped !== fresh || valid !== (plain.length === 0)) {
            judged.disagreements.push(`${name}: ${JSON.stringify(document)}`);
          }
        }
        return plain;
      };
    },
  };
});

await import('../../schemas/processing_prefs.test.ts');
await import('../../schemas/routing_rules.test.ts');
await import('../../schemas/webhook_config.test.ts');
await import('../../schemas/magic_link_tokens.test.ts');

describe('the validators that ship', () => {
  test('agree with those compiled on the spot, and with plain Ajv, on every document of the tables', () => {
    expect(judged.documents).toBeGreaterThan(300);
    expect(judged.disagreements).toEqual([]);
  });

  test.each(guardedNames)('%s: nothing is passed over', async (name) => {
    const document: Json = JSON.parse(new TextDecoder().decode(file(`schemas/${name}.schema.json`)));
    expect((await usable(document)).notes).toEqual([]);
  });
});
