import { provider } from '#sandbox/cloud/terraform/engine/providers';
import { digitalOceanProvider } from '#sandbox/cloud/terraform/digitalocean/provider';
import { everythingIn } from '#test/sandbox/cloud/digitalocean/samples';
import { live } from '../lived';
import { officialProject } from '../official-project';
import { terraformProject } from '../terraform-project';
import { accountForStack, changedStack, PROVIDER, replacedStack, SAMPLE_DATA, sampleStack } from './sample-stack';

// The official provider waits ten seconds before it looks whether a droplet is on, is off, is gone.
jest.setTimeout(600_000);

const STEPS = { made: sampleStack(), changed: changedStack(), replaced: replacedStack() };

it('a stack has the same plans and states with the official provider as with the stand-in', async () => {
  const [one, other] = [await accountForStack(), await accountForStack()];
  const environment = { DIGITALOCEAN_API_URL: other.url };
  const official = await officialProject('digitalocean', { settings: PROVIDER, environment });
  if (official === undefined) return;
  const standIn = await terraformProject([provider(digitalOceanProvider(one.url))], PROVIDER);
  const ours = await live(standIn, STEPS, SAMPLE_DATA);
  expect(ours).toEqual(await live(official, STEPS, SAMPLE_DATA));
  expect([...(await everythingIn(one.api)), ...(await everythingIn(other.api))]).toEqual([]);
});
