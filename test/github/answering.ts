import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import { findOperation, type Operation, plainFlaws, requestFlaws, responseFlaws } from './contract.ts';
import { type Answer, type Exchange, type Identity, Refusal } from './exchange.ts';
import { graphql, graphqlFlaws } from './graphql.ts';
import { same } from './listing.ts';
import { routes } from './routes.ts';

/** A request that has been read. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly contentType: string | undefined;
  readonly accept: string | undefined;
  /** As it came, and as it was understood. */
  readonly text: string;
  readonly body: Json | undefined;
  /** Whose token it came with; undefined when there is none, or none that is good. */
  readonly identity: Identity | undefined;
}

/** What there is to ask about. */
export type Site = Pick<Exchange, 'state' | 'api' | 'repository'>;

/** What GitHub would answer; or, when it would not know what to, what is wrong with the request or with us. */
export function answerOf(asked: Asked, site: Site): Answer | readonly string[] {
  try {
    return asked.method === 'POST' && asked.path === '/graphql'
      ? answerQuery(asked)
      : answerRest(asked, site);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}

function answerQuery({ contentType, body = null, identity }: Asked): Answer | readonly string[] {
  const flaws = graphqlFlaws(contentType, body);
  if (flaws.length > 0) return flaws;
  return identity === undefined ? badCredentials().answer : graphql(identity, body);
}

function answerRest(asked: Asked, site: Site): Answer | readonly string[] {
  const operation = findOperation(asked.method, asked.path);
  if (operation === undefined) return ['there is no such operation'];
  const { query, contentType, text: body } = asked;
  const flaws = requestFlaws(operation, { query, contentType, body });
  if (flaws.length > 0) return flaws;
  const answer = performed(operation, asked, site);
  const ours =
    answer.plain === undefined
      ? responseFlaws(operation, answer.status, answer.body)
      : plainFlaws(operation, answer.status, answer.plain);
  return ours.length > 0 ? [`is answered ${answer.status}`, ...ours] : answer;
}

function performed(
  { id, parameters }: Operation,
  { identity, query, body = null, accept = '' }: Asked,
  site: Site,
): Answer {
  const route = routes[id];
  if (route === undefined) throw new Error(`${id} is not simulated`);
  try {
    if (identity === undefined) throw badCredentials();
    const { owner, repo } = parameters;
    if (!same(`${owner}/${repo}`, site.state.repository)) throw new Refusal(404, 'Not Found');
    const members: JsonObject = isObject(body) ? body : {};
    // `application/vnd.github.v3.raw` and `application/vnd.github.raw+json` are the same.
    const media = /^application\/vnd\.github(?:\.v3)?\.(\w+)(?:\+json)?$/.exec(accept)?.[1] ?? '';
    return route({ ...site, identity, parameters, query, body: members, media: media === 'v3' ? '' : media });
  } catch (error) {
    if (error instanceof Refusal) return error.answer;
    throw error;
  }
}

function badCredentials(): Refusal {
  return new Refusal(401, 'Bad credentials');
}
