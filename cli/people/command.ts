/** `forge people`: who operates the cluster, and how somebody leaves. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { CommandFailure } from '#clients/failure';
import { configFile } from '#config/environment';
import { loadConfig } from '#config/load';
import type { ForgeConfig } from '#config/schema';
import { configure } from '../configure/configure';
import { readManifests, writeManifests } from '../manifests/folder';
import { processTerminal, type Terminal } from '../output/terminal';
import { json } from '../output/text';
import { withAdminCertificate, withoutOperator } from './forge-yaml';

const MOST_GENERATIONS = 999;

/** @param checkout the folder that holds k8s/ */
export function peopleCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('people')
    .description('List the operators of forge.yaml: whoever is listed has rights in the cluster, by name.')
    .option('--json', 'print [{name, ageRecipient}]')
    .addHelpText('after', '\nExample:\n  $ npx forge people')
    .action((options: { json?: boolean }) => {
      const { operators } = loadConfig(configFile(terminal.env));
      const names =
        operators.map(({ name }) => `${name}\n`).join('') || 'Nobody is listed: operators are not told apart.\n';
      terminal.write(options.json ? json(operators) : names);
    })
    .addCommand(removeCommand(terminal, checkout));
}

function removeCommand(terminal: Terminal, checkout: string): Command {
  return new Command('remove')
    .summary('take the rights of somebody who leaves')
    .description(
      "Take somebody out of forge.yaml and of the rights in k8s/. Committed and merged, it ends this person's rights in the cluster,\n" +
        'however long the certificate lasts. Says what is left to do elsewhere.',
    )
    .argument('<name>', 'as in forge.yaml')
    .option('--administrator', "raise rotation.adminCertificate, too: the person had the administrator's kubeconfig")
    .addHelpText('after', '\nExample:\n  $ npx forge people remove alice && git diff')
    .action((name: string, options: { administrator?: boolean }) => {
      remove(configFile(terminal.env), checkout, name, options.administrator ?? false);
      terminal.write(farewell(name));
    });
}

/** Nothing is written before everything is known to be right. */
function remove(file: string, checkout: string, name: string, administrator: boolean): void {
  const config = loadConfig(file);
  const operators = config.operators.filter((operator) => operator.name !== name);
  if (operators.length === config.operators.length) throw unknown(name, config);
  const adminCertificate = config.rotation.adminCertificate + (administrator ? 1 : 0);
  if (adminCertificate > MOST_GENERATIONS) {
    throw new CommandFailure(`rotation.adminCertificate cannot be higher than ${MOST_GENERATIONS}.`);
  }
  const text = withoutOperator(readFileSync(file, 'utf8'), name);
  const folder = join(checkout, 'k8s');
  const before = readManifests(folder);
  const { files } = configure({ ...config, operators, rotation: { ...config.rotation, adminCertificate } }, before);
  writeFileSync(file, administrator ? withAdminCertificate(text, adminCertificate) : text);
  writeManifests(folder, before, files);
}

function unknown(name: string, { operators }: ForgeConfig): CommandFailure {
  const listed = operators.map((operator) => operator.name).join(', ') || 'nobody';
  return new CommandFailure(`${name} is no operator in forge.yaml, which lists ${listed}. Nothing was changed.`);
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
