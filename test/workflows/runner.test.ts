import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { newFolder } from '#test/new-folder';
import { readPairs } from './command-files';
import { runWorkflow, type RunOptions } from './runner';
import type { Workflow } from './workflow-file';

describe('the runner of workflows', () => {
  let folder: string;
  let options: RunOptions;

  beforeEach(() => {
    folder = newFolder('runner');
    const workspace = join(folder, 'workspace');
    mkdirSync(workspace);
    options = {
      workspace,
      env: { PATH: process.env['PATH']!, TMPDIR: folder },
      secrets: { TOKEN: 'a-secret-value' },
      event: { name: 'push' },
      artifacts: join(folder, 'artifacts'),
    };
  });

  const run = (jobs: string, more: Partial<RunOptions> = {}) =>
    runWorkflow({ name: 'test', on: {}, ...(parse(jobs) as Pick<Workflow, 'jobs'>) }, { ...options, ...more });
  const steps = (...lines: string[]) =>
    `jobs:\n  only:\n    steps:\n${lines.map((line) => `      ${line}\n`).join('')}`;

  it('runs the commands of a job in the workspace, in order', async () => {
    const { result, jobs } = await run(steps('- run: echo one > file', '- run: echo two >> file; cat file'));
    expect(result).toBe('success');
    expect(jobs['only']!.steps.map(({ output }) => output)).toEqual(['', 'one\ntwo\n']);
  });

  it('gives a step the secrets that it names, and no other', async () => {
    const { jobs } = await run(
      steps('- run: echo "${#MINE} ${TOKEN:-none}"', '  env:', '    MINE: ${{ secrets.TOKEN }}'),
    );
    expect(jobs['only']!.steps[0]).toMatchObject({ output: '14 none\n', printedSecrets: [] });
  });

  it('gives the secrets of an environment to the jobs that name it', async () => {
    const { jobs } = await run(
      `jobs:
  inside: { environment: production, steps: [{ run: 'echo "$MINE"', env: { MINE: '\${{ secrets.KEY }}' } }] }
  outside: { steps: [{ run: 'echo "$MINE"', env: { MINE: '\${{ secrets.KEY }}' } }] }`,
      { environments: { production: { KEY: 'of production' } } },
    );
    expect([jobs['inside'], jobs['outside']].map((job) => job!.steps[0]!.output)).toEqual(['of production\n', '\n']);
  });

  it.each([
    ['with', 'secrets: inherit', 'seven production a-secret-value\n'],
    ['without', 'secrets: ', 'seven  \n'],
  ])('calls a workflow %s the secrets, in the place of a job', async (_, secrets, output) => {
    const called = parse(`{ name: called, on: {}, jobs: { inner: { environment: production, steps: [
      { run: 'echo "$A $B $C"', env: { A: '\${{ inputs.a }}', B: '\${{ secrets.KEY }}', C: '\${{ secrets.TOKEN }}' } }] } } }`) as Workflow;
    const { result, jobs } = await run(
      `jobs: { first: { steps: [] }, outer: { needs: first, uses: ./x.yml, with: { a: seven }, ${secrets} } }`,
      { environments: { production: { KEY: 'production' } }, called: () => called },
    );
    expect(result).toBe('success');
    expect(Object.keys(jobs)).toEqual(['first', 'outer / inner', 'outer']);
    expect(jobs['outer / inner']!.steps[0]!.output).toBe(output);
  });

  it('hides what a step asks it to, and names a step that prints it all the same', async () => {
    const { jobs } = await run(steps("- run: echo '::add-mask::made 100%25'", '- run: echo "it was made 100%"'));
    expect(jobs['only']!.steps.map(({ output }) => output)).toEqual(['', 'it was made 100%\n']);
    expect(jobs['only']!.steps.map(({ printedSecrets }) => printedSecrets)).toEqual([[], ['masked value 0']]);
  });

  it('names the secrets that a step prints', async () => {
    const { jobs } = await run(steps('- run: echo "$MINE"', '  env:', '    MINE: ${{ secrets.TOKEN }}'));
    expect(jobs['only']!.steps[0]!.printedSecrets).toEqual(['TOKEN']);
  });

  it('lets a nearer environment win: workflow, job, earlier step, step', async () => {
    const { jobs } = await run(
      `env: { A: workflow, B: workflow, C: workflow, D: workflow }
jobs:
  only:
    env: { B: job, C: job, D: job }
    steps:
      - run: echo "C=earlier" >> "$GITHUB_ENV"; printf 'D<<END\\ntwo\\nlines\\nEND\\n' >> "$GITHUB_ENV"
      - run: echo "$A $B $C $D"
      - run: echo "$D \${{ env.A }}"
        env: { D: step }`,
    );
    expect(jobs['only']!.steps.slice(1).map(({ output }) => output)).toEqual([
      'workflow job earlier two\nlines\n',
      'step workflow\n',
    ]);
  });

  it('hands outputs to later steps and jobs, and runs a job after those that it needs', async () => {
    const { jobs } = await run(`jobs:
  last:
    needs: [first]
    steps: [{ run: 'echo "$GOT"', env: { GOT: '\${{ needs.first.outputs.id }}' } }]
  first:
    outputs: { id: '\${{ steps.make.outputs.id }}' }
    steps: [{ id: make, run: 'echo id=7 >> "$GITHUB_OUTPUT"' }]`);
    expect(Object.keys(jobs)).toEqual(['first', 'last']);
    expect(jobs['last']!.steps[0]!.output).toBe('7\n');
  });

  it('goes on after a failure only with steps that ask for it, and skips the jobs that need the failed one', async () => {
    const { result, jobs } = await run(`jobs:
  first:
    steps:
      - run: 'false'
      - run: echo skipped
      - { run: echo closed, if: always() }
      - { run: echo said, if: failure() }
  second: { needs: first, steps: [{ run: echo never }] }
  third: { needs: second, if: always(), steps: [{ run: echo after all }] }`);
    expect(result).toBe('failure');
    expect(jobs['first']!.steps.map((step) => step.result)).toEqual(['failure', 'skipped', 'success', 'success']);
    expect([jobs['second']!.result, jobs['third']!.result]).toEqual(['skipped', 'success']);
  });

  it('knows how an earlier step ended', async () => {
    const { jobs } = await run(`jobs:
  only:
    steps:
      - { id: never, run: echo never, if: 'false' }
      - { id: bad, run: exit 3 }
      - { run: echo yes, if: always() && steps.bad.outcome != 'skipped' }
      - { run: echo no, if: always() && steps.never.outcome != 'skipped' }`);
    expect(jobs['only']!.steps.map((step) => step.result)).toEqual(['skipped', 'failure', 'success', 'skipped']);
  });

  it('stops a script at its first failing command, like GitHub', async () => {
    const { jobs } = await run(steps('- run: |', '    false', '    echo never'));
    expect(jobs['only']!.steps[0]).toMatchObject({ result: 'failure', output: '' });
  });

  it('ends a step with everything that it started when the time is over', async () => {
    const { jobs } = await run(steps('- run: sleep 600 & echo $!; wait', '  timeout-minutes: 0.01'));
    const { result, output } = jobs['only']!.steps[0]!;
    expect([result, output]).toEqual(['failure', expect.stringContaining('time limit')]);
    expect(isAlive(Number(output.split('\n')[0]))).toBe(false);
  });

  it('collects the summary, and shows the event', async () => {
    const { jobs } = await run(
      steps('- run: echo "# Done" >> "$GITHUB_STEP_SUMMARY"; cat "$GITHUB_EVENT_PATH"; echo " $GITHUB_REPOSITORY"'),
      { event: { name: 'pull_request', payload: { number: 7 } }, github: { repository: 'example/forge' } },
    );
    expect(jobs['only']!.summary).toBe('# Done\n');
    expect(jobs['only']!.steps[0]!.output).toBe('{"number":7} example/forge\n');
  });

  it('carries artifacts from one run to the next, without the folders above them', async () => {
    mkdirSync(join(options.workspace, 'plans'));
    writeFileSync(join(options.workspace, 'plans/reviewed.json'), '{}');
    const up = 'uses: actions/upload-artifact@x, with: { name: plan, path: "plans/reviewed.json\\nplans/absent.md" }';
    const down = 'uses: actions/download-artifact@x, with: { name: plan, path: got }';
    expect((await run(steps(`- { ${up} }`))).result).toBe('success');
    expect((await run(steps(`- { ${down} }`))).result).toBe('success');
    expect(readdirSync(join(options.workspace, 'got'))).toEqual(['reviewed.json']);
  });

  it('fails like the actions do: nothing to upload, nothing to download', async () => {
    const up = 'uses: actions/upload-artifact@x, with: { name: a, path: absent, if-no-files-found: error }';
    const down = 'uses: actions/download-artifact@x, with: { name: absent }';
    for (const [call, text] of [
      [up, 'No files were found'],
      [down, 'Artifact not found'],
    ]) {
      const { jobs } = await run(steps(`- { ${call} }`));
      expect(jobs['only']!.steps[0]).toMatchObject({ result: 'failure', output: expect.stringContaining(text!) });
    }
  });

  it.each([
    ['an action that it does not know', '{ only: { steps: [{ uses: someone/else@v1 }] } }', 'someone/else@v1'],
    ['jobs that need each other', '{ a: { needs: b, steps: [] }, b: { needs: a, steps: [] } }', 'a -> b -> a'],
    ['a job that is not there', '{ a: { needs: b, steps: [] } }', 'needs b'],
  ])('refuses %s', async (_, jobs, message) => {
    await expect(run(`jobs: ${jobs}`)).rejects.toThrow(message);
  });

  it('leaves no temporary file', async () => {
    const { jobs } = await run(steps('- run: echo "$RUNNER_TEMP"; echo id=1 >> "$GITHUB_OUTPUT"'));
    const temporary = jobs['only']!.steps[0]!.output.trim();
    expect(temporary).toContain('forge-workflow-');
    expect(existsSync(temporary)).toBe(false);
  });
});

/** One that ended and waits for its parent to notice is not. */
function isAlive(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

describe('the files of commands', () => {
  it('hold pairs on a line or between delimiters', () => {
    expect(readPairs('a=1=2\n\nb<<X\none\ntwo\nX\nc=\n')).toEqual({ a: '1=2', b: 'one\ntwo', c: '' });
  });

  it.each(['nothing', 'a<<X\nopen'])('refuse %j', (text) => {
    expect(() => readPairs(text)).toThrow();
  });
});
