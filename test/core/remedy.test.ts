import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { vouch } from '../../src/core/phrase.ts';
import { remedies } from '../../src/core/remedy.ts';
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

/** What a shell makes of commands: the arguments that `redis-cli` gets, and what it is fed. */
function shell(commands: readonly string[], fallback: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'guardian-remedy-'));
  try {
    mkdirSync(dirname(join(folder, fallback)), { recursive: true });
    writeFileSync(join(folder, fallback), 'FALLBACK');
    const stub =
      '#!/bin/sh\nfor word; do printf "[%s]" "$word"; done >> log\n[ "$4" = -x ] && cat >> log\necho >> log\necho VALUE\n';
    writeFileSync(join(folder, 'redis-cli'), stub, { mode: 0o755 });
    const { status, stderr } = spawnSync('sh', ['-euc', commands.join('\n')], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env['PATH']}`, REDIS_URL: 'URL' },
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const log = readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
    return [...log, readFileSync(join(folder, fallback), 'utf8').trim()];
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the commands that mend a config', () => {
  test.each([
    ['plain names', 'p:a', 'debug/a.json'],
    ['hostile names', "p:'; touch pwned; '$(touch pwned)`touch pwned`\"", 'debug/a b\'$(c)".json'],
    ['a name that looks like an option', '-p', '-f/a.json'],
  ])('are what a shell understands: %s', (_fact, key, fallback) => {
    const commands = remedies(config({ key: vouch(key), fallback: vouch(fallback) }));
    const said = shell(commands, fallback).map((line) => line.replace(/before-\d+/, 'before-TIME'));
    expect(said).toEqual([
      `[-e][-u][URL][COPY][${key}][${key}.before-TIME]`,
      `[-e][-u][URL][PERSIST][${key}.before-TIME]`,
      `[-e][-u][URL][-x][SET][${key}]FALLBACK`,
      `[-e][-u][URL][--raw][GET][${key}]`,
      'VALUE',
    ]);
  });

  test('never bring an invalid value into git', () => {
    expect(remedies(config({ status: 'INVALID' })).join()).not.toContain('GET');
  });

  test.each(['DRIFT', 'INVALID'] as const)('copy nothing where values hold secrets: %s', (status) => {
    const [only, ...others] = remedies(config({ holdsSecrets: true, status }));
    expect(only).toMatch(/^# a: its value holds secrets/);
    expect(others).toEqual([]);
  });

  test.each([
    ['all is well', { status: 'OK' }],
    ['nothing is known', { status: 'UNCHECKED' }],
    ['there is no fallback', { status: 'INVALID', hasFallback: false }],
  ] as const)('are none when %s', (_fact, changes) => {
    expect(remedies(config(changes))).toEqual([]);
  });
});
