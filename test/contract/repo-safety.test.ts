import { execFile } from 'node:child_process';
import { chmodSync, existsSync, readFileSync, renameSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { gitIn } from '../../src/adapters/git/program.ts';
import { vouch } from '../../src/core/phrase.ts';
import { held, inShort, repoIn, texts } from './support/history.ts';
import { listen } from './support/listeners.ts';
import { checkoutOf, emptyRepository, type TestRepository } from './support/repository.ts';

/** Has everything in the settings that can name a program name one that leaves a mark. */
function beset(repository: TestRepository): { readonly mark: string } {
  const mark = join(repository.folder, '.git/ran');
  const trap = join(repository.folder, '.git/trap');
  repository.write('.git/trap', `#!/bin/sh\necho "$0 $*" >> '${mark}'\n`);
  chmodSync(trap, 0o755);
  const hooks = [
    'post-index-change',
    'reference-transaction',
    'post-checkout',
    'pre-auto-gc',
    'fsmonitor-watchman',
  ];
  for (const hook of hooks) {
    repository.write(`.git/hooks/${hook}`, `#!/bin/sh\necho ${hook} >> '${mark}'\n`);
    chmodSync(join(repository.folder, '.git/hooks', hook), 0o755);
  }
  repository.write('.git/info/attributes', '* filter=a=b diff=evil merge=evil\n');
  const settings = {
    'core.fsmonitor': trap,
    'core.pager': trap,
    'core.editor': trap,
    'core.sshCommand': trap,
    'core.askPass': trap,
    'core.gitProxy': trap,
    'core.alternateRefsCommand': trap,
    'pager.log': trap,
    'pager.diff-index': trap,
    'credential.helper': `!${trap}`,
    'credential.http://127.0.0.1.helper': `!${trap}`,
    'diff.external': trap,
    'diff.evil.command': trap,
    'diff.evil.textconv': trap,
    'filter.a=b.clean': trap,
    'filter.a=b.smudge': trap,
    'filter.a=b.process': trap,
    'filter.a=b.required': 'true',
    'merge.evil.driver': trap,
    'gpg.program': trap,
    'log.showSignature': 'true',
    'log.follow': 'true',
    'color.ui': 'always',
    'diff.renames': 'copies',
    'diff.noprefix': 'true',
    'alias.log': `!${trap}`,
    'alias.cat-file': `!${trap}`,
    'uploadpack.packObjectsHook': trap,
    'protocol.ext.allow': 'always',
    'remote.origin.uploadpack': trap,
    'remote.origin.tagOpt': '--tags',
  };
  for (const [name, value] of Object.entries(settings)) repository.git('config', name, value);
  return { mark };
}

function text(first: string): string {
  return `${first}\n${'same\n'.repeat(20)}`;
}

describe('nothing that a repository names is run', () => {
  test('when files, versions and renames are read', async () => {
    using repository = emptyRepository();
    const first = repository.commit({ a: text('1'), b: text('b') });
    const second = repository.commit({ a: text('2') });
    const { mark } = beset(repository);
    // Changed without a change of size, so that git has to look inside.
    repository.write('a', text('3'));
    utimesSync(join(repository.folder, 'a'), 1, 1);
    renameSync(join(repository.folder, 'b'), join(repository.folder, 'c'));
    const repo = repoIn(repository.folder);
    expect(inShort(await repo.origin('HEAD~1', 'HEAD'))).toBe(first);
    expect(await held(repo, first, 'a')).toBe(text('1'));
    expect(await repo.renamedSince(vouch(first))).toEqual(new Map([['c', 'b']]));
    expect(texts(await repo.versions(vouch('a'), vouch(second), 5))).toEqual([text('2'), text('1')]);
    expect(existsSync(mark)).toBe(false);
    // The trap is a real one.
    expect(() => repository.git('status')).toThrow();
    expect(existsSync(mark)).toBe(true);
  });

  test('when history is fetched', async () => {
    using repository = emptyRepository();
    const before = repository.commit({ a: '1' });
    const after = repository.commit({ a: '2' });
    using clone = checkoutOf(repository, 'main');
    const { mark } = beset(clone);
    expect(inShort(await repoIn(clone.folder, { mayFetch: true }).origin(before, after))).toBe(before);
    expect(existsSync(mark)).toBe(false);
  });

  test('when the server asks for a password', async () => {
    let asked = 0;
    await using server = await listen((socket) => {
      asked += 1;
      socket.end(
        'HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm="x"\r\nContent-Length: 0\r\n\r\n',
      );
    });
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const { mark } = beset(repository);
    repository.git('config', 'remote.origin.url', `http://127.0.0.1:${server.port}/x`);
    const origin = await repoIn(repository.folder, { mayFetch: true }).origin('nowhere', 'HEAD');
    expect(inShort(origin)).toMatch(/^unknown: origin refuses us/);
    expect(asked).toBeGreaterThan(0);
    expect(existsSync(mark)).toBe(false);
    // The trap is a real one.
    const run = promisify(execFile);
    await expect(run('git', ['ls-remote', 'origin'], { cwd: repository.folder })).rejects.toThrow();
    expect(readFileSync(mark, 'utf8')).toContain('trap get');
  });

  test.each([
    ['a program', 'ext::sh -c "echo ran >> .git/ran"'],
    ['a proxy that is one', 'git://127.0.0.1/x'],
    ['a way that is one', 'ssh://127.0.0.1:9/x'],
    ['a host that is an option', 'ssh://-oProxyCommand=touch/x'],
    ['a helper for passwords', 'http://user@127.0.0.1:9/x'],
  ])('when origin is %s', async (_what, url) => {
    using repository = emptyRepository();
    repository.commit({ a: '1' });
    const { mark } = beset(repository);
    repository.git('config', 'remote.origin.url', url);
    const origin = await repoIn(repository.folder, { mayFetch: true }).origin('nowhere', 'HEAD');
    expect(inShort(origin)).toMatch(/^unknown: /);
    expect(existsSync(mark)).toBe(false);
  });
});

describe('git', () => {
  test('is told no secrets of the environment', async () => {
    using repository = emptyRepository();
    vi.stubEnv('GITHUB_TOKEN', 'secret');
    vi.stubEnv('GIT_CONFIG_COUNT', '1');
    vi.stubEnv('GIT_CONFIG_KEY_0', 'alias.env');
    vi.stubEnv('GIT_CONFIG_VALUE_0', '!env');
    try {
      const git = gitIn(repository.folder, { timeout: 5000, mayFetch: false });
      expect(await git.run(['env'])).toMatchObject({ kind: 'ended', code: 1 });
      const told = await git.run(['-c', 'alias.env=!env', 'env']);
      expect(told.kind === 'ended' && told.stdout.toString()).not.toMatch(/GITHUB_TOKEN|secret|GIT_DIR=\//);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('is stopped when its time is over, and when it says too much', async () => {
    using repository = emptyRepository();
    const git = gitIn(repository.folder, { timeout: 200, mayFetch: false });
    expect(await git.run(['-c', 'alias.wait=!sleep 20', 'wait'])).toMatchObject({ kind: 'cut', by: 'time' });
    const patient = gitIn(repository.folder, { timeout: 5000, mayFetch: false });
    const said = await patient.run(['-c', 'alias.chat=!yes', 'chat'], { most: 1000 });
    expect(said).toMatchObject({ kind: 'cut', by: 'size' });
    expect(said.kind === 'cut' && said.stdout.length).toBe(1000);
  });
});
