/**
 * For tests that may use Node: whether a provider keeps the contract, and cassettes in files.
 *
 * @module
 */
export { loadCassette, saveCassette } from './cassette-file.ts';
export type { ConformanceCheck, ConformanceTopic } from './check.ts';
export { conformance, type ConformanceOptions } from './conformance.ts';
export type { ConformancePlace } from './scene.ts';
