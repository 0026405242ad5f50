import { generalPool, leaves, type Pool, sampleConfig, synthesise } from '../sample';

type Resources = Record<string, Record<string, any>>;

function networkStack(changes: Partial<typeof sampleConfig> = {}): Record<string, any> {
  return synthesise({ ...sampleConfig, ...changes }).stacks.network;
}

function network(changes: Partial<typeof sampleConfig> = {}): Resources {
  return networkStack(changes)['resource'] as Resources;
}

function droplets(resources: Resources): Record<string, any> {
  return resources['digitalocean_droplet']!;
}

const threeServers = { servers: { ...sampleConfig.servers, count: 3 as const } };
const databasePool: Pool = { ...generalPool, name: 'database', count: 1, taints: ['dedicated=database:NoSchedule'] };

describe('droplets', () => {
  it('are all in the VPC', () => {
    for (const resources of [network(), network(threeServers)]) {
      for (const droplet of Object.values(droplets(resources))) {
        expect(droplet.vpc_uuid).toBe('${digitalocean_vpc.vpc.id}');
      }
    }
  });

  it('are never replaced because of an edit of what only creation reads', () => {
    for (const droplet of Object.values(droplets(network(threeServers)))) {
      expect(droplet.lifecycle.ignore_changes).toEqual(['user_data', 'image', 'ssh_keys']);
    }
  });

  it('have addresses that name their part', () => {
    expect(Object.keys(droplets(network({ workers: [generalPool, databasePool] }))).sort()).toEqual([
      'server_1',
      'workers_database_1',
      'workers_general_1',
      'workers_general_2',
    ]);
  });

  it('offer no way to log in unless SSH is opened', () => {
    for (const droplet of Object.values(droplets(network()))) {
      expect(droplet).not.toHaveProperty('ssh_keys');
      expect(droplet.droplet_agent).toBe(false);
    }
    const opened = network({ access: { ...sampleConfig.access, ssh: ['203.0.113.4/32'] } });
    for (const droplet of Object.values(droplets(opened))) {
      expect(droplet.ssh_keys).toContain('data.digitalocean_ssh_keys.ssh-keys');
    }
  });
});

describe('the generation of the servers', () => {
  const generations = (count: 1 | 3, generation: number) => {
    const resources = network({ servers: { ...sampleConfig.servers, count, generation } });
    return Array.from({ length: count }, (_, index) => {
      const trigger = `server_${index + 1}-generation`;
      const { lifecycle } = droplets(resources)[`server_${index + 1}`];
      expect(lifecycle.replace_triggered_by).toEqual([`terraform_data.${trigger}`]);
      return resources['terraform_data']![trigger].input.generation as number;
    });
  };

  it('makes one of three anew with each number, in turn', () => {
    expect([1, 2, 3, 4, 5].map((generation) => generations(3, generation))).toEqual([
      [1, 1, 1],
      [2, 1, 1],
      [2, 2, 1],
      [2, 2, 2],
      [3, 2, 2],
    ]);
  });

  it('makes the only one anew with each', () => {
    expect([1, 2, 3].map((generation) => generations(1, generation))).toEqual([[1], [2], [3]]);
  });
});

describe('a worker pool', () => {
  it('is replaced by its generation, the new nodes first, under new names', () => {
    const before = network();
    const after = network({ workers: [{ ...generalPool, generation: 2 }] });
    const [old, fresh] = [before, after].map((resources) => droplets(resources)['workers_general_1']);
    expect(fresh.lifecycle.create_before_destroy).toBe(true);
    expect(fresh.lifecycle.replace_triggered_by).toEqual(['terraform_data.workers_general_generation']);
    expect(before['terraform_data']!['workers_general_generation'].input).toEqual({ generation: 1 });
    expect(after['terraform_data']!['workers_general_generation'].input).toEqual({ generation: 2 });
    expect([old.name, fresh.name]).toEqual(['forge-test-general-g1-1', 'forge-test-general-g2-1']);
  });

  it('keeps its addresses and content when others are renamed, added or reordered', () => {
    const of = (...workers: Pool[]) => {
      const all = droplets(network({ workers }));
      return Object.fromEntries(Object.entries(all).filter(([id]) => id.startsWith('workers_general')));
    };
    const alone = of(generalPool);
    expect(of(generalPool, databasePool)).toEqual(alone);
    expect(of(databasePool, generalPool)).toEqual(alone);
    expect(of({ ...databasePool, name: 'other' }, generalPool)).toEqual(alone);
  });
});

describe('user data', () => {
  const authorityKeys = /tls_private_key\.pki_[\w-]*(ca-key|service)\.private_key_pem/;

  it.each([
    ['one server', {}],
    ['three servers', threeServers],
  ])("has the authorities' keys on the first server only (%s)", (_, changes) => {
    const holders = Object.entries(droplets(network(changes)))
      .filter(([, droplet]) => authorityKeys.test(droplet.user_data as string))
      .map(([id]) => id);
    expect(holders).toEqual(['server_1']);
  });

  it('gives workers neither the server token nor the key of the snapshots', () => {
    for (const [id, droplet] of Object.entries(droplets(network(threeServers)))) {
      const expected = id.startsWith('server');
      expect(/random_password\.join_server\.result/.test(droplet.user_data as string)).toBe(expected);
      expect(/digitalocean_spaces_key/.test(droplet.user_data as string)).toBe(expected);
    }
  });

  it('names the address of the API that exists before the servers do', () => {
    const one = droplets(network())['server_1'].user_data as string;
    expect(one).toContain('${digitalocean_reserved_ip.api_ip.ip_address}');
    const three = droplets(network(threeServers))['server_3'].user_data as string;
    expect(three).toContain('${digitalocean_loadbalancer.api_balancer.ip}');
  });
});

