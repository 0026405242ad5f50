/** The wait for the API: the machines of `network` may have been made a minute ago. */
import { TerraformVariable, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { DataHttp } from '../../.gen/providers/http/data-http/index';
import type { OutputsOf } from '../contract';
import { apiUrl } from '../network/api-url';
import type { networkOutputs } from '../network/outputs';

/** Ten minutes of refused connections: a droplet needs two to four minutes to become a control plane, twice that in bad hours. */
const RETRY = { attempts: 600, minDelayMs: 1_000, maxDelayMs: 1_000 };
/** For one attempt: a firewall does not refuse, it is silent. */
const REQUEST_TIMEOUT_MS = 5_000;

export class Readiness extends Construct {
  /** What needs a working API depends on this. */
  readonly dependable: ITerraformDependable;

  constructor(scope: Construct, id: string, network: OutputsOf<typeof networkOutputs>) {
    super(scope, id);
    const wait = new TerraformVariable(this, 'wait', {
      type: 'bool',
      default: true,
      nullable: false,
      description: 'Wait until the Kubernetes API is ready; off for a plan from outside, to which the API is closed',
    });
    wait.overrideLogicalId('wait_for_api');
    const probe = new DataHttp(this, 'probe', {
      url: `${apiUrl(network)}/readyz`,
      caCertPem: network.clusterCaCertificate,
      clientCertPem: network.adminCertificate,
      clientKeyPem: network.adminKey,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      retry: RETRY,
      lifecycle: {
        postcondition: [
          {
            condition: '${self.status_code == 200}',
            errorMessage:
              'The Kubernetes API answers but is not ready. The first server says why on its screen: at DigitalOcean its droplet, Access, Recovery Console (docs/lost-machine.md).',
          },
        ],
      },
    });
    probe.addOverride('count', '${var.wait_for_api ? 1 : 0}');
    this.dependable = probe;
  }
}
