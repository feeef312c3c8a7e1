import { gitRepo } from '../../../src/adapters/git/repo.ts';
import { vouch } from '../../../src/core/phrase.ts';
import { plain } from '../../../src/core/plain.ts';
import type { FileContent, Origin, Repo, Versions } from '../../../src/core/ports.ts';

export function repoIn(workspace: string, { timeout = 20_000, mayFetch = false } = {}): Repo {
  return gitRepo(workspace, { timeout, mayFetch });
}

/** An origin in a few words. */
export function inShort(origin: Origin): string {
  return origin.kind === 'found' ? origin.commit : `${origin.kind}: ${plain(origin.said)}`;
}

/** What a file held at a commit, or what there is in its place. */
export async function held(repo: Repo, commit: string, path: string): Promise<string> {
  return contentInShort(await repo.at(vouch(commit)).read(vouch(path)));
}

function contentInShort(content: FileContent): string {
  switch (content.kind) {
    case 'read':
      return Buffer.from(content.bytes).toString('latin1');
    case 'missing':
      return 'missing';
    case 'unreadable':
      return `unreadable: ${content.why}`;
  }
}

/** What a file held, the newest first; null where it was deleted. */
export function texts({ versions }: Versions): readonly (string | null)[] {
  return versions.map(({ bytes }) => (bytes === undefined ? null : Buffer.from(bytes).toString()));
}
