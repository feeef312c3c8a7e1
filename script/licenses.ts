import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The notices of every package that a bundle holds, as their licences ask for, sorted by name. */
export function notices(modules: Iterable<string>): string {
  const packages = new Map<string, string>();
  for (const id of modules) {
    const folder = packageFolder(id);
    if (folder === undefined) continue;
    const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    packages.set(`${name} ${version}`, `${name} ${version} (${license})\n\n${licenceText(folder)}`);
  }
  const sorted = [...packages].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, notice]) => notice);
  return `${sorted.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

/** The folder right below the last `node_modules` of a path, scope included. */
function packageFolder(id: string): string | undefined {
  const found = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(id)?.[1];
  return found !== undefined && existsSync(join(found, 'package.json')) ? found : undefined;
}

function licenceText(folder: string): string {
  const file = readdirSync(folder).find((name) => /^licen[cs]e(\.|$)/i.test(name));
  // Some packages keep the text at the top of their repository only; the name of the licence has to do then.
  return file === undefined
    ? 'No licence file in the package.'
    : readFileSync(join(folder, file), 'utf8').trim();
}
