import type { Json, JsonObject } from '../../src/core/json.ts';
import { type Answer, demand, type Exchange, limitBody, Refusal } from './exchange.ts';
import { inState, numbered, paged, same, simulated, sorted } from './listing.ts';
import { user } from './people.ts';
import { threadOf, whereIssues } from './reach.ts';
import type { Thread } from './threads.ts';
import * as wire from './wire.ts';

export function listIssues(exchange: Exchange): Answer {
  const { query, state } = exchange;
  demand(exchange, 'read', ['issues']);
  whereIssues(exchange);
  simulated('the list of issues', query.keys(), [
    ...['state', 'labels', 'creator', 'since', 'sort', 'direction', 'per_page', 'page'],
  ]);
  const labels = (query.get('labels') ?? '').split(',').filter((name) => name !== '');
  const [creator, since] = [query.get('creator'), query.get('since') ?? ''];
  const found = state
    .threads()
    .filter((thread) => inState(exchange, thread))
    .filter((thread) => labels.every((name) => thread.labels.some((own) => same(own, name))))
    .filter(({ author }) => creator === null || same(author, creator))
    .filter(({ updatedAt }) => updatedAt >= since);
  const listed = sorted(found, exchange, 'desc').map((thread) => issueOf(exchange, thread));
  return paged(listed, exchange, `${numbered(exchange)}/issues`);
}

export function createIssue(exchange: Exchange): Answer {
  const { body, identity, state } = exchange;
  demand(exchange, 'write', ['issues']);
  whereIssues(exchange);
  simulated('a new issue', Object.keys(body), ['title', 'body', 'labels']);
  const given = issueMembers(exchange);
  const labels = identity.pushes ? (given.labels ?? []) : [];
  const issue = state.addIssue({ ...given, labels, author: identity.login });
  const written = issueOf(exchange, issue);
  return { status: 201, headers: { Location: String(written['url']) }, body: written };
}

export function getIssue(exchange: Exchange): Answer {
  return { status: 200, body: issueOf(exchange, threadOf(exchange, 'read')) };
}

export function updateIssue(exchange: Exchange): Answer {
  const { body, identity, state } = exchange;
  const { number } = threadOf(exchange, 'write');
  simulated('a changed issue', Object.keys(body), ['title', 'body', 'labels', 'state', 'state_reason']);
  const changed = state.change(number, {
    ...issueMembers(exchange),
    // The description allows only what the state can hold.
    ...(body['state'] === undefined ? {} : { state: body['state'] as Thread['state'] }),
    ...(body['state_reason'] === undefined
      ? {}
      : { stateReason: body['state_reason'] as Thread['stateReason'] }),
    ...(body['state'] === 'closed' ? { closedBy: identity.login } : {}),
  });
  return { status: 200, body: issueOf(exchange, changed) };
}

/** Of a body, what new and changed issues have in common. */
function issueMembers({ body }: Exchange): Partial<Pick<Thread, 'title' | 'body' | 'labels'>> {
  const { title, body: text, labels } = body;
  if (typeof text === 'string') limitBody('Issue', text);
  if (title !== undefined && title !== null && String(title).trim() === '') {
    const error = { resource: 'Issue', code: 'missing_field', field: 'title' };
    throw new Refusal(422, 'Validation Failed', { errors: [error] });
  }
  return {
    ...(title === undefined || title === null ? {} : { title: String(title) }),
    ...(text === undefined ? {} : { body: text === null ? null : String(text) }),
    ...(Array.isArray(labels) ? { labels: labels.map(labelName) } : {}),
  };
}

function labelName(given: Json): string {
  if (typeof given !== 'string') throw new Error('labels other than by name are not simulated');
  return given;
}

function issueOf({ api, state }: Exchange, thread: Thread): JsonObject {
  const comments = state.comments(thread.number).length;
  const closer = thread.closedBy === null ? null : user(api, thread.closedBy);
  return { ...wire.issue(api, state.repository, thread, comments), closed_by: closer };
}
