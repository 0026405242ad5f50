/** What a caller decides about a webhook. */
export interface WebhookSettings {
  readonly url: string;
  readonly contentType: 'json' | 'form';
  /** Signs deliveries; empty for none. */
  readonly secret: string;
  /** Do not check the receiver's certificate. */
  readonly insecureSsl: boolean;
  readonly events: readonly string[];
  readonly active: boolean;
}

/** A webhook of a repository. */
export interface Webhook extends WebhookSettings {
  readonly id: number;
  readonly createdAt: string;
  updatedAt: string;
}
