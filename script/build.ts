import { rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { lean } from './lean.ts';
import { notices } from './licenses.ts';
import { shippedValidators } from './shipped-validators.ts';

/**
 * Bundles the faces into `dist/`. The output is a function of the sources and the lockfile alone, so that CI can
 * tell whether what is committed is what the sources build.
 */

const cwd = fileURLToPath(new URL('..', import.meta.url));
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const transform = { target: 'node20' };

/** Packages that only define things when they are loaded: what isn't used of them is left out. */
const onlyDefinitions = /node_modules\/(@actions\/(core|http-client|exec|io)|undici|tunnel|zod)\//;

await rm(dist, { recursive: true, force: true });
const faces = await build({
  cwd,
  input: { action: 'src/faces/action.ts', cli: 'src/faces/cli.ts' },
  platform: 'node',
  plugins: [shippedValidators(), lean()],
  treeshake: { moduleSideEffects: (id) => !onlyDefinitions.test(id) },
  transform,
  output: {
    dir: dist,
    format: 'esm',
    minify: true,
    banner: (chunk) => (chunk.name === 'cli' && chunk.isEntry ? '#!/usr/bin/env node' : ''),
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    // Each file costs a run about a millisecond.
    codeSplitting: {
      groups: [
        { name: 'node', test: /builtin:/ },
        { name: 'core', test: /\/src\/core\// },
      ],
    },
  },
});

// Loaded by `require` in the middle of a validation, so it can't be a module.
const re2 = await build({
  cwd,
  input: 're2js',
  platform: 'node',
  transform,
  output: { file: `${dist}/chunks/re2js.cjs`, format: 'cjs', minify: true },
});

const modules = [...faces.output, ...re2.output].flatMap((file) =>
  file.type === 'chunk' ? file.moduleIds : [],
);
await writeFile(`${dist}/licenses.txt`, notices(modules));
