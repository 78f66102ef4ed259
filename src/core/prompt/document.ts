/** The value types a variable can declare. */
export const variableTypes = ['string', 'number', 'integer', 'boolean', 'array', 'object'] as const;
export type VariableType = (typeof variableTypes)[number];

/** A declared variable of a template. `required` is true unless it has a default. */
export interface PromptVariable {
  readonly name: string;
  readonly type?: VariableType;
  readonly required?: boolean;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

export const messageRoles = ['system', 'developer', 'user', 'assistant', 'tool'] as const;
export type MessageRole = (typeof messageRoles)[number];

/** One message of a chat prompt; `content` is a template. */
export interface PromptMessage {
  readonly role: MessageRole;
  readonly content: string;
}

export const templateLanguages = ['mustache', 'fstring', 'none'] as const;
export type TemplateLanguage = (typeof templateLanguages)[number];

/**
 * A validated prompt document: exactly one of `content` and `messages` is there. Unknown keys are kept.
 * It is the parsed data of the file, with nothing filled in: defaults are applied where they are read.
 */
export interface PromptDocument {
  readonly name?: string;
  readonly description?: string;
  readonly type?: string;
  readonly category?: string;
  readonly provider?: string;
  readonly model?: string;
  readonly modelParameters?: Readonly<Record<string, unknown>>;
  readonly content?: string;
  readonly messages?: readonly PromptMessage[];
  readonly template?: TemplateLanguage;
  readonly variables?: readonly PromptVariable[];
  /** Partial's name → semver range. */
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly responseFormat?: unknown;
  readonly jsonSchema?: unknown;
  readonly tools?: unknown;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly tests?: unknown;
  readonly testData?: unknown;
  readonly evaluators?: unknown;
  readonly [unknownKey: string]: unknown;
}

/** Keys and list indexes from the document's root to a value. */
export type DocumentPath = readonly (string | number)[];

/** Something wrong or doubtful in a file: lines and columns count from 1. */
export interface Problem {
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly path: DocumentPath;
  readonly line: number;
  readonly column: number;
}

/** A partial fixed to one version when the including prompt was saved. */
export interface Pin {
  readonly name: string;
  readonly version: string;
  /** `sha256:` + 64 hex digits. */
  readonly contentHash: string;
}
