/**
 * Bringing a conversation inside a budget of tokens: as a step of a chain, or as a function.
 *
 * @module
 */
export { memoryArchive, type ArchiveHit, type MemoryArchiveOptions, type TrimArchive } from './archive.ts';
export { explainTrim } from './explain-trim.ts';
export { trim, type TrimStepOptions } from './trim.ts';
export { trimMessages, type TrimMessagesOptions } from './trim-messages.ts';
export type { CustomStrategy, TrimChoices, TrimOptions, TrimStrategy } from './trim-options.ts';
export type { Embedder } from './embedder.ts';
export type { ArchiveSource } from './trimmer.ts';
export type { SummaryOptions } from './summary/summary-options.ts';
export type { TrimIssue, TrimReport, TrimResult } from './trim-report.ts';
export type { FactCount, FactRetention } from './retention/fact-retention.ts';
export { factsOf, type FactKind } from './retention/facts-of.ts';
export type { AnyCounter } from './costs-of.ts';
export type { Costs } from './cost-ledger.ts';
