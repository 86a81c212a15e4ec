/**
 * Runs counted and measured for Prometheus, through `prom-client`.
 *
 * @module
 */
export {
  prometheus,
  type PrometheusObserver,
  type PrometheusOptions,
  type StreamMeter,
} from './prometheus.ts';
