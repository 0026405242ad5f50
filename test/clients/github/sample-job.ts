/** Jobs of GitHub Actions, and the emulated GitHub that they talk to. */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Terminal } from '#cli/output/terminal';
import type { Issue, OpenedPullRequest } from '#sandbox/cloud/github/issue';
import type { RunningGithub } from '#sandbox/cloud/github/api';
import { REPO, sampleGithub } from '#test/sandbox/cloud/github/sample-github';
import type { Call } from '#test/sandbox/cloud/http/call';

/** Every job gets another one, and what it writes is by the same author. */
const JOB_TOKENS = Array.from({ length: 20 }, () => `ghs_${randomUUID()}`);
const READ_ONLY_TOKEN = 'ghs_read-only';
let jobs = 0;
const SOMEBODY = { value: 'ghp_somebody', permissions: 'full', login: 'somebody' } as const;
const APP = 'ghs_app';
const READING = ['issues:read', 'pull_requests:read'];
const WRITING = ['issues:write', 'pull_requests:write'];

export interface SampleJob {
  readonly github: RunningGithub;
  /** Of a new job each time. */
  readonly terminal: Terminal;
  /** What the person sees meanwhile. */
  readonly notified: string[];
  /** The same job with the token of a GitHub App. */
  readonly app: Terminal;
  /** The same job with a token that may only read. */
  readonly readOnly: Terminal;
  /** Acts as somebody else with all rights. */
  readonly somebody: Call;
  /** Acts as another workflow of the repository. */
  readonly otherWorkflow: Call;
  /** Opens a pull request, and makes the job one that is about it. */
  open(wanted?: OpenedPullRequest): void;
  /** Makes the job one about something else. */
  event(payload: unknown): void;
  issues(): readonly Issue[];
  /** On the newest pull request. */
  comments(): readonly Pick<Issue, 'id' | 'body' | 'user'>[];
  comment(by: Call, body: string): Promise<void>;
  issue(by: Call, title: string, body: string): Promise<void>;
  /** The summary of the job. */
  summary(): string;
}

export async function sampleJob(): Promise<SampleJob> {
  const { github, file, saved, as } = await sampleGithub([
    ...JOB_TOKENS.map((value) => ({ value, permissions: WRITING, kind: 'actions' }) as const),
    { value: READ_ONLY_TOKEN, permissions: READING, kind: 'actions' },
    { value: APP, permissions: WRITING, kind: 'app', login: 'acme-forge' },
    SOMEBODY,
  ]);
  const [eventFile, summaryFile] = ['event.json', 'summary.md'].map((name) => join(dirname(file), name)) as [
    string,
    string,
  ];
  writeFileSync(summaryFile, '');
  const notified: string[] = [];
  const terminalWith = (token: string): Terminal => ({
    env: {
      GITHUB_TOKEN: token,
      GITHUB_API_URL: github.url,
      GITHUB_REPOSITORY: 'example/forge',
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
  const issues = () => (saved()['issues'] ?? []) as Issue[];
  return {
    github,
    notified,
    get terminal() {
      return terminalWith(JOB_TOKENS[jobs++ % JOB_TOKENS.length]!);
    },
    app: terminalWith(APP),
    readOnly: terminalWith(READ_ONLY_TOKEN),
    somebody: as(SOMEBODY.value),
    otherWorkflow: as(JOB_TOKENS[0]),
    open: (wanted) => {
      number = github.openPullRequest(wanted).number;
      const repository = wanted?.fork === undefined ? 'example/forge' : wanted.fork;
      event({ pull_request: { number, head: { repo: repository === null ? null : { full_name: repository } } } });
    },
    event,
    issues,
    comments: () =>
      ((saved()['comments'] ?? []) as (Issue & { issue_number: number })[]).filter(
        (one) => one.issue_number === number,
      ),
    comment: async (by, body) => void (await by('POST', `${REPO}/issues/${number}/comments`, { body })),
    issue: async (by, title, body) => void (await by('POST', `${REPO}/issues`, { title, body })),
    summary: () => readFileSync(summaryFile, 'utf8'),
  };
}
