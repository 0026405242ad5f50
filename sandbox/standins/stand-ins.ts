/** What takes the place of the add-ons that cannot work where no container runs. */

export interface StandIn {
  /** Of its Application, and of its folder of manifests here. */
  readonly name: string;
  /** What the Application points to in k8s/: a chart, or a folder of this repository. */
  readonly replaces: { readonly chart: string } | { readonly folder: string };
  /** Why the add-on itself cannot be here. */
  readonly why: string;
  /** What is as with the add-on itself. */
  readonly provides: readonly string[];
  /** Files of the checkout that go along unchanged. */
  readonly keeps?: readonly string[];
  /** Values of the chart's release that hold for the stand-in, too. */
  readonly values?: readonly CarriedValue[];
}

type Path = readonly (string | number)[];

export interface CarriedValue {
  /** In the release's values; without such a value the stand-in stays as it is. */
  readonly from: Path;
  /** Object of the stand-in that gets it. */
  readonly kind: string;
  readonly name: string;
  readonly to: Path;
  /** Text before the value. */
  readonly prefix?: string;
}

const POD = ['spec', 'template', 'spec'];
const NO_CONTAINERS = 'its program runs in a container';

export const STAND_INS: readonly StandIn[] = [
  {
    name: 'traefik',
    replaces: { chart: 'traefik' },
    why: `${NO_CONTAINERS}; no request passes through the entrance`,
    provides: ['IngressClass traefik', 'Deployment and Service with the NodePorts', 'the address of every Ingress'],
    values: [
      { from: ['deployment', 'replicas'], ...traefik('Deployment'), to: ['spec', 'replicas'] },
      { from: ['resources'], ...traefik('Deployment'), to: [...POD, 'containers', 0, 'resources'] },
      {
        from: ['deployment', 'lifecycle'],
        ...traefik('Deployment'),
        to: [...POD, 'containers', 0, 'lifecycle'],
      },
      {
        from: ['providers', 'kubernetesIngress', 'ingressEndpoint', 'hostname'],
        ...traefik('Deployment'),
        to: [...POD, 'containers', 0, 'args', 2],
        prefix: '--providers.kubernetesingress.ingressendpoint.hostname=',
      },
      { from: ['ports', 'web', 'nodePort'], ...traefik('Service'), to: ['spec', 'ports', 0, 'nodePort'] },
      { from: ['ports', 'websecure', 'nodePort'], ...traefik('Service'), to: ['spec', 'ports', 1, 'nodePort'] },
    ],
  },
  {
    name: 'cert-manager',
    replaces: { chart: 'cert-manager' },
    why: `${NO_CONTAINERS}, and no authority can reach the sandbox`,
    provides: [
      'kinds ClusterIssuer, Certificate and Challenge',
      'the pod, the Service and the Ingress that answer a challenge, until the certificate is there',
      'certificates of the Ingresses, signed by themselves',
      'Deployments of the controller, the webhook and the injector',
    ],
    values: [
      { from: ['resources'], ...certManager('cert-manager') },
      { from: ['webhook', 'resources'], ...certManager('cert-manager-webhook') },
      { from: ['cainjector', 'resources'], ...certManager('cert-manager-cainjector') },
    ],
  },
  {
    name: 'digitalocean-csi',
    replaces: { folder: 'k8s/components/digitalocean-csi' },
    why: `${NO_CONTAINERS}; nothing is mounted, and there are no snapshots`,
    provides: [
      'the storage classes of do-block-storage',
      'a volume in the emulated account for each claim, made, grown and deleted as the class says',
      'pods of the driver on every node',
    ],
  },
  {
    name: 'system-upgrade-controller',
    replaces: { folder: 'k8s/components/system-upgrade-controller' },
    why: `${NO_CONTAINERS}; the plans are accepted and upgrade nothing`,
    provides: ['kind Plan, with the plans of the checkout', 'Deployment of the controller'],
    keeps: ['k8s/components/system-upgrade-controller/plans.yaml'],
  },
];

function traefik(kind: string): Pick<CarriedValue, 'kind' | 'name'> {
  return { kind, name: 'traefik' };
}

function certManager(name: string): Pick<CarriedValue, 'kind' | 'name' | 'to'> {
  return { kind: 'Deployment', name, to: [...POD, 'containers', 0, 'resources'] };
}
