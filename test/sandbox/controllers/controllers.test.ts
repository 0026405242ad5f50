import { X509Certificate } from 'node:crypto';
import { VOLUME_DRIVER, workloadsOf } from '#sandbox/controllers/add-on';
import type { BlockStorage } from '#sandbox/controllers/block-storage';
import { FINALIZER } from '#sandbox/controllers/volume-provisioning';
import { volumeReclaiming } from '#sandbox/controllers/volume-reclaiming';
import { eventually } from '../cluster/running-sandbox';
import { startClusterWithStandIns, type ClusterWithStandIns } from './cluster-with-stand-ins';

jest.setTimeout(180_000);

type Json = Record<string, any>;

const CLAIMS = '/api/v1/namespaces/default/persistentvolumeclaims';
const VOLUMES = '/api/v1/persistentvolumes';
const INGRESSES = '/apis/networking.k8s.io/v1/namespaces/default/ingresses';
const CERTIFICATES = '/apis/cert-manager.io/v1/namespaces/default/certificates';
const SECRETS = '/api/v1/namespaces/default/secrets';
const CSI_CONTROLLER = '/apis/apps/v1/namespaces/kube-system/statefulsets/csi-do-controller';

const inDefault = (name: string, more: object = {}) => ({ name, namespace: 'default', ...more });

const claim = (name: string, storage: string, storageClassName = 'do-block-storage') => ({
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: inDefault(name),
  spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage } } },
});

const ingress = (name: string, host: string, issuer = 'letsencrypt', ingressClassName = 'traefik') => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: inDefault(name, { annotations: { 'cert-manager.io/cluster-issuer': issuer } }),
  spec: {
    ingressClassName,
    rules: [
      {
        host,
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
        },
      },
    ],
    tls: [{ hosts: [host], secretName: `${name}-tls` }],
  },
});

const issuer = (name: string) => ({
  apiVersion: 'cert-manager.io/v1',
  kind: 'ClusterIssuer',
  metadata: { name },
  spec: {
    acme: {
      server: 'https://acme.example.org/directory',
      privateKeySecretRef: { name: 'account' },
      solvers: [{ http01: { ingress: { ingressClassName: 'traefik' } } }],
    },
  },
});

const NO_STORAGE = {} as BlockStorage;

