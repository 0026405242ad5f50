/** Jobs of GitHub Actions, and the emulated GitHub that they talk to. */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Terminal } from '#cli/output/terminal';
import { createComment } from '#sandbox/cloud/github/comments';
import { createIssue } from '#sandbox/cloud/github/issues';
import { openPullRequest, type OpenedPullRequest } from '#sandbox/cloud/github/pull-requests';
import type { Comment } from '#sandbox/cloud/github/resources/comment';
import type { Issue } from '#sandbox/cloud/github/resources/issue';
import { withGithubToken, type Github, type GithubSession } from '#sandbox/cloud/github/session';
import { startGithubApi } from '#sandbox/cloud/rest/github/github-api';
import { removeSampleGithubs, REPOSITORY, sampleGithub } from '#test/sandbox/cloud/github/sample-github';

/** Every job gets another one, and what it writes is by the same author. */
const JOB_TOKENS = Array.from({ length: 20 }, () => `ghs_${randomUUID()}`);
const READ_ONLY_TOKEN = 'ghs_read-only';
let jobs = 0;
const SOMEBODY = { value: 'ghp_somebody', permissions: 'full', login: 'somebody' } as const;
const READING = ['issues:read', 'pull_requests:read'];
const WRITING = ['issues:write', 'pull_requests:write'];

export interface SampleJob {
  readonly github: Github;
  /** Of a new job each time. */
  readonly terminal: Terminal;
  /** What the person sees meanwhile. */
  readonly notified: string[];
  /** The same job with a token that may only read. */
  readonly readOnly: Terminal;
  /** Acts as somebody else with all rights. */
  readonly somebody: GithubSession;
  /** Acts as another workflow of the repository. */
  readonly otherWorkflow: GithubSession;
  /** Opens a pull request, and makes the job one that is about it. */
  open(wanted?: OpenedPullRequest): void;
  /** Makes the job one about something else. */
  event(payload: unknown): void;
  issues(): readonly Issue[];
  /** On the newest pull request. */
  comments(): readonly Comment[];
  comment(session: GithubSession, body: string): Promise<void>;
  issue(session: GithubSession, title: string, body: string): Promise<void>;
  /** The summary of the job. */
  summary(): string;
  end(): Promise<void>;
}

export async function sampleJob(): Promise<SampleJob> {
  const { github, file } = await sampleGithub([
    ...JOB_TOKENS.map((value) => ({ value, permissions: WRITING, kind: 'actions' }) as const),
    { value: READ_ONLY_TOKEN, permissions: READING, kind: 'actions' },
    SOMEBODY,
  ]);
  const api = await startGithubApi(github, { address: '127.0.0.1', port: 0 });
  const [eventFile, summaryFile] = ['event.json', 'summary.md'].map((name) => join(dirname(file), name)) as [
    string,
    string,
  ];
  writeFileSync(summaryFile, '');
  const full = `${REPOSITORY.owner}/${REPOSITORY.name}`;
  const notified: string[] = [];
  const terminalWith = (token: string): Terminal => ({
    env: {
      GITHUB_TOKEN: token,
      GITHUB_API_URL: api.url,
      GITHUB_REPOSITORY: full,
      GITHUB_EVENT_PATH: eventFile,
      GITHUB_STEP_SUMMARY: summaryFile,
    },
    write: (text) => void notified.push(text),
    notify: (text) => void notified.push(text),
    ask: undefined,
  });
  let number = 0;
  const event = (payload: unknown) => writeFileSync(eventFile, JSON.stringify(payload));
  event({ action: 'push' });
  const issues = () => github.state.repositories[0]!.issues;
  return {
    github,
    notified,
    get terminal() {
      return terminalWith(JOB_TOKENS[jobs++ % JOB_TOKENS.length]!);
    },
    readOnly: terminalWith(READ_ONLY_TOKEN),
    somebody: withGithubToken(github, SOMEBODY.value),
    otherWorkflow: withGithubToken(github, JOB_TOKENS[0]!),
    open: (wanted) => {
      const pull = openPullRequest(github, wanted);
      number = pull.number;
      const { repository } = pull.pullRequest.head;
      event({ pull_request: { number, head: { repo: repository === null ? null : { full_name: repository } } } });
    },
    event,
    issues,
    comments: () => issues().find((issue) => issue.number === number)!.comments,
    comment: async (session, body) => void (await createComment(session, REPOSITORY, number, body)),
    issue: async (session, title, body) => void (await createIssue(session, REPOSITORY, { title, body })),
    summary: () => readFileSync(summaryFile, 'utf8'),
    end: async () => {
      await api.stop();
      removeSampleGithubs();
    },
  };
}
