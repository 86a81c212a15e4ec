import type { Message } from './message.ts';

/** A JSON Schema (draft 2020-12), as plain data. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A tool the model may ask for. The app runs it; katamari passes call and result through unharmed. */
export interface Tool {
  readonly name: string;
  readonly description?: string;
  /** The arguments, as a JSON Schema of an object. */
  readonly parameters: JsonSchema;
}

/** Which tool the model may, must or must not use. */
export type ToolChoice = 'auto' | 'none' | 'required' | { readonly name: string };

/** How much a thinking model should think. */
export interface ReasoningSettings {
  readonly effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high';
  /**
   * Asks for thinking along several lines at once. No vendor documents a field of its own for it, so it is sent to none, and an `issue` says
   * so: where models do it (`parallel` in their registry entry) they are chosen by `model`, and how much of it by `effort`.
   */
  readonly parallel?: boolean;
}

/** The form the answer must have. */
export interface ResponseFormat {
  readonly type: 'json';
  /** Without a schema any JSON object will do. */
  readonly schema?: JsonSchema;
  /** A name for the schema, where the provider wants one. @defaultValue `'answer'` */
  readonly name?: string;
}

/** What one model call is asked. A field that is left out is not sent: the provider's own default holds. */
export interface ChatRequest {
  readonly messages: readonly Message[];
  /** The model's id. @defaultValue the provider's */
  readonly model?: string;
  /** Sampling temperature, 0 to 2. */
  readonly temperature?: number;
  /** Nucleus sampling, 0 to 1. */
  readonly topP?: number;
  /** Upper bound of the answer, in tokens. */
  readonly maxOutputTokens?: number;
  /** Texts that end the answer. */
  readonly stop?: readonly string[];
  readonly seed?: number;
  readonly tools?: readonly Tool[];
  readonly toolChoice?: ToolChoice;
  readonly reasoning?: ReasoningSettings;
  readonly responseFormat?: ResponseFormat;
  /** Extras by provider name; an adapter sends those it knows by name and no others. */
  readonly providerOptions?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}
