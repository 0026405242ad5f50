/** A forge.yaml on its way: answers go in one after the other, and comments and all other text stay. */
import { parseDocument, type Document } from 'yaml';
import { CommandFailure } from '#clients/failure';
import { describeFaults, type Fault, type KeyPath } from '#config/fault';
import { checkRules } from '#config/rules';
import type { ForgeConfig } from '#config/schema';
import { checkSchema } from '#config/schema-faults';
import { parseYaml } from '#config/yaml-file';
import { yamlText } from '#config/yaml-text';
import { applyEdits, placeOf, scalarAt, valueOf } from '../configure/manifest';

export type Answer = string | number | boolean;

export class Draft {
  private constructor(
    private readonly file: string,
    readonly text: string,
  ) {}

  /** @throws CommandFailure with exit code 2 for a text that is not YAML */
  static of(file: string, text: string): Draft {
    const [error] = parseYaml(text).errors;
    if (error === undefined) return new Draft(file, text);
    throw new CommandFailure(`${file}:${error.line} is not valid YAML: ${error.message}`, { exitCode: 2 });
  }

  /** @returns undefined where nothing stands */
  valueAt(path: KeyPath): unknown {
    const document = this.parse();
    return valueOf(scalarAt(document, path), document);
  }

  with(path: KeyPath, answer: Answer): Draft {
    if (this.valueAt(path) === answer) return this;
    const document = this.parse();
    const scalar = scalarAt(document, path);
    if (scalar !== undefined) {
      const text = yamlText(answer, { lineWidth: 0 }).trimEnd();
      return new Draft(this.file, applyEdits(this.text, [{ ...placeOf(scalar), text }]));
    }
    document.setIn([...path], answer);
    return new Draft(this.file, document.toString({ lineWidth: 0 }));
  }

  /** What is wrong with one answer by itself, or together with the others. */
  faultsAt(path: KeyPath): readonly Fault[] {
    return this.faults().filter((fault) => path.every((part, index) => fault.path[index] === part));
  }

  /** @throws CommandFailure with exit code 2 naming every fault that is left */
  requireConfig(): ForgeConfig {
    const { config } = checkSchema(parseYaml(this.text).data);
    const faults = this.faults();
    if (config !== undefined && faults.length === 0) return config;
    throw new CommandFailure(describeFaults(this.file, faults, parseYaml(this.text).positionOf), { exitCode: 2 });
  }

  private faults(): readonly Fault[] {
    const { sound, faults } = checkSchema(parseYaml(this.text).data);
    return [...faults, ...checkRules(sound)];
  }

  private parse(): Document.Parsed {
    return parseDocument(this.text);
  }
}
