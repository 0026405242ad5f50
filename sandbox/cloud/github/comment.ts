/** Comments on issues and pull requests. */
import { z } from 'zod';
import type { RestRequest } from '../http/routes';
import { apiAddress, created, listed, ok, type GithubRoute } from './answers';
import { checked } from './errors';
import { collection, nextId, timestampAfter } from './github';
import { associationOf, findIssue, permissionsTo, postBody, type Issue } from './issue';
import { onRepository, userOf } from './repository';

/** Whose the number is, the API tells by `issue_url`. */
interface Comment extends Pick<Issue, 'id' | 'user' | 'author_association' | 'html_url' | 'created_at' | 'updated_at'> {
  readonly issue_number: number;
  body: string;
}

const commentRequest = z.object({ body: postBody.refine((text) => text.trim() !== '', "body can't be blank") });

const comments = collection<Comment>('comments', 'id');

export const commentRoutes: readonly GithubRoute[] = [
  // Oldest first.
  onRepository('GET /issues/{number}/comments', permissionsTo('read'), (caller, request) => {
    const { number } = findIssue(caller, request.params['number']!, 'read');
    const found = comments.of(caller.github).filter(({ issue_number }) => issue_number === number);
    return listed(
      request,
      found.map((one) => answer(request, one)),
    );
  }),
  onRepository('POST /issues/{number}/comments', permissionsTo('write'), (caller, request) => {
    const { github } = caller;
    const issue = findIssue(caller, request.params['number']!, 'write');
    const { body } = checked('IssueComment', request.body, commentRequest);
    const id = nextId(github, 'issues');
    const created_at = timestampAfter();
    const user = userOf(caller);
    const added = {
      id,
      issue_number: issue.number,
      body,
      user,
      author_association: associationOf(github, user),
      html_url: `${issue.html_url}#issuecomment-${id}`,
      created_at,
      updated_at: created_at,
    };
    comments.add(github, added);
    Object.assign(issue, { comments: issue.comments + 1, updated_at: created_at });
    return created(answer(request, added));
  }),
  // Whoever may write to the repository may also change what others wrote.
  onRepository('PATCH /issues/comments/{id}', permissionsTo('write'), (caller, request) => {
    const found = comments.find(caller.github, request.params['id']);
    findIssue(caller, found.issue_number, 'write');
    const change = checked('IssueComment', request.body, commentRequest);
    return ok(answer(request, Object.assign(found, change, { updated_at: timestampAfter() })));
  }),
];

function answer(request: RestRequest, { issue_number, ...comment }: Comment): unknown {
  const url = apiAddress(request, `/issues/comments/${comment.id}`);
  return { ...comment, url, issue_url: apiAddress(request, `/issues/${issue_number}`) };
}
