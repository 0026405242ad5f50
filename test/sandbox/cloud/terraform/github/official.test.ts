import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { githubProvider } from '#sandbox/cloud/terraform/github/provider';
import { sampleGithub } from '#test/sandbox/cloud/github/sample-github';
import { live } from '../lived';
import { officialProject } from '../official-project';
import { terraformProject } from '../terraform-project';
import { PROVIDER, sampleStack } from './sample-stack';

// The official provider waits a second between two writes.
jest.setTimeout(300_000);

const STEPS = {
  made: sampleStack(),
  changed: sampleStack({ value: 'example.com', events: ['push', 'issues'] }),
  replaced: sampleStack({ secret: 'another', key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE6' }),
};

it('a stack has the same plans and states with the official provider as with the stand-in', async () => {
  const [one, other] = [await sampleGithub(), await sampleGithub()];
  const environment = { GITHUB_BASE_URL: `${other.github.url}/` };
  const official = await officialProject('github', { settings: PROVIDER, environment });
  if (official === undefined) return;
  const standIn = await terraformProject([provider(githubProvider(one.github.url))], PROVIDER);
  const ours = await live(standIn, STEPS);
  expect(ours).toEqual(await live(official, STEPS));
  for (const { saved } of [one, other]) {
    expect(saved()).toMatchObject({ variables: [], secrets: [], hooks: [], keys: [] });
  }
});
