/** Host names of the tools and of the front page, under the domain. */
export const HOSTS = ['forge', 'gitea', 'jenkins', 'argocd'] as const;
