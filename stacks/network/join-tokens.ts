/** The passwords by which machines join the cluster, and the tokens that also pin its server certificate. */
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { Password } from '../../.gen/providers/random/password/index';

const PASSWORD_LENGTH = 48;

export class JoinTokens extends Construct {
  /** Also encrypts k3s' bootstrap data in every snapshot: a new one makes old snapshots useless. */
  readonly serverPassword: string;
  /** Lets workers join without the power to read the servers' secrets. */
  readonly agentPassword: string;
  /** Full token of further servers. */
  readonly serverToken: string;
  /** Full token of workers. */
  readonly agentToken: string;

  constructor(scope: Construct, id: string, serverCaCertificate: string) {
    super(scope, id);
    this.serverPassword = this.password('server');
    this.agentPassword = this.password('agent');
    // k3s compares this with the hash of server-ca.crt, taken over the file's bytes when it holds one certificate.
    const hash = Fn.sha256(serverCaCertificate);
    this.serverToken = `K10${hash}::server:${this.serverPassword}`;
    this.agentToken = `K10${hash}::node:${this.agentPassword}`;
  }

  /** k3s takes a password that begins with K10 for a full token, and a broken one. */
  private password(id: string): string {
    return `f${new Password(this, id, { length: PASSWORD_LENGTH, special: false }).result}`;
  }
}
