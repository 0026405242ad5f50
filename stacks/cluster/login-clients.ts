/** The secrets by which the tools show themselves at the login. */
import { Construct } from 'constructs';
import { LOGIN_CLIENTS, type LoginClient } from '#config/login';
import { Password } from '../../.gen/providers/random/password/index';
import { replacedByGeneration } from '../generation';

export class LoginClients extends Construct {
  /** By the tool's name. */
  readonly secrets: Readonly<Record<LoginClient, string>>;

  /** @param generation raised for other secrets */
  constructor(scope: Construct, id: string, generation: number) {
    super(scope, id);
    const lifecycle = replacedByGeneration(this, generation);
    const names = Object.keys(LOGIN_CLIENTS) as LoginClient[];
    const secrets = names.map((name) => {
      const { result } = new Password(this, name, { length: 40, special: false, lifecycle });
      return [name, result];
    });
    this.secrets = Object.fromEntries(secrets) as Record<LoginClient, string>;
  }
}
