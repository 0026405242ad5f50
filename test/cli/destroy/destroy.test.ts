import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { createBucket, findBucket } from '#sandbox/cloud/spaces/buckets';
import { allVersions } from '#sandbox/cloud/spaces/object-versions';
import type { StackName } from '#stacks/stack-names';
import { BUCKET, KEYS } from '#test/sandbox/cloud/spaces/sample-spaces';
import { firewall } from '#test/sandbox/cloud/digitalocean/samples';
import { volume } from '../sweep/things';
import { APPLICATIONS, SERVICES, VOLUMES } from './sample-objects';
import { CONFIRMED, sampleDestroy, SNAPSHOTS, type SampleDestroy } from './sample-destroy';

const BACKUPS = SNAPSHOTS.replace('etcd-snapshots', 'backups');

describe('forge destroy', () => {
  let sample: SampleDestroy;
  let shown: string;

  beforeEach(async () => {
    shown = '';
    for (const stream of [process.stdout, process.stderr]) {
      jest.spyOn(stream, 'write').mockImplementation((text) => {
        shown += String(text);
        return true;
      });
    }
    sample = await sampleDestroy();
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await sample.end();
  });

  const destroy = (...more: string[]) => sample.operator.run(...CONFIRMED, ...more);
  const terraformCalls = () => sample.changes.filter((change) => change.startsWith('terraform'));
  /** Terraform fails at a stack until it is let. */
  const failAt = (failing: StackName) => {
    const text = 'many lines\nkubernetes_secret_v1.one: Destroying...\nError: the load balancer is locked';
    sample.terraform = (stack) => Promise.resolve(stack === failing ? { code: 1, text } : undefined);
    return () => {
      sample.terraform = () => Promise.resolve(undefined);
    };
  };

  describe('asks for the name of the environment, and', () => {
    afterEach(() => {
      expect(sample.snapshots()).toBe(2);
    });

    it.each(['forge', 'forge-prod', 'FORGE-PRODUCTION', 'forge-production2', ''])(
      'touches nothing for %j',
      async (name) => {
        const { code, output } = await sample.operator.run('--confirm', name);
        expect([code, output]).toEqual([2, `${JSON.stringify(name)} is not forge-production: nothing was touched.\n`]);
        expect(sample.changes).toEqual([]);
      },
    );

    it('says how it is given where nobody can be asked', async () => {
      const { code, output } = await sample.operator.run();
      expect([code, output]).toEqual([2, 'Nobody can be asked. Give --confirm forge-production.\n']);
      expect(sample.changes).toEqual([]);
    });

    it('takes no other answer at the keyboard', async () => {
      const { code, output } = await sample.operator.runAnswering(() => Promise.resolve('yes'));
      expect([code, output]).toEqual([2, '"yes" is not forge-production: nothing was touched.\n']);
      expect(sample.changes).toEqual([]);
    });
  });

  it('goes on with the right answer at the keyboard, and says before what it costs', async () => {
    let asked = '';
    const answer = (question: string) => {
      asked = question;
      return Promise.resolve('forge-production');
    };
    expect(await sample.operator.runAnswering(answer)).toMatchObject({ code: 0 });
    expect(asked).toBe('This destroys forge-production with all its data. Type forge-production to go on: ');
  });

  it('stops Argo CD, lets the cluster give back what it made, and destroys the stacks in reverse order', async () => {
    const { code, output } = await destroy();
    expect(sample.changes).toEqual([
      'PATCH statefulsets/controller',
      'PATCH deployments/server',
      'PATCH applications/root',
      'DELETE services/public',
      'DELETE statefulsets/database',
      'PATCH persistentvolumes/pvc-1',
      'DELETE persistentvolumeclaims/data',
      'terraform github-secrets: destroy',
      'terraform cluster: destroy',
      'terraform network: destroy',
    ]);
    expect([code, output]).toEqual([
      0,
      'Everything is gone. The bucket of the Terraform state stays, with the history of the states, and so do the backups. Before another deploy: npx forge bootstrap\n',
    ]);
  });

  it('names each step while it is under way', async () => {
    await destroy();
    const titles = ['Stop Argo CD', 'Delete the volumes of the cluster', 'Destroy github-secrets', 'Destroy cluster'];
    for (const title of [...titles, 'Destroy network', 'Delete the bucket of the snapshots'])
      expect(shown).toContain(title);
  });

  it('leaves no Application that anybody would have to finish, and no volume of the cloud', async () => {
    await destroy();
    expect(sample.objects.lists.get(APPLICATIONS)).toMatchObject([
      { metadata: { name: 'root', finalizers: null }, spec: { syncPolicy: { automated: null } } },
    ]);
    expect(sample.objects.lists.get(VOLUMES)).toMatchObject([{ metadata: { name: 'local' } }]);
  });

  describe('of the backups', () => {
    beforeEach(async () => {
      createBucket(sample.operator.spaces.store, BACKUPS);
      await sample.operator.spaces.client().send(new PutObjectCommand({ Bucket: BACKUPS, Key: 'config', Body: 'x' }));
    });
    const kept = () => findBucket(sample.operator.spaces.store, BACKUPS) !== undefined;

    it('leaves every one, and says so', async () => {
      expect((await destroy()).output).toContain('and so do the backups');
      expect(kept()).toBe(true);
    });

    it('takes them along for who names the environment again', async () => {
      const { code, output } = await destroy('--with-backups', 'forge-production');
      expect([code, output]).toEqual([0, expect.not.stringContaining('backups')]);
      expect(kept()).toBe(false);
    });

    it('touches nothing for another name', async () => {
      const { code, output } = await destroy('--with-backups', 'yes');
      expect([code, output]).toEqual([2, expect.stringContaining('nothing was touched')]);
      expect([sample.changes, kept()]).toEqual([[], true]);
    });
  });

  it('deletes the bucket of the snapshots with all versions when nobody writes any more, and keeps the states', async () => {
    await sample.operator.spaces.client().send(new DeleteObjectCommand({ Bucket: SNAPSHOTS, Key: 'etcd-1' }));
    expect(sample.snapshots()).toBe(3);
    let left: number | undefined;
    sample.terraform = (stack) => {
      if (stack === 'network') left = sample.snapshots();
      return Promise.resolve(undefined);
    };
    await destroy();
    expect(left).toBe(3);
    expect(findBucket(sample.operator.spaces.store, SNAPSHOTS)).toBeUndefined();
    expect(findBucket(sample.operator.spaces.store, BUCKET)).toBeDefined();
    const states = allVersions(sample.operator.spaces.store, BUCKET).map(({ key }) => key);
    expect(states).toContain('forge/production/network.tfstate');
  });

  it('has nothing left to do when it is run again', async () => {
    await destroy();
    sample.changes.length = 0;
    await sample.closeApi();
    expect(await destroy()).toMatchObject({ code: 0, output: expect.stringContaining('Everything is gone') });
    expect(sample.changes).toEqual([]);
  });

  describe('when a step fails', () => {
    it('stops there, shows the end of what Terraform said, and goes on from there when it is run again', async () => {
      const repair = failAt('cluster');
      const { code, output } = await destroy();
      expect(code).toBe(1);
      expect(output).toContain('terraform destroy in the stack cluster failed:\n');
      expect(output).toContain('Error: the load balancer is locked\nPut this right, and run this again.\n');
      expect(output).not.toContain('Everything is gone');
      expect(terraformCalls()).toEqual(['terraform github-secrets: destroy', 'terraform cluster: destroy']);
      expect(sample.snapshots()).toBe(2);
      repair();
      sample.changes.length = 0;
      expect(await destroy()).toMatchObject({ code: 0 });
      expect(terraformCalls()).toEqual(['terraform cluster: destroy', 'terraform network: destroy']);
    });

    it('names the bucket that the key may not delete, and deletes it when it is run again with another', async () => {
      const { ...before } = sample.operator.env;
      Object.assign(sample.operator.env, {
        SPACES_ACCESS_KEY_ID: 'DO00WRITER',
        SPACES_SECRET_ACCESS_KEY: KEYS['DO00WRITER']?.secretKey,
      });
      const { code, output } = await destroy();
      expect([code, output]).toEqual([1, expect.stringContaining(`may not do this with the bucket ${SNAPSHOTS}`)]);
      Object.assign(sample.operator.env, before);
      expect(await destroy()).toMatchObject({ code: 0 });
      expect(findBucket(sample.operator.spaces.store, SNAPSHOTS)).toBeUndefined();
    });

    it('says how the API is opened when the cluster does not answer, and destroys nothing', async () => {
      await sample.closeApi();
      const { code, output } = await destroy();
      expect([code, output]).toEqual([
        1,
        expect.stringMatching(
          /^https:\S+:6443 does not answer\. Open it, and run this again: npx forge access open\nIf it .* --without-cluster\n$/,
        ),
      ]);
      expect(sample.changes).toEqual([]);
      expect(sample.snapshots()).toBe(2);
    });

    it('does without Argo CD where it was never installed', async () => {
      sample.objects.lists.delete(APPLICATIONS);
      expect(await destroy()).toMatchObject({ code: 0 });
    });
  });

  it('waits for the load balancers that Services had', async () => {
    const service = sample.objects.lists.get(SERVICES)!.filter(({ metadata }) => metadata.name === 'public');
    let looks = 0;
    sample.objects.hold = (path) => (path === SERVICES && ++looks === 2 ? service : []);
    expect(await destroy()).toMatchObject({ code: 0 });
    expect(looks).toBe(3);
  });

  it('needs no repository of charts for what it is about to remove', async () => {
    sample.hasCharts = false;
    expect(await destroy()).toMatchObject({ code: 0 });
    expect(terraformCalls().slice(1, 3)).toEqual([
      'terraform cluster: destroy',
      'terraform cluster: destroy -refresh=false',
    ]);
  });

  describe('without the cluster', () => {
    const inside = {
      'github-secrets': 'kubernetes_secret_v1.one',
      cluster: 'kubernetes_secret_v1.one helm_release.one',
    };
    const past = (stack: keyof typeof inside) => [
      `terraform ${stack}: state rm ${inside[stack]}`,
      `terraform ${stack}: destroy -refresh=false`,
    ];
    const machines = 'terraform network: destroy -target=digitalocean_droplet.one';

    beforeEach(() => sample.closeApi());

    it('lets go of what was in it, destroys the rest, and finds what it had made by tag and VPC', async () => {
      await volume(sample.cloud.api, 'pvc-neighbour', 'forge-production2');
      expect(await destroy('--without-cluster')).toMatchObject({ code: 0 });
      expect(sample.changes).toEqual([
        ...past('github-secrets'),
        ...past('cluster'),
        machines,
        'terraform network: destroy',
      ]);
      expect(await sample.left()).toEqual(['volumes pvc-neighbour', 'tags forge-production2']);
    });

    it('has deleted that before the tag and the VPC go by which it finds it', async () => {
      let [volumes, balancers]: unknown[][] = [];
      sample.terraform = async (stack) => {
        if (stack !== 'network') return undefined;
        volumes = await sample.cloud.api.get('/v2/volumes');
        balancers = await sample.cloud.api.get('/v2/load_balancers');
        return undefined;
      };
      await destroy('--without-cluster');
      expect([volumes, balancers]).toEqual([[], [expect.objectContaining({ name: 'forge-production-entrance' })]]);
    });

    it('goes on where it stopped when it is run again', async () => {
      const repair = failAt('network');
      expect(await destroy('--without-cluster')).toMatchObject({ code: 1 });
      repair();
      sample.changes.length = 0;
      expect(await destroy('--without-cluster')).toMatchObject({ code: 0 });
      expect(sample.changes).toEqual([machines, 'terraform network: destroy']);
    });
  });

  describe('of half a first deploy', () => {
    it('takes along what was made and not written down', async () => {
      for (const stack of ['cluster', 'github-secrets'] as const) await sample.deployed(stack, []);
      const [tag] = (await sample.cloud.api.get('/v2/tags')) as [{ name: string }];
      await sample.deployed('network', [['digitalocean_tag', { id: tag.name, name: tag.name }]]);
      await destroy();
      expect(await sample.cloud.api.get('/v2/droplets')).toEqual([]);
      expect(await sample.cloud.api.get('/v2/volumes')).toEqual([]);
    });

    it('touches no machine when no state knows of any: it may be elsewhere', async () => {
      for (const stack of ['network', 'cluster', 'github-secrets'] as const) await sample.deployed(stack, []);
      const { code, output } = await destroy();
      expect([code, output]).toEqual([1, expect.stringContaining('droplet forge-production-server-1')]);
      expect(await sample.cloud.api.get('/v2/volumes')).toHaveLength(1);
    });
  });

  it('fails when the sweep finds something, and names it', async () => {
    await sample.cloud.api.post('/v2/firewalls', firewall({ name: 'forge-production-servers' }));
    const { code, output } = await destroy();
    expect(code).toBe(1);
    expect(output).toContain('The stacks are gone, but this is left: firewall forge-production-servers.');
    expect(output).toContain('npx forge sweep --delete');
  });
});
