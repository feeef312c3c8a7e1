import { demand, type Exchange, Refusal } from './exchange.ts';
import { isPullRequest, type Thread } from './threads.ts';

/** Pull requests are issues to these routes, and either permission is named. */
export const either = ['issues', 'pull_requests'] as const;

/** The thread of the path, when it is there and the token is good for it. */
export function threadOf(exchange: Exchange, level: 'read' | 'write'): Thread {
  const thread = exchange.state.thread(Number(exchange.parameters['issue_number']));
  const isIssue = thread !== undefined && !isPullRequest(thread);
  demand(exchange, level, either, isIssue ? ['issues'] : either);
  if (isIssue) whereIssues(exchange);
  if (thread === undefined) throw new Refusal(404, 'Not Found');
  return thread;
}

/** Pull requests can't be disabled, issues can. */
export function whereIssues({ repository: { issues } }: Exchange): void {
  if (!issues) throw new Refusal(410, 'Issues are disabled for this repo');
}