describe('the firewall', () => {
  const firewalls = (changes: Partial<typeof sampleConfig> = {}) => network(changes)['digitalocean_firewall'] as any;
  const rules = (firewall: any) => firewall.inbound_rule as any[];
  const covers = (range: string | undefined, port: number) => {
    if (range === undefined) return false;
    const [from, to = from] = range.split('-').map(Number) as [number, number?];
    return from <= port && port <= to;
  };
  const sourcesOf = (port: number, changes?: Partial<typeof sampleConfig>) =>
    Object.values(firewalls(changes))
      .flatMap((firewall) =>
        rules(firewall)
          .filter((rule) => rule.protocol === 'tcp' && covers(rule.port_range as string, port))
          .map(({ source_addresses = [], source_tags = [], source_load_balancer_uids = [] }) => [
            ...source_addresses,
            ...source_tags,
            ...source_load_balancer_uids,
          ]),
      )
      .flat();

  it('is closed to the world by default', () => {
    for (const changes of [{}, threeServers]) {
      const sources = leaves(Object.values(firewalls(changes)).map(rules)).map(({ value }) => value);
      expect(sources).not.toContain('0.0.0.0/0');
      expect(sources).not.toContain('::/0');
    }
  });

  it('opens SSH to access.ssh only, not even to the VPC', () => {
    expect(sourcesOf(22)).toEqual([]);
    expect(sourcesOf(22, { access: { ...sampleConfig.access, ssh: ['203.0.113.4/32'] } })).toEqual(['203.0.113.4/32']);
  });

  it('opens the API to access.api, the VPC and the nodes themselves', () => {
    const nodes = ['server_1', 'workers_general_1', 'workers_general_2'];
    const themselves = nodes.map((id) => `\${digitalocean_droplet.${id}.ipv4_address}`);
    const vpc = ['10.110.0.0/20', '10.110.0.0/20'];
    const tag = '${digitalocean_tag.tag_nodes.name}';
    expect(sourcesOf(6443)).toEqual([...vpc, ...themselves, tag]);
    const opened = sourcesOf(6443, { access: { ...sampleConfig.access, api: ['198.51.100.0/24'] } });
    expect(opened).toEqual([...vpc, '198.51.100.0/24', ...themselves, tag]);
  });

  it("lets the API's load balancer check the health of three servers", () => {
    expect(sourcesOf(6443, threeServers)).toContain('${digitalocean_loadbalancer.api_balancer.id}');
  });

  it.each([30000, 30022, 30080, 30443, 32767])('opens the NodePort %i to nobody but the load balancer', (port) => {
    const expected = [30022, 30080, 30443].includes(port) ? ['${digitalocean_loadbalancer.entrance_balancer.id}'] : [];
    expect(sourcesOf(port)).toEqual(expected);
  });
});

describe('the load balancer for people', () => {
  it("passes 80, 443 and 22 to Traefik's fixed ports on the workers, with the caller's address", () => {
    const balancer = network()['digitalocean_loadbalancer']!['entrance_balancer'];
    expect(balancer).toMatchObject({
      type: 'REGIONAL',
      enable_proxy_protocol: true,
      droplet_tag: '${digitalocean_tag.tag_workers.name}',
      vpc_uuid: '${digitalocean_vpc.vpc.id}',
    });
    expect(balancer.forwarding_rule.map((rule: any) => [rule.entry_port, rule.target_port])).toEqual([
      [80, 30080],
      [443, 30443],
      [22, 30022],
    ]);
  });

  it('takes Git over SSH at the port of forge.yaml', () => {
    const { forwarding_rule: rules } = network({ git: { sshPort: 2222 } })['digitalocean_loadbalancer']![
      'entrance_balancer'
    ];
    expect(rules.map((rule: any) => [rule.entry_port, rule.target_port])).toContainEqual([2222, 30022]);
  });

  it('lets a connection be silent for as long as DigitalOcean allows', () => {
    expect(network()['digitalocean_loadbalancer']!['entrance_balancer'].http_idle_timeout_seconds).toBe(600);
  });

  it('gets DNS records only when DNS is managed', () => {
    const records = Object.values(network()['digitalocean_record']!).map((record) => record.name as string);
    expect(records.sort()).toEqual(['argocd', 'forge', 'gitea', 'jenkins']);
    expect(network({ dns: { managed: false } })).not.toHaveProperty('digitalocean_record');
  });
});

describe('the bucket for snapshots', () => {
  it('is named after the bucket of the state, and is no resource: a plan with a limited key may not ask how it is set up', () => {
    expect(network()).not.toHaveProperty('digitalocean_spaces_bucket');
    expect(networkStack()['output'].snapshot_bucket.value).toBe('forge-test-etcd-snapshots-e76201e2');
    const other = { state: { bucket: 'another-state', region: 'fra1', lockfile: true } };
    expect(networkStack(other)['output'].snapshot_bucket.value).not.toContain('e76201e2');
  });

  it('has a key that opens no other bucket', () => {
    expect(network()['digitalocean_spaces_key']!['snapshots_key'].grant).toEqual([
      { bucket: 'forge-test-etcd-snapshots-e76201e2', permission: 'readwrite' },
    ]);
  });
});

describe('the reserved IP', () => {
  it('is assigned when the project has claimed it and the server: each has one event at a time', () => {
    const { api_assignment } = network()['digitalocean_reserved_ip_assignment']!;
    expect(api_assignment.depends_on).toEqual(['digitalocean_project.project']);
  });
});

describe('the project', () => {
  it('lists every droplet, load balancer, address and bucket', () => {
    const { resources } = network(threeServers)['digitalocean_project']!['project'];
    expect(resources).toHaveLength(3 + 2 + 2 + 1);
  });
});
