/** `forge cost`: what the environment costs, before it is there. */
import { Command } from 'commander';
import { configFile } from '#config/environment';
import { DATA_DATE } from '#config/digitalocean';
import { loadConfig } from '#config/load';
import { dollars, json, lines } from '../output/text';
import { textTable } from '../output/text-table';
import { processTerminal, type Terminal } from '../output/terminal';
import { claimedVolumes } from './claimed-volumes';
import { estimate, type Estimate } from './estimate';

/**
 * @param terminal the default is the process's own
 * @param checkout the folder that holds k8s/
 */
export function costCommand(terminal: Terminal = processTerminal(), checkout: string = process.cwd()): Command {
  return new Command('cost')
    .description(
      'Show what forge.yaml and the volumes of k8s/ cost, in US dollars without taxes. Needs no account: the prices are in\n' +
        'config/digitalocean-catalogue.json, with their date.',
    )
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExample:\n  $ npx forge cost')
    .action((options: { json?: boolean }) => {
      const found = estimate(loadConfig(configFile(terminal.env)), claimedVolumes(checkout));
      terminal.write(options.json ? json({ ...found, pricesOf: DATA_DATE }) : describeEstimate(found));
    });
}

/** Item by item, with the sum and what it leaves out. */
export function describeEstimate({ items, monthly, hourly, notPriced }: Estimate): string {
  const rows = [
    ...items.map(({ item, count, monthly: cost }) => [`${count} x`, item, dollars(cost)] as const),
    ['', 'a month', dollars(monthly)] as const,
  ];
  const width = Math.max(...rows.map(([, , cost]) => cost.length));
  return lines([
    ...textTable(rows.map(([count, item, cost]) => [count, item, cost.padStart(width)])),
    `That is $${hourly.toFixed(3)} an hour, billed by the second or hour. Prices of ${DATA_DATE}, without:`,
    ...notPriced.map((item) => `  ${item}`),
  ]);
}
