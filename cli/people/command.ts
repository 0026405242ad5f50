/** `forge people`: who logs in and who operates the cluster, and how somebody leaves. */
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { processTerminal, type Terminal } from '../output/terminal';
import { json } from '../output/text';
import { change } from './change';
import { withAdminCertificate, withoutPerson } from './forge-yaml';
import { passwordCommand } from './password';

const MOST_GENERATIONS = 999;

/** Somebody of forge.yaml. */
interface Person {
  readonly name: string;
  /** Has a kubeconfig, and rights in the cluster. */
  readonly operator: boolean;
  /** By the list in forge.yaml; at GitHub it is a team. */
  readonly maintainer: boolean;
  /** Of the login; absent for whoever is not in login.people. */
  readonly password?: 'set' | 'not set yet';
}

/** @param checkout the folder that holds k8s/ */
export function peopleCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('people')
    .description(
      'List the people of forge.yaml: operators have rights in the cluster, by name; the others log in to the tools.',
    )
    .option('--json', 'print [{name, operator, maintainer, password}]')
    .addHelpText('after', '\nExample:\n  $ npx forge people')
    .action((options: { json?: boolean }) => {
      const people = peopleOf(loadConfig(configFile(terminal.env)));
      const lines = people.map(described).join('') || 'Nobody is listed: operators are not told apart.\n';
      terminal.write(options.json ? json(people) : lines);
    })
    .addCommand(passwordCommand(terminal, checkout))
    .addCommand(removeCommand(terminal, checkout));
}

function peopleOf({ operators, login }: ForgeConfig): Person[] {
  const known = login?.people ?? [];
  const names = [...new Set([...operators, ...known].map(({ name }) => name))];
  return names.map((name): Person => {
    const operator = operators.some((one) => one.name === name);
    const found = known.find((one) => one.name === name);
    if (found === undefined) return { name, operator, maintainer: false };
    const password = found.passwordHash === undefined ? 'not set yet' : 'set';
    return { name, operator, maintainer: found.maintainer, password };
  });
}

function described({ name, operator, maintainer, password }: Person): string {
  const what = [
    ...(operator ? ['operator'] : []),
    ...(maintainer ? ['maintainer'] : []),
    ...(password ? [`password ${password}`] : []),
  ];
  return `${name}: ${what.join(', ')}\n`;
}

function removeCommand(terminal: Terminal, checkout: string): Command {
  return new Command('remove')
    .summary('take the rights of somebody who leaves')
    .description(
      "Take somebody out of forge.yaml and of the rights in k8s/. Committed and merged, it ends this person's rights in the cluster,\n" +
        'however long the certificate lasts, and the login by a password. Says what is left to do elsewhere.',
    )
    .argument('<name>', 'as in forge.yaml')
    .option('--administrator', "raise rotation.adminCertificate, too: the person had the administrator's kubeconfig")
    .addHelpText('after', '\nExample:\n  $ npx forge people remove alice && git diff')
    .action(async (name: string, options: { administrator?: boolean }) => {
      const { administrator = false } = options;
      await change(configFile(terminal.env), checkout, (config, text) => without(config, text, name, administrator));
      terminal.write(farewell(name));
    });
}

function without(config: ForgeConfig, text: string, name: string, administrator: boolean) {
  if (!peopleOf(config).some((one) => one.name === name)) throw unknown(name, config);
  const adminCertificate = config.rotation.adminCertificate + (administrator ? 1 : 0);
  if (adminCertificate > MOST_GENERATIONS) {
    throw new CommandFailure(`rotation.adminCertificate cannot be higher than ${MOST_GENERATIONS}.`);
  }
  const stays = (one: { readonly name: string }) => one.name !== name;
  const { login } = config;
  const left: ForgeConfig = {
    ...config,
    operators: config.operators.filter(stays),
    login: login && { ...login, people: login.people?.filter(stays) },
    rotation: { ...config.rotation, adminCertificate },
  };
  const rest = withoutPerson(text, name);
  return { config: left, text: administrator ? withAdminCertificate(rest, adminCertificate) : rest };
}

function unknown(name: string, config: ForgeConfig): CommandFailure {
  const listed =
    peopleOf(config)
      .map((one) => one.name)
      .join(', ') || 'nobody';
  return new CommandFailure(`${name} is not in forge.yaml, which lists ${listed}. Nothing was changed.`);
}

function farewell(name: string): string {
  return `${name} is out of forge.yaml and k8s/. What is left to do:
- commit, merge: the rights in the cluster end when Argo CD has applied it
- GitHub: take ${name} out of the organization or the repository
- DigitalOcean: take ${name} out of the team
- Gitea and Jenkins: close the account there
- rotate the tokens and keys that ${name} made or knew: docs/people.md
`;
}
