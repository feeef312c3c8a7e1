import type { JsonObject } from '../../src/core/json.ts';
import { idOf, PAGES, user } from './people.ts';

export interface Kind {
  readonly fork?: boolean;
  readonly private?: boolean;
  readonly issues?: boolean;
}

/** The paths that GitHub names in a repository, by what their members begin with. */
const paths: Readonly<Record<string, string>> = {
  forks: '/forks',
  keys: '/keys{/key_id}',
  collaborators: '/collaborators{/collaborator}',
  teams: '/teams',
  hooks: '/hooks',
  issue_events: '/issues/events{/number}',
  events: '/events',
  assignees: '/assignees{/user}',
  branches: '/branches{/branch}',
  tags: '/tags',
  blobs: '/git/blobs{/sha}',
  git_tags: '/git/tags{/sha}',
  git_refs: '/git/refs{/sha}',
  trees: '/git/trees{/sha}',
  statuses: '/statuses/{sha}',
  languages: '/languages',
  stargazers: '/stargazers',
  contributors: '/contributors',
  subscribers: '/subscribers',
  subscription: '/subscription',
  commits: '/commits{/sha}',
  git_commits: '/git/commits{/sha}',
  comments: '/comments{/number}',
  issue_comment: '/issues/comments{/number}',
  contents: '/contents/{+path}',
  compare: '/compare/{base}...{head}',
  merges: '/merges',
  archive: '/{archive_format}{/ref}',
  downloads: '/downloads',
  issues: '/issues{/number}',
  pulls: '/pulls{/number}',
  milestones: '/milestones{/number}',
  notifications: '/notifications{?since,all,participating}',
  labels: '/labels{/name}',
  releases: '/releases{/id}',
  deployments: '/deployments',
};

/** A repository as it stands inside a workflow's run: names and addresses. */
export function repositoryInShort(
  api: string,
  name: string,
  { fork = false, ...kind }: Kind = {},
): JsonObject {
  const [owner = '', repo = ''] = name.split('/');
  const url = `${api}/repos/${name}`;
  const addresses = Object.entries(paths).map(([member, path]) => [`${member}_url`, `${url}${path}`]);
  return {
    id: idOf(name),
    node_id: `R_${idOf(name)}`,
    name: repo,
    full_name: name,
    private: kind.private ?? false,
    owner: user(api, owner),
    html_url: `${PAGES}/${name}`,
    description: null,
    fork,
    url,
    ...Object.fromEntries(addresses),
  };
}

/** A repository with all that GitHub has to say about it. */
export function repository(api: string, name: string, kind: Kind = {}): JsonObject {
  const time = '2026-01-05T10:00:00Z';
  return {
    ...repositoryInShort(api, name, kind),
    created_at: time,
    updated_at: time,
    pushed_at: time,
    git_url: `git://github.com/${name}.git`,
    ssh_url: `git@github.com:${name}.git`,
    clone_url: `${PAGES}/${name}.git`,
    svn_url: `${PAGES}/${name}`,
    homepage: null,
    size: 100,
    stargazers_count: 0,
    watchers_count: 0,
    language: 'Python',
    has_issues: kind.issues ?? true,
    has_projects: true,
    has_downloads: true,
    has_wiki: false,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: false,
    disabled: false,
    open_issues_count: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: kind.private === true ? 'private' : 'public',
    forks: 0,
    open_issues: 0,
    watchers: 0,
    default_branch: 'main',
    custom_properties: {},
  };
}
