import type { JsonObject } from '../../src/core/json.ts';
import { type Answer, demand, type Exchange } from './exchange.ts';
import { inState, numbered, paged, simulated, sorted } from './listing.ts';
import { repository } from './repository.ts';
import { isPullRequest, type PullRequest } from './threads.ts';
import * as wire from './wire.ts';

export function listPullRequests(exchange: Exchange): Answer {
  const { query, state } = exchange;
  demand(exchange, 'read', ['pull_requests']);
  simulated('the order of pull requests', [query.get('sort') ?? 'created'], ['created', 'updated']);
  const [head, base] = [query.get('head') ?? '', query.get('base')];
  const found = state
    .threads()
    .filter(isPullRequest)
    .filter((pull) => inState(exchange, pull))
    // Without an owner the filter doesn't filter.
    .filter((pull) => !head.includes(':') || `${ownerOf(pull)}:${pull.headRef}` === head)
    .filter(({ baseRef }) => base === null || baseRef === base);
  const usual = (query.get('sort') ?? 'created') === 'created' ? 'desc' : 'asc';
  const listed = sorted(found, exchange, usual).map((pull) => pullRequestOf(exchange, pull));
  return paged(listed, exchange, `${numbered(exchange)}/pulls`);
}

function ownerOf({ headRepository }: PullRequest): string {
  return headRepository.split('/')[0] ?? '';
}

function pullRequestOf(
  { api, state, repository: { public: open } }: Exchange,
  pull: PullRequest,
): JsonObject {
  const fork = pull.headRepository !== state.repository;
  const base = repository(api, state.repository, { private: !open });
  return wire.pullRequest(api, base, repository(api, pull.headRepository, { fork, private: !open }), pull);
}
