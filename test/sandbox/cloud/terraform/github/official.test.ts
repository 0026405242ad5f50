import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { githubProvider } from '#sandbox/cloud/terraform/github/provider';
import { removeSampleGithubs, sampleGithub } from '#test/sandbox/cloud/github/sample-github';
import { live } from '../lived';
import { officialProject } from '../official-project';
import { terraformProject, type TerraformProject } from '../terraform-project';
import { PROVIDER, sampleStack } from './sample-stack';

// The official provider waits a second between two writes.
jest.setTimeout(300_000);
afterAll(removeSampleGithubs);

const STEPS = {
  made: sampleStack(),
  changed: sampleStack({ value: 'example.com', events: ['push', 'issues'] }),
  replaced: sampleStack({ secret: 'another', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE6' }),
};

async function lifeOf(project: TerraformProject): ReturnType<typeof live> {
  try {
    return await live(project, STEPS, {});
  } finally {
    await project.close();
  }
}

it('a stack has the same plans and states with the official provider as with the stand-in', async () => {
  const [one, other] = [await sampleGithub(), await sampleGithub()];
  const environment = { GITHUB_BASE_URL: `${other.github.url}/` };
  const official = await officialProject('github', { settings: PROVIDER, environment });
  if (official === undefined) return;
  const standIn = await terraformProject([provider(githubProvider(one.github.url))], PROVIDER);
  const ours = await lifeOf(standIn);
  expect(ours).toEqual(await lifeOf(official));
  for (const { saved } of [one, other]) {
    expect(saved()).toMatchObject({ variables: [], secrets: [], hooks: [], keys: [] });
  }
});
