import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitContents } from '#sandbox/git/contents';
import { ownEnvironment } from '#sandbox/git/git';
import { REPO, sampleGithub, type SampleGithub } from '#test/sandbox/cloud/github/sample-github';
import { newFolder } from '#test/new-folder';

const PULLS = `${REPO}/pulls`;
const READER = 'ghp_reader_of_pulls';

describe('a pull request in the emulated GitHub', () => {
  let folder: string;
  let bare: string;
  let clone: string;
  let sample: SampleGithub;
  const pushed = jest.fn(() => Promise.resolve());

  const git = (...args: string[]) =>
    execFileSync('git', ['-C', clone, ...args], { env: ownEnvironment(), encoding: 'utf8', stdio: 'pipe' }).trim();
  /** Commits on a branch of its own, and pushes it. */
  const branch = (name: string, from: string, ...commits: [file: string, text: string, message: string][]) => {
    git('checkout', '--quiet', '-b', name, from);
    for (const [file, text, message] of commits) {
      writeFileSync(join(clone, file), text);
      git('add', '.');
      git('commit', '--quiet', '--author', 'Anna <anna@example.org>', '-m', message);
    }
    git('push', '--quiet', 'origin', name);
    return git('rev-parse', name);
  };
  const log = (format: string) =>
    execFileSync('git', ['-C', bare, 'log', '--first-parent', `--format=${format}`, 'main'], { encoding: 'utf8' })
      .trim()
      .split('\n');
  const open = (head: string, title = 'Three of Jenkins') => sample.call('POST', PULLS, { title, head, base: 'main' });
  const merge = (body: object = {}, number = 1) => sample.call('PUT', `${PULLS}/${number}/merge`, body);
  const protect = (rule: object) =>
    sample.call('POST', `${REPO}/rulesets`, {
      name: 'main',
      enforcement: 'active',
      conditions: { ref_name: { include: ['~DEFAULT_BRANCH'], exclude: [] } },
      rules: [rule],
    });

  beforeEach(async () => {
    folder = newFolder('pulls');
    [bare, clone] = [join(folder, 'forge.git'), join(folder, 'clone')];
    execFileSync('git', ['init', '--quiet', '--bare', '--initial-branch=main', bare], { env: ownEnvironment() });
    execFileSync('git', ['clone', '--quiet', bare, clone], { env: ownEnvironment(), stdio: 'pipe' });
    writeFileSync(join(clone, 'jenkins.yaml'), 'replicas: 1\n');
    git('add', '.');
    git('commit', '--quiet', '-m', 'Begin');
    git('push', '--quiet', 'origin', 'main');
    sample = await sampleGithub([{ value: READER, permissions: ['pull_requests:read'] }]);
    pushed.mockClear();
    sample.github.serve(gitContents(bare, pushed));
  });

  it('is opened, listed, read, and merged with a commit that names it, which is announced', async () => {
    const [base, head] = [git('rev-parse', 'main'), branch('more', 'main', ['jenkins.yaml', 'replicas: 3\n', 'Three'])];
    const opened = await open('example:more');
    expect([opened.status, opened.body]).toMatchObject([
      201,
      {
        number: 1,
        state: 'open',
        html_url: 'https://github.com/example/forge/pull/1',
        url: `${sample.github.url}${PULLS}/1`,
        user: { login: 'example' },
        head: { label: 'example:more', ref: 'more', sha: head },
        base: { ref: 'main', sha: base },
        draft: false,
        merged: false,
        mergeable: true,
        commits: 1,
        merged_at: null,
      },
    ]);
    expect((await sample.as(READER)('GET', PULLS)).body).toMatchObject([{ number: 1 }]);
    const merged = await merge({ sha: head });
    expect([merged.status, merged.body]).toEqual([
      200,
      { sha: log('%H')[0], merged: true, message: 'Pull Request successfully merged' },
    ]);
    expect(log('%P')[0]).toBe(`${base} ${head}`);
    expect(log('%an %cn <%ce> %s')[0]).toBe(
      'example GitHub <noreply@github.com> Merge pull request #1 from example/more',
    );
    expect(pushed).toHaveBeenCalledTimes(1);
    expect((await sample.call('GET', `${PULLS}/1`)).body).toMatchObject({
      state: 'closed',
      merged: true,
      merge_commit_sha: merged.body.sha,
      merged_by: { login: 'example' },
      head: { sha: head },
      base: { sha: base },
      mergeable: null,
    });
    expect((await sample.call('GET', PULLS)).body).toEqual([]);
    expect((await sample.call('PATCH', `${REPO}/issues/1`, { state: 'open' })).status).toBe(422);
    expect((await sample.call('GET', `${PULLS}?state=closed&base=main&head=example:more`)).body).toHaveLength(1);
  });

  it('is squashed into one commit of its words, or put on top commit by commit, whose authors stay', async () => {
    branch('two', 'main', ['a', '1', 'First\n\nWhy.'], ['b', '2', 'Second']);
    branch('other', 'main', ['c', '3', 'Third\n\nWhy not.'], ['d', '4', 'Fourth']);
    await open('two', 'Both');
    await open('other');
    expect((await merge({ merge_method: 'squash' })).status).toBe(200);
    expect(log('%an %s')[0]).toBe('example Both (#1)');
    expect(log('%B').join('\n')).toMatch(/^Both \(#1\)\n\n\* First\n\nWhy\.\n\n\* Second\n/);
    expect((await merge({ merge_method: 'rebase' }, 2)).status).toBe(200);
    expect(log('%an %ae %cn %s').slice(0, 3)).toEqual([
      'Anna anna@example.org GitHub Fourth',
      'Anna anna@example.org GitHub Third',
      expect.stringContaining('Both (#1)'),
    ]);
    git('fetch', '--quiet', 'origin');
    expect(git('ls-tree', '--name-only', 'origin/main').split('\n')).toEqual(['a', 'b', 'c', 'd', 'jenkins.yaml']);
  });

  it('is refused with what is wrong', async () => {
    branch('more', 'main', ['jenkins.yaml', 'replicas: 3\n', 'Three']);
    branch('same', 'main');
    const errors = async (body: object) => {
      const answer = await sample.call('POST', PULLS, { title: 'x', head: 'more', base: 'main', ...body });
      return [answer.status, answer.body.message, answer.body.errors];
    };
    const refused = (error: object) => [422, 'Validation Failed', [{ resource: 'PullRequest', ...error }]];
    expect(await errors({ head: 'absent' })).toEqual(refused({ field: 'head', code: 'invalid' }));
    expect(await errors({ head: 'main~0' })).toEqual(refused({ field: 'head', code: 'invalid' }));
    expect(await errors({ head: 'stranger:more' })).toEqual(refused({ field: 'head', code: 'invalid' }));
    expect(await errors({ base: 'absent' })).toEqual(refused({ field: 'base', code: 'invalid' }));
    const none = { code: 'custom', message: 'No commits between main and same' };
    expect(await errors({ head: 'same' })).toEqual(refused(none));
    await open('more');
    const twice = { code: 'custom', message: 'A pull request already exists for example:more.' };
    expect(await errors({})).toEqual(refused(twice));
    expect((await sample.as(READER)('POST', PULLS, { title: 'x', head: 'more', base: 'main' })).status).toBe(403);
  });

  it('is not merged after its branch moved, where both changed the same, twice, or by who may not', async () => {
    branch('more', 'main', ['jenkins.yaml', 'replicas: 3\n', 'Three']);
    await open('more');
    const [moved, unfit] = [
      'Head branch was modified. Review and try the merge again.',
      'Pull Request is not mergeable',
    ];
    expect(await merge({ sha: '0'.repeat(40) })).toMatchObject({ status: 409, body: { message: moved } });
    expect((await sample.as(READER)('PUT', `${PULLS}/1/merge`)).status).toBe(403);
    branch('elsewhere', 'main', ['jenkins.yaml', 'replicas: 2\n', 'Two']);
    git('push', '--quiet', 'origin', 'elsewhere:main');
    expect((await sample.call('GET', `${PULLS}/1`)).body).toMatchObject({ mergeable: false });
    expect(await merge()).toMatchObject({ status: 405, body: { message: unfit } });
    await sample.call('PATCH', `${REPO}/issues/1`, { state: 'closed' });
    expect(await merge()).toMatchObject({ status: 405, body: { message: unfit } });
    expect(log('%s')).toEqual(['Two', 'Begin']);
    expect(pushed).not.toHaveBeenCalled();
  });

  it.each([
    [
      'a check',
      { type: 'required_status_checks', parameters: { required_status_checks: [{ context: 'Tests' }] } },
      'Required status check "Tests" is expected.',
    ],
    [
      'two checks',
      {
        type: 'required_status_checks',
        parameters: { required_status_checks: [{ context: 'Tests' }, { context: 'Lint' }] },
      },
      '2 of 2 required status checks are expected.',
    ],
    [
      'a review',
      { type: 'pull_request', parameters: { required_approving_review_count: 1 } },
      'At least 1 approving review is required by reviewers with write access.',
    ],
  ])('is not merged into a branch whose rules require %s', async (_, rule, message) => {
    branch('more', 'main', ['jenkins.yaml', 'replicas: 3\n', 'Three']);
    await open('more');
    await protect(rule);
    const refusal = { message: `Repository rule violations found\n\n${message}\n\n` };
    expect(await merge()).toMatchObject({ status: 405, body: refusal });
    expect(log('%s')).toEqual(['Begin']);
  });
});
