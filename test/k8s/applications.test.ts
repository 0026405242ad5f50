import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { argoCdValues } from '#stacks/cluster/argocd-values';
import { K8S, layerApplications, layerManifests, LAYERS, ofKind, read, type Json } from './manifests';

const children = ofKind('Application');
const plans = read('components/system-upgrade-controller/plans.yaml');
const FINALIZER = 'resources-finalizer.argocd.argoproj.io/foreground';

function annotationsOf(body: Json): Record<string, string> {
  return body['metadata'].annotations ?? {};
}

describe('the layers', () => {
  it('are one Application per folder, in waves that follow their numbers', () => {
    expect(
      layerApplications.map(({ body }) => [
        body['metadata'].name,
        body['spec'].source.path,
        annotationsOf(body)['argocd.argoproj.io/sync-wave'],
      ]),
    ).toEqual(LAYERS.map((layer, wave) => [`layer-${layer}`, `k8s/${layer}`, String(wave)]));
  });

  // Without an explicit directory source a stray kustomization.yaml would change how they are read, and could fetch files.
  it('are plain directories, as are the components, with everything below them, but for a login that is not there', () => {
    const ours = [...layerApplications, ...children].filter(({ body }) => body['spec'].source.path !== undefined);
    for (const { body } of ours) {
      const { exclude, ...rest } = body['spec'].source.directory;
      const isInit = body['metadata'].name === 'layer-01-init';
      expect([rest, exclude]).toEqual([{ recurse: true }, isInit ? '{argocd-page,dex}.yaml' : undefined]);
    }
  });

  it('report an object that the API refuses until it is mended', () => {
    for (const { body } of layerApplications) {
      expect(annotationsOf(body)['argocd.argoproj.io/compare-options']).toBe('ServerSideDiff=false');
    }
  });

  it('refuse an object that another Application owns', () => {
    for (const { body } of layerApplications) {
      expect(body['spec'].syncPolicy.syncOptions).toContain('FailOnSharedResource=true');
    }
  });

  it('leave everything running when they are removed, but for the tools', () => {
    expect(
      layerApplications.filter(({ body }) => body['metadata'].finalizers).map(({ body }) => body['metadata'].name),
    ).toEqual(['layer-03-apps']);
    expect(layerApplications.at(-1)!.body['metadata'].finalizers).toEqual([FINALIZER]);
  });
});

describe('every Application', () => {
  const all = [...layerApplications, ...children].map(({ id, body }) => [id, body] as const);

  it.each(all)('%s follows Git by itself, for ever, and never empties itself', (_, { spec }) => {
    expect(spec.syncPolicy.automated).toEqual({ prune: true, selfHeal: true, allowEmpty: false });
    expect(spec.syncPolicy.retry).toEqual({
      limit: -1,
      refresh: true,
      backoff: { duration: '5s', factor: 2, maxDuration: '3m' },
    });
    expect(spec.syncPolicy.syncOptions).toContain('ServerSideApply=true');
  });

  it.each(all)('%s stays in this cluster', (_, { metadata, spec }) => {
    expect([metadata.namespace, spec.destination.server]).toEqual(['argocd', 'https://kubernetes.default.svc']);
    expect(spec.source.chart !== undefined || existsSync(join(K8S, '..', spec.source.path))).toBe(true);
  });
});

describe('the add-ons', () => {
  const application = (name: string): Json => children.find(({ body }) => body['metadata'].name === name)!.body;

  it('keep the volume driver when its file goes', () => {
    expect(application('digitalocean-csi')['metadata'].finalizers).toBeUndefined();
  });

  it('make their namespaces, which admit only restricted pods', () => {
    for (const name of ['traefik', 'cert-manager']) {
      const { destination, syncPolicy } = application(name)['spec'];
      expect(destination.namespace).toBe(name);
      expect(syncPolicy.syncOptions).toContain('CreateNamespace=true');
      expect(syncPolicy.managedNamespaceMetadata.labels).toEqual({
        'pod-security.kubernetes.io/enforce': 'restricted',
      });
    }
  });

  // A sync that waits for one wave to become healthy does not see the push that would heal it.
  it('are applied in one go, so that a push always gets through', () => {
    for (const { body } of layerManifests) {
      expect(Object.keys(annotationsOf(body))).not.toContain('argocd.argoproj.io/sync-wave');
    }
  });

  it('upgrade one server at a time, then the workers, one at a time and drained', () => {
    const [server, worker] = plans.map(({ body }) => body['spec']);
    expect(server).toMatchObject({ concurrency: 1, cordon: true });
    expect(worker).toMatchObject({ concurrency: 1, drain: { force: true } });
    expect(worker.prepare.args).toEqual(['prepare', plans[0]!.body['metadata'].name]);
  });

  it('find Argo CD without TLS behind the Ingress that ends it', () => {
    const values = argoCdValues({ domain: 'forge.example.org' }) as Json;
    expect(values['configs'].params['server.insecure']).toBe('true');
  });
});
