interface TestFile {
  readonly name: string;
  readonly path: string;
  readonly context: { readonly config: { readonly rootDir: string } };
}

declare class Shards {
  shard(tests: readonly TestFile[], options: { shardIndex: number; shardCount: number }): TestFile[];
  sort(tests: readonly TestFile[]): TestFile[];
}

export = Shards;
