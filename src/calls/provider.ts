/** A rendered prompt on its way to a model. */
export interface ProviderRequest {
  /** The whole prompt as one text. */
  readonly text: string;
  readonly messages: readonly { readonly role: string; readonly content: string }[];
  /** Null leaves it to the provider. */
  readonly model: string | null;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly responseFormat: unknown;
  readonly tools: unknown;
}

/** What came back. Token counts are null where the provider does not tell them. */
export interface ProviderAnswer {
  readonly text: string;
  /** The model that answered; null where that is not known. */
  readonly model: string | null;
  readonly inputTokens: number | null;
  readonly outputTokens: number | null;
  readonly latencyMs: number;
}

/**
 * Sends a prompt and waits for its answer until the signal fires.
 * @throws PROVIDER_FAILED, CALL_FAILED, CIRCUIT_OPEN, RECORDING_MISSING; the signal's reason
 */
export type Provider = (request: ProviderRequest, signal: AbortSignal) => Promise<ProviderAnswer>;
