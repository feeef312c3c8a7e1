import { isObject, type Json } from '../../src/core/json.ts';
import type { Answer, Identity } from './exchange.ts';

const VIEWER = /^\s*(?:query(?:\s+\w+)?\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/;

/** What is wrong with a request to the GraphQL API, in words. */
export function graphqlFlaws(contentType: string | undefined, body: Json | undefined): readonly string[] {
  if (!/^application\/json(;|$)/.test(contentType ?? '')) return [`the content type is ${contentType}`];
  const query = isObject(body ?? null) && Object(body).query;
  return typeof query === 'string' ? [] : ['there is no query'];
}

/** Says who asks. GitHub answers other queries too; this one says so as GraphQL does, with status 200. */
export function graphql({ login }: Identity, body: Json): Answer {
  const query = isObject(body) ? String(body['query']) : '';
  if (VIEWER.test(query)) return { status: 200, body: { data: { viewer: { login } } } };
  const message = 'only { viewer { login } } is simulated';
  return { status: 200, body: { errors: [{ type: 'undefinedField', message }] } };
}
