/** Comments on issues and pull requests. */
import { actorOf } from './actors';
import { notFound, validationFailed } from './errors';
import { MAX_BODY, onIssue, permissionsFor, requireFor } from './issues';
import type { Comment } from './resources/comment';
import type { Issue } from './resources/issue';
import type { Repository } from './resources/repository';
import { request, timestampAfter, type GithubSession, type RepositoryName } from './session';

/** A comment and what it is on. */
export interface PlacedComment extends Comment {
  readonly issue: Issue;
}

/** Oldest first. */
export function listComments(
  session: GithubSession,
  repository: RepositoryName,
  number: number,
): Promise<PlacedComment[]> {
  return onIssue(session, 'read', 'GET', repository, { number, below: '/comments' }, (issue) =>
    issue.comments.map((comment) => ({ ...comment, issue })),
  );
}

export function createComment(
  session: GithubSession,
  repository: RepositoryName,
  number: number,
  body: string,
): Promise<PlacedComment> {
  return onIssue(session, 'write', 'POST', repository, { number, below: '/comments' }, (issue) => {
    check(body);
    const createdAt = timestampAfter();
    const id = (session.github.state.sequence.issue += 1);
    const comment: Comment = { id, body, author: actorOf(session), createdAt, updatedAt: createdAt };
    issue.comments.push(comment);
    issue.updatedAt = createdAt;
    return { ...comment, issue };
  });
}

export function getComment(session: GithubSession, repository: RepositoryName, id: number): Promise<PlacedComment> {
  return onComment(session, 'GET', repository, id, (comment, issue) => ({ ...comment, issue }));
}

/** Whoever may write to the repository may also change what others wrote. */
export function updateComment(
  session: GithubSession,
  repository: RepositoryName,
  id: number,
  body: string,
): Promise<PlacedComment> {
  return onComment(session, 'PATCH', repository, id, (comment, issue) => {
    check(body);
    return { ...Object.assign(comment, { body, updatedAt: timestampAfter() }), issue };
  });
}

export function deleteComment(session: GithubSession, repository: RepositoryName, id: number): Promise<void> {
  return onComment(session, 'DELETE', repository, id, (comment, issue) => {
    issue.comments = issue.comments.filter((candidate) => candidate !== comment);
  });
}

function onComment<T>(
  session: GithubSession,
  method: 'GET' | 'PATCH' | 'DELETE',
  repository: RepositoryName,
  id: number,
  work: (comment: Comment, issue: Issue) => T,
): Promise<T> {
  const access = method === 'GET' ? 'read' : 'write';
  return request(session, permissionsFor(access), method, repository, `/issues/comments/${id}`, (found) => {
    const { comment, issue } = find(found, id);
    requireFor(session, access, issue);
    return work(comment, issue);
  });
}

function find({ issues }: Repository, id: number): { comment: Comment; issue: Issue } {
  for (const issue of issues) {
    const comment = issue.comments.find((candidate) => candidate.id === id);
    if (comment !== undefined) return { comment, issue };
  }
  throw notFound();
}

function check(body: string): void {
  if (body.trim() === '') throw validationFailed('IssueComment', 'body', "body can't be blank");
  if (body.length > MAX_BODY) {
    throw validationFailed('IssueComment', 'body', `body is too long (maximum is ${MAX_BODY} characters)`);
  }
}
