import * as z from 'zod/mini';
import { manifestShape } from './shape.ts';

/** The JSON Schema of a manifest, for editors. */
export function manifestSchema(checkIds: readonly string[]) {
  const { shape, notes } = manifestShape(checkIds);
  const { $schema, ...schema } = z.toJSONSchema(shape, { io: 'input', metadata: notes });
  return {
    $schema,
    $id: 'https://redis-config-guardian.dev/schemas/manifest.schema.json',
    title: 'Manifest',
    description: 'Which configs live in Redis, and what holds for each of them.',
    ...schema,
  };
}
