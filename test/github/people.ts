import { createHash } from 'node:crypto';
import type { JsonObject } from '../../src/core/json.ts';

/** Where people look, as against the API, whose origin each of these is given as `api`. */
export const PAGES = 'https://github.com';

/** A number for a name, always the same. */
export function idOf(name: string): number {
  return createHash('sha256').update(name).digest().readUInt32BE() % 900_000_000;
}

/** Somebody as GitHub writes them: a bot by their name, else a user, unless told. */
export function user(
  api: string,
  login: string,
  type = login.endsWith('[bot]') ? 'Bot' : 'User',
): JsonObject {
  const url = `${api}/users/${encodeURIComponent(login)}`;
  return {
    login,
    id: login === 'github-actions[bot]' ? 41_898_282 : idOf(login),
    node_id: `U_${idOf(login)}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${idOf(login)}?v=4`,
    gravatar_id: '',
    url,
    html_url: type === 'Bot' ? `${PAGES}/apps/${slugOf(login)}` : `${PAGES}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    site_admin: false,
  };
}

function slugOf(login: string): string {
  return login.replace('[bot]', '');
}

/** The app behind a bot; null for people. */
export function app(api: string, login: string): JsonObject | null {
  if (!login.endsWith('[bot]')) return null;
  const slug = slugOf(login);
  return {
    id: slug === 'github-actions' ? 15_368 : idOf(slug),
    slug,
    node_id: `A_${idOf(slug)}`,
    owner: user(api, 'github', 'Organization'),
    name: slug,
    description: null,
    external_url: `${PAGES}/apps/${slug}`,
    html_url: `${PAGES}/apps/${slug}`,
    created_at: '2018-07-30T09:30:17Z',
    updated_at: '2024-04-10T20:33:16Z',
    permissions: { issues: 'write' },
    events: [],
  };
}
