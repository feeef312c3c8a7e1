import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { manifestSchema } from '../src/adapters/manifest/json-schema.ts';
import { checks } from '../src/checks/index.ts';

/**
 * Writes `schemas/manifest.schema.json` from the shape that manifests are read with. Run it after a change of that, or
 * of the checks: `npm exec -- node script/manifest-schema.ts`.
 */
const file = fileURLToPath(new URL('../schemas/manifest.schema.json', import.meta.url));
writeFileSync(file, JSON.stringify(manifestSchema(checks.map(({ id }) => id)), null, 2));
execFileSync('npx', ['biome', 'format', '--write', file], { stdio: 'inherit' });
