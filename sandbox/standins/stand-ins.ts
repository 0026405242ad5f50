/** What takes the place of the charts whose programs cannot work where no container runs. */

export interface StandIn {
  /** Of its Application, of the chart that it points to, and of the folder of manifests here. */
  readonly name: string;
  /** Why the add-on itself cannot be here. */
  readonly why: string;
  /** What is as with the add-on itself. */
  readonly provides: readonly string[];
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
];

function traefik(kind: string): Pick<CarriedValue, 'kind' | 'name'> {
  return { kind, name: 'traefik' };
}

function certManager(name: string): Pick<CarriedValue, 'kind' | 'name' | 'to'> {
  return { kind: 'Deployment', name, to: [...POD, 'containers', 0, 'resources'] };
}
