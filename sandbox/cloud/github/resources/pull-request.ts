/** What a pull request has beyond an issue: the branch that it comes from and the one that it is for. */
export interface PullRequest {
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    /** Full name; another than the base's is a fork, null one that was deleted. */
    readonly repository: string | null;
  };
  readonly base: { readonly ref: string; readonly sha: string };
}