describe('the controllers', () => {
  let cluster: ClusterWithStandIns;

  beforeAll(async () => {
    cluster = await startClusterWithStandIns();
  });

  const get = async (path: string): Promise<Json> => (await cluster.api.get<any>(path)) as Json;
  const volumeOf = async (name: string): Promise<string> => {
    await eventually(async () => expect((await get(`${CLAIMS}/${name}`))['status'].phase).toBe('Bound'));
    return (await get(`${CLAIMS}/${name}`))['spec'].volumeName as string;
  };
  const ready = async (path: string) =>
    (await get(path))['status']?.conditions?.find(({ type }: Json) => type === 'Ready');

  describe('for claims', () => {
    it('make a volume of the class, which Kubernetes binds', async () => {
      await cluster.apply(claim('data', '1500Mi'));
      const volume = await volumeOf('data');
      expect(cluster.volumes.get(volume)).toBe(2);
      expect((await get(`${VOLUMES}/${volume}`))['spec']).toMatchObject({
        capacity: { storage: '2Gi' },
        persistentVolumeReclaimPolicy: 'Delete',
        csi: { driver: 'dobs.csi.digitalocean.com', volumeHandle: volume, fsType: 'ext4' },
      });
    });

    it('grow the volume when the claim asks for more', async () => {
      await cluster.apply(claim('growing', '1Gi'));
      const volume = await volumeOf('growing');
      await cluster.apply(claim('growing', '5Gi'));
      await eventually(async () =>
        expect((await get(`${CLAIMS}/growing`))['status'].capacity).toEqual({ storage: '5Gi' }),
      );
      expect(cluster.volumes.get(volume)).toBe(5);
    });

    it('delete the volume with its claim, or keep it, as the class says', async () => {
      await cluster.apply(claim('gone', '1Gi'), claim('kept', '1Gi', 'do-block-storage-retain'));
      const [gone, kept] = [await volumeOf('gone'), await volumeOf('kept')];
      for (const name of ['gone', 'kept']) await cluster.api.delete(`${CLAIMS}/${name}`);
      await eventually(async () => expect(await cluster.api.get(`${VOLUMES}/${gone}`)).toBeUndefined());
      expect([cluster.volumes.has(gone), cluster.volumes.has(kept)]).toEqual([false, true]);
      await eventually(async () => expect((await get(`${VOLUMES}/${kept}`))['status'].phase).toBe('Released'));
    });

    it('spare a volume whose policy was changed to Retain', async () => {
      await cluster.apply(claim('spared', '1Gi'));
      const volume = await volumeOf('spared');
      await cluster.api.patch(`${VOLUMES}/${volume}`, { spec: { persistentVolumeReclaimPolicy: 'Retain' } });
      await cluster.api.delete(`${CLAIMS}/spared`);
      await cluster.api.delete(`${VOLUMES}/${volume}`);
      await eventually(async () => expect(await cluster.api.get(`${VOLUMES}/${volume}`)).toBeUndefined());
      expect(cluster.volumes.has(volume)).toBe(true);
    });

    it('delete a volume that was to be kept, when its policy was changed to Delete', async () => {
      await cluster.apply(claim('given-up', '1Gi', 'do-block-storage-retain'));
      const volume = await volumeOf('given-up');
      await cluster.api.patch(`${VOLUMES}/${volume}`, { spec: { persistentVolumeReclaimPolicy: 'Delete' } });
      await cluster.api.delete(`${CLAIMS}/given-up`);
      await eventually(async () => expect(await cluster.api.get(`${VOLUMES}/${volume}`)).toBeUndefined());
      expect(cluster.volumes.has(volume)).toBe(false);
    });

    it('give up their own hold on a volume and no other, however late they look', async () => {
      const kept = {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: 'leaving', finalizers: ['example.org/held'] },
        spec: {
          capacity: { storage: '1Gi' },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: 'Retain',
          csi: { driver: 'dobs.csi.digitalocean.com', volumeHandle: 'leaving' },
        },
      };
      await cluster.apply(kept);
      await cluster.api.delete(`${VOLUMES}/leaving`);
      const finalizers = async () => (await get(`${VOLUMES}/leaving`))['metadata'].finalizers;
      await eventually(async () => expect(await finalizers()).toEqual(['example.org/held']));

      const before = { name: 'leaving', finalizers: ['kubernetes.io/pv-protection', FINALIZER, 'example.org/held'] };
      const seen: Readonly<Record<string, unknown[]>> = {
        [VOLUMES]: [{ ...kept, metadata: before }],
        [workloadsOf(VOLUME_DRIVER)]: [await get(CSI_CONTROLLER)],
      };
      const view = { client: cluster.api, objects: (path: string) => seen[path] as never };
      await volumeReclaiming(NO_STORAGE).reconcile(view);
      expect(await finalizers()).toEqual(['example.org/held']);
      await cluster.api.patch(`${VOLUMES}/leaving`, { metadata: { finalizers: null } });
    });

    it('wait for the first pod where the class wants that', async () => {
      const waiting = {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'late' },
        provisioner: 'dobs.csi.digitalocean.com',
        volumeBindingMode: 'WaitForFirstConsumer',
      };
      await cluster.apply(waiting, claim('late', '1Gi', 'late'), claim('early', '1Gi'));
      await volumeOf('early');
      expect((await get(`${CLAIMS}/late`))['status'].phase).toBe('Pending');
      await cluster.apply({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: inDefault('consumer'),
        spec: {
          containers: [{ name: 'main', image: 'registry.example/app:1.0' }],
          volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'late' } }],
        },
      });
      await volumeOf('late');
    });

    it('do nothing while the driver has no Ready pod', async () => {
      await cluster.api.patch(CSI_CONTROLLER, { spec: { replicas: 0 } });
      await eventually(async () => expect((await get(CSI_CONTROLLER))['status'].readyReplicas ?? 0).toBe(0));
      await cluster.apply(claim('patient', '1Gi'));
      await eventually(async () => expect((await get(`${CLAIMS}/patient`))['metadata'].annotations).toBeDefined());
      // By the time that this is done, a volume would have been there.
      await cluster.apply(ingress('meanwhile', 'meanwhile.example.org'));
      await eventually(async () =>
        expect((await get(`${INGRESSES}/meanwhile`))['status'].loadBalancer.ingress).toBeDefined(),
      );
      expect((await get(`${CLAIMS}/patient`))['status'].phase).toBe('Pending');
      await cluster.api.patch(CSI_CONTROLLER, { spec: { replicas: 1 } });
      await volumeOf('patient');
    });
  });

  describe('for Ingresses', () => {
    it('publish the name that Traefik was told, in those of its class', async () => {
      await cluster.apply(ingress('web', 'web.example.org'), ingress('other', 'other.example.org', 'none', 'nginx'));
      await eventually(async () =>
        expect((await get(`${INGRESSES}/web`))['status'].loadBalancer.ingress).toEqual([
          { hostname: 'forge.forge.example.org' },
        ]),
      );
      expect((await get(`${INGRESSES}/other`))['status'].loadBalancer).toEqual({});
    });

    it('put a certificate for each host into its Secret, once there is the issuer', async () => {
      await eventually(async () =>
        expect(await ready(`${CERTIFICATES}/web-tls`)).toMatchObject({
          status: 'False',
          message: 'ClusterIssuer letsencrypt: there is no such issuer',
        }),
      );
      await cluster.apply(issuer('letsencrypt'));
      await eventually(async () =>
        expect(await ready('/apis/cert-manager.io/v1/clusterissuers/letsencrypt')).toMatchObject({ status: 'True' }),
      );
      await eventually(async () => expect(await ready(`${CERTIFICATES}/web-tls`)).toMatchObject({ status: 'True' }));
      const secret = await get(`${SECRETS}/web-tls`);
      expect(secret['type']).toBe('kubernetes.io/tls');
      const certificate = new X509Certificate(Buffer.from(secret['data']['tls.crt'], 'base64'));
      expect(certificate.checkHost('web.example.org')).toBe('web.example.org');
      const { notAfter } = (await get(`${CERTIFICATES}/web-tls`))['status'];
      expect(new Date(notAfter)).toEqual(new Date(certificate.validTo));
    });

    it('make a new one when the Secret is gone or the host has changed', async () => {
      await cluster.api.delete(`${SECRETS}/web-tls`);
      await eventually(async () => expect(await get(`${SECRETS}/web-tls`)).toBeDefined());
      await cluster.apply(ingress('web', 'www.example.org'));
      await eventually(async () => {
        const { data } = await get(`${SECRETS}/web-tls`);
        const certificate = new X509Certificate(Buffer.from(data['tls.crt'], 'base64'));
        expect(certificate.checkHost('www.example.org')).toBe('www.example.org');
      });
    });

    it('leave a certificate alone that stays as it is', async () => {
      const version = async () => (await get(`${SECRETS}/web-tls`))['metadata'].resourceVersion as string;
      const before = await version();
      await cluster.apply(ingress('more', 'more.example.org'));
      await eventually(async () => expect(await ready(`${CERTIFICATES}/more-tls`)).toMatchObject({ status: 'True' }));
      expect(await version()).toBe(before);
    });

    it('let go of the certificate of a removed TLS entry, but keep the Secret', async () => {
      await cluster.api.patch(`${INGRESSES}/more`, { spec: { tls: null } });
      await eventually(async () => expect(await cluster.api.get(`${CERTIFICATES}/more-tls`)).toBeUndefined());
      expect(await cluster.api.get(`${SECRETS}/more-tls`)).toBeDefined();
    });
  });

  it('give Services of type LoadBalancer the address of the entrance, once it has one', async () => {
    const path = '/api/v1/namespaces/default/services/balanced';
    await cluster.apply({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: inDefault('balanced'),
      spec: { type: 'LoadBalancer', ports: [{ port: 80 }] },
    });
    await eventually(() => expect(cluster.log.join()).toContain('waits until the entrance has an address'));
    cluster.entrance = '127.0.0.20';
    await eventually(async () =>
      expect((await get(path))['status'].loadBalancer.ingress).toEqual([{ ip: '127.0.0.20', ipMode: 'VIP' }]),
    );
  });

  it('go on after their own restart and after one of every machine', async () => {
    await cluster.restartControllers();
    await cluster.apply(claim('after-restart', '1Gi'));
    await volumeOf('after-restart');
    await cluster.reboot();
    await cluster.apply(claim('after-reboot', '1Gi'), ingress('late', 'late.example.org'));
    await volumeOf('after-reboot');
    await eventually(async () => expect(await ready(`${CERTIFICATES}/late-tls`)).toMatchObject({ status: 'True' }));
  });

  it('have nothing else to complain about', () => {
    expect(cluster.log.filter((line) => !line.includes('entrance'))).toEqual([]);
  });
});
