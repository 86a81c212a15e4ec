export type { TokenCounter } from './token-counter.ts';
export { estimateTokens } from './estimate-tokens.ts';
export { OutputEstimate } from './output-estimate.ts';
export { encodingOf, loadCounter, loadEncoding } from './load-counter.ts';
export type { EncodingName } from './encoding-pattern.ts';
export { countMessage, countRequest, countTools, RequestCounter } from './request-counter.ts';
export { imageTokens } from './image-tokens.ts';
export { CalibratedCounter, calibrated } from './calibrated-counter.ts';
export type { CalibrationState } from './calibrated-counter.ts';
