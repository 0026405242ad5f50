/** Terraform plans (`terraform show -json`) with a given number of changes, of every kind of action. */

const ACTIONS = [['create'], ['update'], ['delete'], ['delete', 'create']] as const;

export function largePlan(changes: number): object {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    applyable: true,
    complete: true,
    errored: false,
    variables: {},
    resource_changes: Array.from({ length: changes }, (_, index) => change(index)),
    output_changes: {},
    prior_state: { format_version: '1.0', terraform_version: '1.11.4', values: { root_module: {} } },
    configuration: { root_module: {} },
  };
}

function change(index: number): object {
  const actions = ACTIONS[index % ACTIONS.length] ?? ['create'];
  const isNew = actions[0] === 'create';
  return {
    address: `digitalocean_droplet.worker_${index}`,
    mode: 'managed',
    type: 'digitalocean_droplet',
    name: `worker_${index}`,
    provider_name: 'registry.terraform.io/digitalocean/digitalocean',
    change: {
      actions,
      before: isNew ? null : attributes(index, 's-2vcpu-4gb'),
      after: actions.length === 1 && actions[0] === 'delete' ? null : attributes(index, 's-4vcpu-8gb'),
      after_unknown: isNew ? { id: true, ipv4_address: true } : {},
      before_sensitive: isNew ? false : { user_data: true },
      after_sensitive: { user_data: true },
    },
  };
}

function attributes(index: number, size: string): object {
  return {
    name: `forge-production-general-g1-${index}`,
    size,
    region: 'fra1',
    image: 'ubuntu-24-04-x64',
    tags: ['forge-production', 'forge-production-worker'],
    monitoring: true,
    user_data: `token-${index}-${size}-`.padEnd(400, 'x'),
  };
}
