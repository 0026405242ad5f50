import { z } from 'zod';
import {
  createComment,
  deleteComment,
  getComment,
  listComments,
  updateComment,
  type PlacedComment,
} from '#sandbox/cloud/github/comments';
import { bodyOf } from '#sandbox/cloud/http/request-body';
import { route, type Answer, type RestRequest } from '#sandbox/cloud/http/router';
import { actorBody, apiAddress, listAnswer, nodeId, repositoryOf, webAddress, type GithubRoute } from './answers';
import { associationOf } from './issues';

const comment = z.object({ body: z.string() });
const ON_ISSUE = '/repos/{owner}/{repo}/issues/{number}/comments';
const ONE = '/repos/{owner}/{repo}/issues/comments/{id}';

export const commentRoutes: readonly GithubRoute[] = [
  route('GET', ON_ISSUE, async (session, request) => {
    const comments = await listComments(session, repositoryOf(request), Number(request.params['number']));
    return listAnswer(
      request,
      comments.map((one) => bodyFor(request, one)),
    );
  }),
  route('POST', ON_ISSUE, async (session, request) => {
    const { body } = bodyOf(request, comment);
    const number = Number(request.params['number']);
    return oneAnswer(request, await createComment(session, repositoryOf(request), number, body), 201);
  }),
  route('GET', ONE, async (session, request) =>
    oneAnswer(request, await getComment(session, repositoryOf(request), Number(request.params['id']))),
  ),
  route('PATCH', ONE, async (session, request) => {
    const { body } = bodyOf(request, comment);
    const id = Number(request.params['id']);
    return oneAnswer(request, await updateComment(session, repositoryOf(request), id, body));
  }),
  route('DELETE', ONE, async (session, request) => {
    await deleteComment(session, repositoryOf(request), Number(request.params['id']));
    return { status: 204 };
  }),
];

function oneAnswer(request: RestRequest, placed: PlacedComment, status = 200): Answer {
  return { status, body: bodyFor(request, placed) };
}

function bodyFor(request: RestRequest, { id, body, author, createdAt, updatedAt, issue }: PlacedComment): unknown {
  const repository = repositoryOf(request);
  const api = apiAddress(request.origin, repository);
  const kind = issue.pullRequest === undefined ? 'issues' : 'pull';
  return {
    id,
    node_id: nodeId('IssueComment', id),
    url: `${api}/issues/comments/${id}`,
    html_url: `${webAddress(repository)}/${kind}/${issue.number}#issuecomment-${id}`,
    issue_url: `${api}/issues/${issue.number}`,
    body,
    user: actorBody(author, request.origin),
    author_association: author.type === 'Bot' ? 'NONE' : associationOf(author.login, repository),
    created_at: createdAt,
    updated_at: updatedAt,
  };
}
