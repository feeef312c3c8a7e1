import type { JsonObject } from '../../src/core/json.ts';
import { type Answer, demand, type Exchange, limitBody, Refusal } from './exchange.ts';
import { numbered, paged } from './listing.ts';
import { either, threadOf } from './reach.ts';
import { type Comment, isPullRequest } from './threads.ts';
import * as wire from './wire.ts';

export function listComments(exchange: Exchange): Answer {
  const thread = threadOf(exchange, 'read');
  const since = exchange.query.get('since') ?? '';
  const found = exchange.state.comments(thread.number).filter(({ updatedAt }) => updatedAt >= since);
  const written = found.map((comment) => commentOf(exchange, comment));
  return paged(written, exchange, `${numbered(exchange)}/issues/${thread.number}/comments`);
}

export function createComment(exchange: Exchange): Answer {
  const thread = threadOf(exchange, 'write');
  if (thread.locked) throw new Refusal(403, 'Unable to create comment because issue is locked.');
  const body = commentBody(exchange);
  const comment = exchange.state.addComment({ thread: thread.number, author: exchange.identity.login, body });
  const written = commentOf(exchange, comment);
  return { status: 201, headers: { Location: String(written['url']) }, body: written };
}

export function updateComment(exchange: Exchange): Answer {
  const { id } = existingComment(exchange);
  return { status: 200, body: commentOf(exchange, exchange.state.editComment(id, commentBody(exchange))) };
}

export function deleteComment(exchange: Exchange): Answer {
  exchange.state.removeComment(existingComment(exchange).id);
  return { status: 204 };
}

function existingComment(exchange: Exchange): Comment {
  const comment = exchange.state.comment(Number(exchange.parameters['comment_id']));
  const thread = comment && exchange.state.thread(comment.thread);
  demand(exchange, 'write', either, thread && !isPullRequest(thread) ? ['issues'] : either);
  if (comment === undefined) throw new Refusal(404, 'Not Found');
  return comment;
}

function commentBody({ body }: Exchange): string {
  const text = String(body['body']);
  limitBody('IssueComment', text);
  if (text.trim() !== '') return text;
  const error = {
    resource: 'IssueComment',
    code: 'unprocessable',
    field: 'data',
    message: "Body can't be blank",
  };
  throw new Refusal(422, 'Validation Failed', { errors: [error] });
}

function commentOf({ api, state }: Exchange, comment: Comment): JsonObject {
  const thread = state.thread(comment.thread);
  if (thread === undefined) throw new Error(`there is no #${comment.thread}`);
  return wire.comment(api, state.repository, thread, comment);
}
