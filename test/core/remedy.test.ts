import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/core/finding.ts';
import { phrase, vouch } from '../../src/core/phrase.ts';
import type { Place } from '../../src/core/redaction.ts';
import { remedies } from '../../src/core/remedy.ts';
import type { Whereabouts } from '../../src/core/shell.ts';
import type { ConfigReport } from '../../src/core/verdict.ts';

function config(changes: Partial<ConfigReport> = {}): ConfigReport {
  return {
    name: vouch('a'),
    key: vouch('p:a'),
    fallback: vouch('debug/a.json'),
    status: 'DRIFT',
    hasFallback: true,
    holdsSecrets: false,
    findings: [],
    ...changes,
  };
}

function finding(check: string, claim: Finding['claim'] = 'advice'): Finding {
  const [place, said] = ['' as Place, phrase`something`];
  return { check, config: vouch('a'), claim, severity: 'notice', place, phrase: said };
}

const nowhere: Whereabouts = { variables: {}, options: {} };
const [a, b] = [config(), config({ name: vouch('b'), status: 'INVALID' })];

/** What a shell makes of commands: the arguments that the guardian gets. */
function shell(commands: readonly string[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-remedy-'));
  try {
    const stub = '#!/bin/sh\nfor word; do printf "[%s]" "$word"; done >> log\necho >> log\n';
    writeFileSync(join(folder, 'guardian'), stub, { mode: 0o755 });
    const { status, stderr } = spawnSync('sh', ['-euc', commands.join('\n')], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env['PATH']}` },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    return readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Which configs each direction is for. */
function offered(configs: readonly ConfigReport[]): Readonly<Record<string, string>> {
  const plans = remedies(configs, nowhere).flatMap((line) => {
    const [, direction = '', keys = ''] = /plan --from (\S+) --keys=(\S+)/.exec(line) ?? [];
    return direction === '' ? [] : [[direction, keys] as const];
  });
  return Object.fromEntries(plans);
}

describe('the commands that mend configs', () => {
  test('are one for each side that may be right', () => {
    expect(remedies([a, b], nowhere)).toEqual([
      '# git is right: write it to Redis',
      'guardian reconcile plan --from fallback --keys=a,b --out from-fallback.plan.json',
      '# Redis is right: write it into the files of git',
      'guardian reconcile plan --from redis --keys=a --out from-redis.plan.json',
    ]);
  });

  test('never bring an invalid value into git', () => {
    expect(offered([b])).toEqual({ fallback: 'b' });
  });

  test('merge what drifted where the history was looked at', () => {
    const [known, invalid] = [
      config({ name: vouch('known'), findings: [finding('direction')] }),
      config({ name: vouch('invalid'), status: 'INVALID', findings: [finding('direction')] }),
    ];
    expect(offered([a, known, invalid])).toEqual({
      fallback: 'a,known,invalid',
      redis: 'a,known',
      'base-merge': 'known',
    });
  });

  test('carry where the configs are', () => {
    const commands = remedies([a], {
      variables: { X: 'a b' },
      options: { environment: 'staging', prefix: '' },
    }).filter((line) => !line.startsWith('#'));
    expect(commands).toHaveLength(2);
    for (const line of commands)
      expect(line).toMatch(/^X='a b' guardian .* --environment=staging --prefix='' --out /);
  });

  test.each([
    ['plain names', 'a', 'staging'],
    ['hostile names', "'; touch pwned; '$(touch pwned)`touch pwned`\"", "it's $(here)"],
    ['names that look like options', '-x', '--help'],
  ])('are what a shell understands: %s', (_fact, name, environment) => {
    const [plan] = shell(
      remedies([config({ name: vouch(name) }), b], { variables: {}, options: { environment } }),
    );
    expect(plan).toBe(
      `[reconcile][plan][--from][fallback][--keys=${name},b][--environment=${environment}][--out][from-fallback.plan.json]`,
    );
  });

  test('say which configs hold secrets, and what that means', () => {
    const secret = config({ name: vouch('tokens'), holdsSecrets: true, findings: [finding('direction')] });
    expect(remedies([a, secret], nowhere).filter((line) => line.startsWith('# tokens'))).toEqual([
      '# tokens: git may lack secrets that Redis holds; see in the plan what would become of them',
      '# tokens: secrets go into files only with --include-secrets',
      '# tokens: secrets go into files only with --include-secrets',
    ]);
  });

  test.each([
    ['all is well', { status: 'OK' }],
    ['nothing is known', { status: 'UNCHECKED' }],
    ['there is no fallback', { status: 'INVALID', hasFallback: false }],
    ['the fallback is broken', { status: 'INVALID', findings: [finding('fallback-shape', 'fallback')] }],
  ] as const)('are none when %s', (_fact, changes) => {
    expect(remedies([config(changes)], nowhere)).toEqual([]);
  });
});
