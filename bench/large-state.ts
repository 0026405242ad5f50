/** Terraform states of a given size, with resources like those of the network stack. */

/** Not all of them bear secrets: `forge state` must look for those in the others. */
function droplet(index: number): object {
  return {
    mode: 'managed',
    type: 'digitalocean_droplet',
    name: `worker_${index}`,
    provider: 'provider["registry.terraform.io/digitalocean/digitalocean"]',
    instances: [
      {
        schema_version: 1,
        attributes: {
          id: String(500_000_000 + index),
          name: `forge-production-general-g1-${index}`,
          size: 's-4vcpu-8gb',
          region: 'fra1',
          tags: ['forge-production', 'forge-production-worker'],
          ipv4_address_private: `10.110.${Math.floor(index / 250)}.${index % 250}`,
          monitoring: true,
          user_data: `token-${index}-`.padEnd(400, 'x'),
        },
        sensitive_attributes: [[{ type: 'get_attr', value: 'user_data' }]],
        dependencies: ['digitalocean_vpc.vpc', 'random_password.join'],
      },
    ],
  };
}

/** @param bytes about as many, and at least one resource */
export function largeState(bytes: number): string {
  const one = JSON.stringify(droplet(0), null, 2).length;
  const resources = Array.from({ length: Math.max(1, Math.round(bytes / one)) }, (_, index) => droplet(index));
  const state = { version: 4, terraform_version: '1.11.4', serial: 1, lineage: 'bench', outputs: {}, resources };
  return JSON.stringify(state, null, 2);
}
