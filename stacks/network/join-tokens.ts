/** The passwords by which machines join the cluster, and the tokens that also pin its server certificate. */
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { Password, type PasswordConfig } from '../../.gen/providers/random/password/index';
import { replacedByGeneration } from '../generation';

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

  /** @param generation raised, it makes other passwords, of which running machines know nothing (docs/rotation.md) */
  constructor(scope: Construct, id: string, serverCaCertificate: string, generation: number) {
    super(scope, id);
    const lifecycle = replacedByGeneration(this, generation);
    this.serverPassword = this.password('server', lifecycle);
    this.agentPassword = this.password('agent', lifecycle);
    // k3s compares this with the hash of server-ca.crt, taken over the file's bytes when it holds one certificate.
    const hash = Fn.sha256(serverCaCertificate);
    this.serverToken = `K10${hash}::server:${this.serverPassword}`;
    this.agentToken = `K10${hash}::node:${this.agentPassword}`;
  }

  /** k3s takes a password that begins with K10 for a full token, and a broken one. */
  private password(id: string, lifecycle: PasswordConfig['lifecycle']): string {
    return `f${new Password(this, id, { length: PASSWORD_LENGTH, special: false, lifecycle }).result}`;
  }
}
