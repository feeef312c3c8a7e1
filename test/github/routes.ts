import { createComment, deleteComment, listComments, updateComment } from './comments.ts';
import { compareCommits, getCommit, listCommits } from './commits.ts';
import { getContent, getTree } from './contents.ts';
import type { Answer, Exchange } from './exchange.ts';
import { createIssue, getIssue, listIssues, updateIssue } from './issues.ts';
import { listPullRequests } from './pulls.ts';

/** By `operationId`, what GitHub does. The request is known to follow the description. */
export const routes: Readonly<Record<string, (exchange: Exchange) => Answer>> = {
  'issues/list-comments': listComments,
  'issues/create-comment': createComment,
  'issues/update-comment': updateComment,
  'issues/delete-comment': deleteComment,
  'issues/list-for-repo': listIssues,
  'issues/create': createIssue,
  'issues/get': getIssue,
  'issues/update': updateIssue,
  'pulls/list': listPullRequests,
  'repos/list-commits': listCommits,
  'repos/get-commit': getCommit,
  'repos/compare-commits-with-basehead': compareCommits,
  'repos/get-content': getContent,
  'git/get-tree': getTree,
};
