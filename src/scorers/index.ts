/**
 * Judging texts without a model: length, form, JSON, terms, repetition, ROUGE, and likeness in meaning over an embedder. Each is a `Scorer`: a
 * critic of a reflection, a gate, or a check in your own tests.
 *
 * @module
 */
export { embeddingScorer, type EmbeddingScorerOptions, type ScorerEmbedder } from './embedding-scorer.ts';
export { formatScorer, type FormatRules } from './format-scorer.ts';
export { gate, type GateOptions } from './gate.ts';
export { jsonScorer, type JsonScorerOptions } from './json-scorer.ts';
export { lengthScorer, type LengthScorerOptions } from './length-scorer.ts';
export { repetitionScorer, type RepetitionScorerOptions } from './repetition-scorer.ts';
export { rougeScorer, type RougeScorerOptions } from './rouge-scorer.ts';
export { rouge, type RougeFigures, type RougeOptions, type RougeType } from './rouge/rouge.ts';
export { termsScorer, type TermsScorerOptions } from './terms-scorer.ts';
